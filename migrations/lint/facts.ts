import { LOCK_MODES, type LockMode } from "../ddl/statement.ts";

/** A lock that a statement takes on a relation that was there before. */
export interface StatementLock {
  /** How strong it is. */
  readonly mode: LockMode;
  /** The table, view or index, as the statement names it. */
  readonly relation: string;
}

/** What a statement does to a database that is in use, as far as its text tells. */
export interface StatementFacts {
  /** Its locks, the strongest first; none on what the same migration makes. */
  readonly locks: readonly StatementLock[];
  /** Whether it writes every row of a table anew, or may. */
  readonly rewrites: boolean;
  /** Whether it reads every row of a table. */
  readonly scans: boolean;
  /** What it destroys, in words; null = nothing. */
  readonly loses: string | null;
  /** Whether it may run in a transaction. */
  readonly transactional: boolean;
}

/** The facts of a statement that does nothing of the kind. */
export const NO_FACTS: StatementFacts = {
  locks: [],
  rewrites: false,
  scans: false,
  loses: null,
  transactional: true,
};

/** Makes facts of those that are not as usual. */
export function facts(more: Partial<StatementFacts>): StatementFacts {
  return { ...NO_FACTS, ...more };
}

/** How strong a lock is, from 0. */
export function strengthOf(mode: LockMode): number {
  return LOCK_MODES.indexOf(mode);
}

/** Puts the facts of parts of one statement together: the strongest lock of each relation. */
export function together(parts: readonly StatementFacts[]): StatementFacts {
  const strongest = new Map<string, StatementLock>();
  for (const lock of parts.flatMap(({ locks }) => locks)) {
    const other = strongest.get(lock.relation);
    if (other === undefined || strengthOf(other.mode) < strengthOf(lock.mode)) {
      strongest.set(lock.relation, lock);
    }
  }
  const lost = parts.flatMap(({ loses }) => loses === null ? [] : [loses]);
  return {
    locks: [...strongest.values()].sort((a, b) => strengthOf(b.mode) - strengthOf(a.mode)),
    rewrites: parts.some(({ rewrites }) => rewrites),
    scans: parts.some(({ scans }) => scans),
    loses: lost.length === 0 ? null : lost.join(", "),
    transactional: parts.every(({ transactional }) => transactional),
  };
}

/** Whether a lock holds up those who write, or all others. */
export function holdsUp(mode: LockMode): boolean {
  return strengthOf(mode) >= strengthOf("SHARE");
}
