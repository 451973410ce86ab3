/** Sizes of the SDK's entries, in bytes of gzip. */
export function bundle(name: string): Promise<string>;
export function sizes(): Promise<Record<string, number>>;
