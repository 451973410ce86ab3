/** Full-text search over everything that this agent may see. */
export interface Found {
  readonly conversation: string;
  readonly seq: number;
  readonly at: number;
  readonly author: { readonly role: string; readonly id: string; readonly name: string };
  readonly kind: 'message' | 'note';
  /** A part of the text around the words, in pieces; every second piece is a match. */
  readonly pieces: readonly string[];
  readonly contact: { readonly id: string; readonly name: string };
}
/** Newest first. `next` goes on from here; null at the end. */
export interface FoundPage {
  readonly found: readonly Found[];
  readonly next: string | null;
}
