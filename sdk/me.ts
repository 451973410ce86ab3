/** Who is signed in here, as the gateway has established it. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: 'customer' | 'agent';
  /** False for an anonymous visitor. */
  readonly identified: boolean;
  readonly workspace: string;
}
