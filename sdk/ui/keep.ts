/** Small things that outlive a page: a draft, a choice. Where the browser keeps nothing, they last as long as it. */
const page = new Map<string, string>();

export function keep(key: string, value: string | null): void {
  if (value === null) page.delete(key);
  else page.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the page's own memory has it.
  }
}

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? page.get(key) ?? null;
  } catch {
    return page.get(key) ?? null;
  }
}
