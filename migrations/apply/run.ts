/** Runs one migration in one direction. */
import { MigrationError, OrmError } from "../../src/errors/base.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import { now } from "../../src/util/host.ts";
import { VERSION } from "../../src/util/version.ts";
import { messageOf } from "../../src/util/reason.ts";
import type { Migration, MigrationFunction } from "../file/db.ts";
import { handleOf, inTransaction } from "./handle.ts";
import { readRow } from "./ledger.ts";
import { deleteRow, writeApplied } from "./queries.ts";
import { runSteps } from "./steps.ts";
import { watched } from "./watch.ts";
import { askedOf, guarded, type Site } from "./work.ts";

/** A direction, and the place of a migration among those of the run. */
export interface Turn {
  /** Which function runs. */
  readonly direction: "up" | "down";
  /** The migration's place in the run, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly total: number;
}

/**
 * Runs a migration and writes it down; gives how long it took in ms, or null where another run was
 * faster.
 *
 * @throws {MigrationError} it failed; its cause says why
 */
export async function runMigration(
  site: Site,
  migration: Migration,
  turn: Turn,
): Promise<number | null> {
  const { name } = migration;
  const { direction } = turn;
  const work = migration[direction];
  if (work === null) throw irreversible(name);
  site.lock.check();
  site.signal?.throwIfAborted();
  site.onEvent({ kind: "start", migration: name, ...turn });
  const started = now();
  const durationOf = (): number => now() - started;
  const run = migration.transaction ? runWhole : runSteps;
  let end: "done" | "already";
  try {
    end = await watched(
      site.lock.beside,
      name,
      site.onEvent,
      () => run(site, migration, direction, work, durationOf),
    );
  } catch (error) {
    throw failed(migration, direction, error);
  }
  if (end === "already") return null;
  const durationMs = durationOf();
  site.onEvent({ kind: "done", migration: name, direction, durationMs });
  return durationMs;
}

/** Runs a migration in one transaction, together with its line in the ledger. */
async function runWhole(
  site: Site,
  { name, checksum }: Migration,
  direction: "up" | "down",
  work: MigrationFunction,
  durationOf: () => number,
): Promise<"done" | "already"> {
  return await guarded(site, name, async (tx) => {
    const row = await readRow(askedOf(tx), site.place, name);
    if (direction === "up" ? row?.state === "applied" : row === null) return "already";
    await work(handleOf(inTransaction((statement) => tx.run(statement))));
    const written = { name, checksum, version: VERSION, durationMs: durationOf() };
    await tx.run(
      direction === "up" ? writeApplied(site.place, written) : deleteRow(site.place, name),
    );
    return "done";
  });
}

/** Tells what failed and what is left; errors of the runner itself stay as they are. */
function failed(
  { name, transaction }: Migration,
  direction: "up" | "down",
  cause: unknown,
): unknown {
  if (cause instanceof MigrationError) return cause;
  const isKnown = cause instanceof OrmError;
  const message = messageOf(cause);
  const place = cause instanceof DatabaseError && cause.excerpt() !== ""
    ? `\n${cause.excerpt()}`
    : "";
  const command = direction === "up" ? "matrx migrate" : "matrx rollback";
  const lockTimeout = cause instanceof DatabaseError && cause.sqlstate === "55P03";
  const left = transaction
    ? "Nothing of it was kept: correct it and run it again"
    : `The steps before are kept: correct this one and run ${command}, which goes on with it`;
  return new MigrationError(
    `${direction === "up" ? "Migration" : "The rollback of"} ${name} failed: ${message}${place}`,
    {
      code: "migration_failed",
      hint: lockTimeout
        ? `Another session kept its lock for too long: end it, or raise --lock-timeout. ${left}`
        : isKnown && cause.hint !== undefined
        ? `${left}. ${cause.hint}`
        : left,
      context: {
        migration: name,
        direction,
        ...(cause instanceof DatabaseError ? { sqlstate: cause.sqlstate } : {}),
      },
      cause,
    },
  );
}

function irreversible(name: string): MigrationError {
  return new MigrationError(`Cannot roll ${name} back: it has no down`, {
    code: "irreversible_migration",
    hint: "Write its down, or go on with a further migration",
    context: { migration: name },
  });
}
