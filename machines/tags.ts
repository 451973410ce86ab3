/** The tags of a ticket: lower case, single spaces, each once. */
const TAGS_MAX = 20;
const TAG_CHARS = 40;
export const TAGS_ARE = `a list of at most ${TAGS_MAX} texts of 1 to ${TAG_CHARS} characters`;

/** As tags are kept. Undefined when it is no list of tags. */
export function tagsOf(list: unknown): string[] | undefined {
  if (!Array.isArray(list) || !list.every((tag) => typeof tag === 'string')) return undefined;
  const tags = [...new Set(list.map((tag) => tag.trim().replace(/\s+/g, ' ').toLowerCase()))];
  return tags.length <= TAGS_MAX && tags.every((tag) => tag.length > 0 && tag.length <= TAG_CHARS) ? tags : undefined;
}

export function sameTags(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((tag) => others.includes(tag));
}
