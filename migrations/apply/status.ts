import type { Migration } from "../file/db.ts";
import { loadMigrations } from "../file/load.ts";
import { invalidIndexes } from "./catalog_queries.ts";
import { type LedgerRow, readLedger, surveyLedger } from "./ledger.ts";
import { type HistoryOptions, placeOf } from "./options.ts";
import { found } from "./outside.ts";
import { faultsOf } from "./plan_run.ts";

/** Where a migration stands. */
export type MigrationState =
  | "applied"
  | "pending"
  /** Half applied: some of its steps are done. */
  | "running"
  /** Half rolled back. */
  | "reverting"
  /** Applied, and its file is another one now. */
  | "changed"
  /** Applied, and its file is gone. */
  | "missing"
  /** Not applied itself: a squash stands for it, or what it stands for was applied. */
  | "squashed";

/** Where one migration stands. */
export interface MigrationStatus {
  /** Its name. */
  readonly name: string;
  /** Where it stands. */
  readonly state: MigrationState;
  /** When it was applied, as the server prints it; null where it was not. */
  readonly appliedAt: string | null;
  /** How long it took, in ms; null where it was not applied. */
  readonly durationMs: number | null;
  /** The steps that are done of one that is half applied or half rolled back. */
  readonly steps: number;
  /** The migrations that it builds on. */
  readonly dependencies: readonly string[];
  /** Whether it can be rolled back. */
  readonly reversible: boolean;
}

/** Where a database stands. */
export interface StatusResult {
  /** The migrations: those of the ledger in the order in which they were applied, then the others. */
  readonly migrations: readonly MigrationStatus[];
  /** How many are pending. */
  readonly pending: number;
  /** Indexes that are not whole, qualified; a killed build or a failed one left them. */
  readonly invalidIndexes: readonly string[];
}

/**
 * Tells which migrations a database has had. Changes nothing.
 *
 * @throws {MigrationError} a file is wrong, or the role may not read the ledger
 *
 * @example
 * ```ts
 * import { status } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main" });
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 *
 * const { migrations, pending } = await status({ folder });
 * console.log(pending, migrations.map(({ name, state }) => `${name} ${state}`));
 * ```
 */
export async function status(options: HistoryOptions = {}): Promise<StatusResult> {
  const { database, folder, ledger } = placeOf(options);
  const migrations = await loadMigrations(folder, { branches: true });
  const driver = await database.driver();
  const survey = await surveyLedger(driver, ledger, false);
  const rows = await readLedger(driver, ledger, survey);
  const indexes = await found(driver, invalidIndexes);
  const list = statusOf(migrations, rows);
  return {
    migrations: list,
    pending: list.filter(({ state }) => state === "pending").length,
    invalidIndexes: indexes.filter(({ building }) => !building)
      .map(({ schema, name }) => `${schema}.${name}`),
  };
}

/** Compares the files with the ledger, without a judgement. */
export function statusOf(
  migrations: readonly Migration[],
  rows: readonly LedgerRow[],
): MigrationStatus[] {
  const byName = new Map(migrations.map((one) => [one.name, one]));
  const { missing, changed } = faultsOf(migrations, rows);
  const applied = rows.map((row) => {
    const migration = byName.get(row.name);
    const state: MigrationState = missing.includes(row.name)
      ? "missing"
      : changed.includes(row.name)
      ? "changed"
      : row.state;
    return {
      ...about(migration),
      name: row.name,
      state,
      appliedAt: row.appliedAt,
      durationMs: row.durationMs,
      steps: row.state === "applied" ? 0 : row.steps.length,
    };
  });
  const present = new Set(rows.map(({ name }) => name));
  const standIns = new Set(
    migrations.filter(({ name }) => present.has(name)).flatMap(({ replaces }) => replaces),
  );
  const others = migrations.filter(({ name }) => !present.has(name)).map((migration) => {
    const isSquashed = standIns.has(migration.name) ||
      (migration.replaces.length > 0 && migration.replaces.some((name) => present.has(name)));
    const state: MigrationState = isSquashed ? "squashed" : "pending";
    const none = { appliedAt: null, durationMs: null, steps: 0 };
    return { ...about(migration), name: migration.name, state, ...none };
  });
  return [...applied, ...others];
}

function about(
  migration: Migration | undefined,
): Pick<MigrationStatus, "dependencies" | "reversible"> {
  return {
    dependencies: migration?.dependencies ?? [],
    reversible: migration !== undefined && migration.down !== null,
  };
}
