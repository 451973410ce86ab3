/** Which shard an actor lives on, and which nodes should own a shard: the same on every node, in every version. */

/** A fixed hash of the actor's id (FNV-1a). */
export function shardOf(actor: string, shards: number): number {
  return fnv(actor) % shards;
}

/**
 * The nodes by how much a shard wants them, most first (rendezvous hashing): a node that comes takes only its share, and
 * one that goes leaves only what it had.
 */
export function ranked(shard: number, nodes: readonly string[]): string[] {
  return nodes.map((node) => ({ node, weight: mixed(fnv(`${node}#${shard}`)) }))
    .sort((a, b) => b.weight - a.weight || (a.node < b.node ? -1 : 1))
    .map(({ node }) => node);
}

function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** FNV alone leaves names that differ in one letter close together; this spreads them (MurmurHash3's last step). */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
