/** Names that somebody got wrong: which known one was meant, and what to say about it. */
const LISTED_MAX = 20;

/** @param what `team` and the like, '' for a setting */
export function noSuch(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name.slice(0, 60), known);
  const instead = meant !== undefined ? `did you mean "${meant}"?`
    : known.length === 0 ? 'there is none' : `there are ${known.slice(0, LISTED_MAX).join(', ')}${known.length > LISTED_MAX ? ' and others' : ''}`;
  return `there is no ${what === '' ? '' : `${what} `}"${name.slice(0, 60)}"; ${instead}`;
}

/** The known name that a mistyped one was most likely meant to be. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, name.length / 3) ? best.other : undefined;
}

/** Letters to add, take away or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
