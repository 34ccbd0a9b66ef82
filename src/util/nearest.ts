/**
 * Finds the candidate that a mistyped name most likely meant; undefined when none is near.
 *
 * Near means at most a third of the name's length in insertions, deletions, replacements and swaps of
 * neighbours, letter case aside. The first of equally near candidates wins.
 */
export function nearest(name: unknown, candidates: Iterable<string>): string | undefined {
  if (typeof name !== "string") return undefined;
  let best: string | undefined;
  let limit = Math.max(1, Math.floor(name.length / 3));
  for (const candidate of candidates) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (d > limit || (best !== undefined && d === limit)) continue;
    best = candidate;
    limit = d;
  }
  return best;
}

/** The hint for a mistyped name: what was meant, if anything is near, before the list of what there is. */
export function meant(name: unknown, candidates: Iterable<string>, list: string): string {
  const near = nearest(name, candidates);
  return near === undefined ? list : `Did you mean "${near}"? ${list}`;
}

// Damerau-Levenshtein distance (optimal string alignment); any number above `limit` when it is larger.
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, before[j - 2]! + 1);
      }
      next.push(d);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
