import { MigrationError, ValidationError } from "../../src/errors/base.ts";
import { currentFrame } from "../../src/execute/frame.ts";
import { type Database, Databases } from "../../src/execute/registry.ts";
import { misspelt } from "../../src/util/misspelt.ts";
import type { OnMigrationEvent } from "./events.ts";
import { ledgerIn } from "./ledger.ts";
import type { LockOptions, RunLock } from "./lock.ts";
import type { LedgerPlace } from "./queries.ts";
import type { Site } from "./work.ts";

/** Which migrations, of which database. */
export interface HistoryOptions {
  /** The registered database; default: the first one. */
  readonly database?: string | undefined;
  /** The folder of the migrations; default `migrations`. */
  readonly folder?: string | undefined;
  /** The schema of the ledger `_matrx_migrations`; default `public`. */
  readonly ledgerSchema?: string | undefined;
}

/** How a run works. */
export interface RunOptions extends HistoryOptions {
  /** Longest wait of a statement for a lock, in ms; default 5,000, 0 for no limit. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often a statement is tried again that did not get its lock; default 10. */
  readonly lockRetries?: number | undefined;
  /** Longest wait for another run of migrations, in ms; default 300,000. */
  readonly lockWaitMs?: number | undefined;
  /** Ends the run; the statement under way is cancelled. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of what is done. */
  readonly onEvent?: OnMigrationEvent | undefined;
}

/** The names of the options that every run takes. */
export const RUN_OPTION_NAMES: readonly string[] = Object.keys(
  {
    ...{ database: true, folder: true, ledgerSchema: true, lockTimeoutMs: true, lockRetries: true },
    ...{ lockWaitMs: true, signal: true, onEvent: true },
  } satisfies Record<keyof RunOptions, true>,
);

/** Where a run works. */
export interface Place {
  /** The database. */
  readonly database: Database;
  /** The folder. */
  readonly folder: string;
  /** The ledger. */
  readonly ledger: LedgerPlace;
}

/**
 * Fills in where a run works.
 *
 * @throws {ConfigurationError} no such database is registered
 */
export function placeOf(options: HistoryOptions): Place {
  return {
    database: Databases.default.get(options.database ?? null),
    folder: options.folder ?? "migrations",
    ledger: ledgerIn(options.ledgerSchema ?? "public"),
  };
}

/**
 * Refuses options that a call does not have, figures that are none, and a call inside a transaction.
 *
 * @throws {ValidationError} an option is unknown or wrong
 * @throws {MigrationError} the call is made in a transaction on the database
 */
export function checkRun(
  options: RunOptions,
  own: readonly string[],
  { database }: Place,
): void {
  const wrong = misspelt(options, [...RUN_OPTION_NAMES, ...own]);
  if (wrong !== undefined) {
    throw new ValidationError(`The call has no option "${wrong.name}"`, {
      code: "unknown_option",
      hint: wrong.hint,
    });
  }
  for (const name of ["lockTimeoutMs", "lockRetries", "lockWaitMs"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 0)) continue;
    throw new ValidationError(`${name} must be a whole number from 0`, {
      code: "invalid_option",
      hint: "Give milliseconds, or how often something is tried again",
    });
  }
  if (currentFrame(database) === undefined) return;
  throw new MigrationError("Cannot run migrations inside a transaction", {
    code: "migrating_in_transaction",
    hint: "Each migration has a transaction of its own: call it outside",
    context: { database: database.name },
  });
}

/** What the transactions of a run share. */
export function siteOf(options: RunOptions, place: Place, lock: RunLock): Site {
  return {
    database: place.database,
    place: place.ledger,
    lock,
    lockTimeoutMs: options.lockTimeoutMs ?? 5_000,
    lockRetries: options.lockRetries ?? 10,
    ...lockOptionsOf(options),
  };
}

/** How a run waits for another one. */
export function lockOptionsOf(options: RunOptions): Required<LockOptions> {
  const { lockWaitMs = 300_000, signal, onEvent = () => {} } = options;
  return { waitMs: lockWaitMs, signal, onEvent };
}
