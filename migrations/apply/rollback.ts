import { MigrationError, ValidationError } from "../../src/errors/base.ts";
import { now } from "../../src/util/host.ts";
import type { Migration } from "../file/db.ts";
import { loadMigrations } from "../file/load.ts";
import { type LedgerRow, readLedger, surveyLedger } from "./ledger.ts";
import { withRunLock } from "./lock.ts";
import type { RanMigration } from "./migrate.ts";
import { checkRun, lockOptionsOf, placeOf, type RunOptions, siteOf } from "./options.ts";
import { checkHistory, findMigration } from "./plan_run.ts";
import { deleteRow } from "./queries.ts";
import { runMigration } from "./run.ts";
import { guarded } from "./work.ts";

/** How `rollback()` works: at most one of `steps` and `to`. */
export interface RollbackOptions extends RunOptions {
  /** How many migrations are taken back, the last one applied first; default 1. */
  readonly steps?: number | undefined;
  /** The migration that stays the last one, by its name or number; `zero` takes all back. */
  readonly to?: string | undefined;
  /** Forgets the migrations without running their `down`; default false. */
  readonly fake?: boolean | undefined;
}

const OWN_OPTIONS: readonly string[] = Object.keys(
  { steps: true, to: true, fake: true } satisfies Record<
    Exclude<keyof RollbackOptions, keyof RunOptions>,
    true
  >,
);

/** What `rollback()` did. */
export interface RollbackResult {
  /** The migrations that were taken back, in that order. */
  readonly rolledBack: readonly RanMigration[];
  /** How long it took, in ms. */
  readonly durationMs: number;
}

/**
 * Takes back the migrations that were applied last, in reverse order.
 *
 * @throws {MigrationError} one of them has no file or no `down`, the history does not fit, another run
 * held the lock for too long, or a migration failed
 *
 * @example
 * ```ts
 * import { migrate, rollback } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main" });
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 * await Deno.writeTextFile(`${folder}/0001_tags.down.sql`, "drop table tags;");
 *
 * await migrate({ folder });
 * const { rolledBack } = await rollback({ folder, steps: 1 });
 * console.log(rolledBack.map(({ name }) => name)); // ["0001_tags"]
 * ```
 */
export async function rollback(options: RollbackOptions = {}): Promise<RollbackResult> {
  const started = now();
  const place = placeOf(options);
  checkRun(options, OWN_OPTIONS, place);
  checkHowFar(options);
  const migrations = await loadMigrations(place.folder);
  const driver = await place.database.driver();
  const look = async (): Promise<Migration[]> => {
    const survey = await surveyLedger(driver, place.ledger, true);
    return planRollback(migrations, await readLedger(driver, place.ledger, survey), options);
  };
  if ((await look()).length === 0) return { rolledBack: [], durationMs: now() - started };
  return await withRunLock(place.database, place.ledger, lockOptionsOf(options), async (lock) => {
    const site = siteOf(options, place, lock);
    const rolledBack: RanMigration[] = [];
    const planned = await look();
    for (const [index, migration] of planned.entries()) {
      const { name } = migration;
      if (options.fake === true) {
        await guarded(site, name, (tx) => tx.run(deleteRow(site.place, name)));
        rolledBack.push({ name, durationMs: 0 });
        continue;
      }
      const turn = { direction: "down", index, total: planned.length } as const;
      const durationMs = await runMigration(site, migration, turn);
      if (durationMs !== null) rolledBack.push({ name, durationMs });
    }
    return { rolledBack, durationMs: now() - started };
  });
}

function checkHowFar({ steps, to }: RollbackOptions): void {
  if (steps !== undefined && to !== undefined) {
    throw new ValidationError("Cannot roll back by steps and to a migration at once", {
      code: "conflicting_options",
      hint: "Give one of the two",
    });
  }
  if (steps === undefined || (Number.isInteger(steps) && steps > 0)) return;
  throw new ValidationError("steps must be a whole number from 1", {
    code: "invalid_option",
    hint: "It is how many migrations are taken back",
  });
}

/**
 * Chooses what a rollback takes back, the last one first.
 *
 * @throws {MigrationError} a file is missing or changed, a migration cannot be taken back or is half
 * applied, or `to` was not applied
 */
export function planRollback(
  migrations: readonly Migration[],
  rows: readonly LedgerRow[],
  { steps, to, fake }: Pick<RollbackOptions, "steps" | "to" | "fake">,
): Migration[] {
  checkHistory(migrations, rows);
  const running = rows.find(({ state }) => state === "running");
  if (running !== undefined) throw halfUp(running);
  const byName = new Map(migrations.map((one) => [one.name, one]));
  const last = [...rows].reverse();
  // what is on its way down comes first, and counts as one
  last.sort((a, b) => Number(b.state === "reverting") - Number(a.state === "reverting"));
  const chosen = last.slice(0, howMany(last, migrations, steps, to));
  return chosen.map(({ name }) => {
    const migration = byName.get(name);
    if (migration === undefined) throw withoutFile(name);
    if (migration.down === null && fake !== true) throw irreversible(name);
    return migration;
  });
}

function howMany(
  last: readonly LedgerRow[],
  migrations: readonly Migration[],
  steps: number | undefined,
  to: string | undefined,
): number {
  if (to === undefined) return steps ?? 1;
  if (to === "zero") return last.length;
  const target = findMigration(to, migrations);
  const at = last.findIndex(({ name }) => name === target.name);
  if (at >= 0) return at;
  throw new MigrationError(`Cannot roll back to ${target.name}: it was not applied`, {
    code: "migration_not_applied",
    hint: "matrx status lists what was applied; zero takes all back",
    context: { migration: target.name },
  });
}

function halfUp({ name, steps }: LedgerRow): MigrationError {
  return new MigrationError(
    `Cannot roll back: ${name} is half applied, ${steps.length} of its steps are done`,
    {
      code: "half_applied",
      hint: "End it with matrx migrate first; it goes on behind the last step that was done",
      context: { migration: name },
    },
  );
}

function withoutFile(name: string): MigrationError {
  return new MigrationError(`Cannot roll ${name} back: its file is gone`, {
    code: "migration_missing",
    hint: "Bring the file back; a squash stands for it only in databases that had the squash",
    context: { migration: name },
  });
}

function irreversible(name: string): MigrationError {
  return new MigrationError(`Cannot roll ${name} back: it has no down`, {
    code: "irreversible_migration",
    hint: "Write its down, or go on with a further migration; --fake only forgets it",
    context: { migration: name },
  });
}
