/** What a history of reads and writes says of the caches that answered the reads. */

/** The tenants of the rows. */
export const TENANTS: readonly string[] = ["ann", "bob"];

/** How many rows there are, numbered from 1. */
export const ROWS = 30;

/** A lookup: the row, who read (null: who sees all), its tenant and version as read, start and end. */
export type Read = readonly [
  id: number,
  reader: string | null,
  tenant: string | null,
  ver: string | null,
  began: number,
  ended: number,
];

/** A write: its version, its kind, start, and when its call returned; null when it was refused. */
export type WriteDone = readonly [ver: string, kind: string, began: number, ended: number | null];

/** What a program did. */
export interface History {
  readonly reads: Read[];
  readonly writes: WriteDone[];
  /** Writes that the server sent back. */
  refused: number;
  /** Lookups that a cache answered. */
  hits: number;
}

/** What the database says: the versions of each row in the order in which they were committed. */
export type Audit = ReadonlyMap<number, readonly string[]>;

/** What was found. */
export interface Verdict {
  /** Reads of what was never committed, or not yet begun. */
  readonly dirty: string[];
  /** Reads that did not see what the same program had written before. */
  readonly missed: string[];
  /** Reads that gave the row of another tenant. */
  readonly foreign: string[];
  /** By how many ms each read was too old: since when its row had a later version for sure. */
  readonly staleness: number[];
}

/** Holds the histories of programs against what was committed. */
export function judge(histories: readonly History[], audit: Audit): Verdict {
  const writes = new Map(histories.flatMap((one) => one.writes.map((write) => [write[0], write])));
  const places = new Map(
    Array.from(audit, ([id, versions]) => [id, new Map(versions.map((ver, at) => [ver, at]))]),
  );
  const verdict = {
    dirty: [] as string[],
    missed: [] as string[],
    foreign: [] as string[],
    staleness: [] as number[],
  };
  histories.forEach((history) => {
    const own = new Set(history.writes.map(([ver]) => ver));
    for (const read of history.reads) {
      const [id, reader, tenant, ver, began, ended] = read;
      if (ver === null) continue;
      if (reader !== null && tenant !== reader) verdict.foreign.push(read.join(" "));
      const at = places.get(id)!.get(ver);
      const from = writes.get(ver)?.[2] ?? 0;
      if (at === undefined || from > ended) {
        verdict.dirty.push(read.join(" "));
        continue;
      }
      let staleness = 0;
      for (const later of audit.get(id)!.slice(at + 1)) {
        const done = writes.get(later)?.[3] ?? Infinity;
        staleness = Math.max(staleness, began - done);
        if (done < began && own.has(later)) {
          const kind = writes.get(later)![1];
          if (kind !== "outside") verdict.missed.push(`${read.join(" ")} after ${later} (${kind})`);
        }
      }
      verdict.staleness.push(staleness);
    }
  });
  return verdict;
}

/** The value below which a share of them lies; they are sorted. */
export function share(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
