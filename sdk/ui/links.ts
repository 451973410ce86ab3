/**
 * Finds what may be clicked in a text that a stranger wrote. Only http, https and mailto ever become links: whatever
 * else looks like one stays text.
 */
export type Part = { text: string; href: null } | { text: string; href: string };

/** Longer addresses stay text: no honest one needs it. */
const MAX_LINK = 2048;
/** Bidirectional controls and invisible characters end a link, for they exist there only to deceive the eye. */
const STOP = String.raw`\s<>"'\u0060{}|\\^\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff`;
const CANDIDATE = new RegExp(
  String.raw`\b(?:https?://|mailto:)[^${STOP}]+|[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}`, 'giu');

export function parts(text: string): Part[] {
  const found: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = trimmed(match[0]);
    const href = address(shown);
    if (!href || match.index < from) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: shown, href });
    from = match.index + shown.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

/** Without the punctuation of the sentence around it; a closing bracket stays when the link opened it. */
function trimmed(candidate: string): string {
  let unopened = 0;
  for (const sign of candidate) unopened += sign === ')' ? 1 : sign === '(' ? -1 : 0;
  let end = candidate.length;
  for (; end > 0; end--) {
    const last = candidate[end - 1] ?? '';
    if (last === ')' && unopened > 0) unopened -= 1;
    else if (!'.,;:!?*_~]'.includes(last)) break;
  }
  return candidate.slice(0, end);
}

function address(shown: string): string | null {
  if (shown.length > MAX_LINK) return null;
  const withScheme = /^(?:https?:|mailto:)/iu.test(shown) ? shown : `mailto:${shown}`;
  if (!URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url.href : null;
  // https://bank.example@evil.example shows one name and opens another.
  if (url.username || url.password) return null;
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
