/** One transaction of a run: guarded by the lock of transactions, tried again while locks are held. */
import { OrmError } from "../../src/errors/base.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import type { Rows, Statement } from "../../src/driver/port.ts";
import type { Transaction } from "../../src/execute/handle.ts";
import type { Database } from "../../src/execute/registry.ts";
import { transactionOn } from "../../src/execute/transaction.ts";
import { now, pause, random } from "../../src/util/host.ts";
import type { OnMigrationEvent } from "./events.ts";
import type { Asked } from "./ledger.ts";
import { heldError, isFree, PATIENT, type RunLock, workKey } from "./lock.ts";
import { type LedgerPlace, settings } from "./queries.ts";

/** What the runs of migrations share. */
export interface Site {
  /** The database that is migrated. */
  readonly database: Database;
  /** Where the ledger lies. */
  readonly place: LedgerPlace;
  /** The lock of the run. */
  readonly lock: RunLock;
  /** Longest wait of a statement for a lock, in ms; 0 for no limit. */
  readonly lockTimeoutMs: number;
  /** How often a transaction is tried again that did not get a lock in time. */
  readonly lockRetries: number;
  /** Longest wait for a transaction that an earlier run left on the server, in ms. */
  readonly waitMs: number;
  /** Ends the run. */
  readonly signal: AbortSignal | undefined;
  /** Hears of what is done. */
  readonly onEvent: OnMigrationEvent;
}

/** The first pause after a lock that was not had, in ms, and the longest. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;

/** How often a transaction is tried again that the server or the link ended. */
const OTHER_RETRIES = 3;

/** A transaction is at work that an earlier run left behind. */
class WorkUnderWay extends Error {}

/** Runs some work in a transaction that no other run's can meet; the migration's name is for messages. */
export async function guarded<Result>(
  site: Site,
  migration: string,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const started = now();
  for (let attempt = 1;; attempt++) {
    site.lock.check();
    try {
      return await attemptOnce(site, migration, work);
    } catch (error) {
      const wasBusy = error instanceof WorkUnderWay;
      const again = wasBusy
        ? now() - started < site.waitMs
        : sqlstatesOf(error).includes("55P03") && attempt <= site.lockRetries;
      if (!again) throw wasBusy ? heldError(null, now() - started) : error;
      const delayMs = lockPause(attempt);
      site.onEvent(
        wasBusy
          ? { kind: "waiting", holder: null, waitedMs: now() - started }
          : { kind: "retry", migration, attempt, delayMs },
      );
      await pause(wasBusy ? Math.min(delayMs, 1_000) : delayMs, site.signal);
    }
  }
}

async function attemptOnce<Result>(
  site: Site,
  migration: string,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return await transactionOn(site.database, async (tx) => {
    const on = askedOf(tx);
    const [, free] = await Promise.all([
      on.query(settings(limitsOf(site, migration), "transaction")),
      isFree(on, workKey(site.place)),
    ]);
    if (!free) throw new WorkUnderWay();
    return await work(tx);
  }, { isolation: "read committed", retries: OTHER_RETRIES, signal: site.signal });
}

/** The settings of the server that hold while a migration is at work. */
export function limitsOf(site: Site, migration: string): Record<string, string> {
  return {
    ...PATIENT,
    lock_timeout: String(site.lockTimeoutMs),
    application_name: applicationOf(migration),
  };
}

/** What the sessions that work on a migration call themselves. */
export function applicationOf(migration: string): string {
  // PostgreSQL cuts longer names
  return `matrx migrate ${migration}`.slice(0, 63);
}

/** How long to wait before a lock is asked for again, in ms. */
export function lockPause(attempt: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}

/** A transaction as what takes statements. */
export function askedOf(tx: Transaction): Asked {
  return { query: (statement: Statement): Promise<Rows> => tx.run(statement) };
}

/** The SQLSTATEs of an error and of what caused it. */
export function sqlstatesOf(error: unknown): string[] {
  const found: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof DatabaseError) found.push(at.sqlstate);
    if (!(at instanceof OrmError)) break;
  }
  return found;
}
