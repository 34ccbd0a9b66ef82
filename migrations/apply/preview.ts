import { transactionOn } from "../../src/execute/transaction.ts";
import { messageOf } from "../../src/util/reason.ts";
import type { Migration } from "../file/db.ts";
import { loadMigrations } from "../file/load.ts";
import { handleOf } from "./handle.ts";
import { readLedger, surveyLedger } from "./ledger.ts";
import { type HistoryOptions, type Place, placeOf } from "./options.ts";
import { planRollback } from "./rollback.ts";
import { planRun } from "./plan_run.ts";

/** What a migration would run. */
export interface MigrationPreview {
  /** The migration's name. */
  readonly name: string;
  /** Which function would run. */
  readonly direction: "up" | "down";
  /** Whether all of it runs in one transaction. */
  readonly transaction: boolean;
  /** The commands that it gives, in order. */
  readonly statements: readonly string[];
  /** Why not all of them are known: what it reads is not there yet, or it writes through models. */
  readonly stopped: string | null;
}

/** What is looked at: what `migrate()` would do, or what `rollback()` would. */
export interface PreviewOptions extends HistoryOptions {
  /** Which of the two; default `up`. */
  readonly direction?: "up" | "down" | undefined;
  /** As that of `migrate()` or `rollback()`. */
  readonly to?: string | undefined;
  /** As that of `rollback()`. */
  readonly steps?: number | undefined;
  /** As that of `migrate()`. */
  readonly outOfOrder?: boolean | undefined;
}

/**
 * Tells which commands a run would give, without changing anything: what the migrations read is read in
 * a transaction that may not write.
 *
 * @throws {MigrationError} as `migrate()` and `rollback()` do before they change anything
 *
 * @example
 * ```ts
 * import { preview } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main" });
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 *
 * for (const { name, statements } of await preview({ folder })) console.log(name, statements);
 * ```
 */
export async function preview(options: PreviewOptions = {}): Promise<MigrationPreview[]> {
  const { direction = "up" } = options;
  const place = placeOf(options);
  const migrations = await loadMigrations(place.folder);
  const driver = await place.database.driver();
  const survey = await surveyLedger(driver, place.ledger, false);
  const rows = await readLedger(driver, place.ledger, survey);
  const chosen = direction === "up"
    ? planRun(migrations, rows, options).pending
    : planRollback(migrations, rows, options);
  const previews: MigrationPreview[] = [];
  for (const migration of chosen) previews.push(await previewOf(place, migration, direction));
  return previews;
}

async function previewOf(
  { database }: Place,
  migration: Migration,
  direction: "up" | "down",
): Promise<MigrationPreview> {
  const statements: string[] = [];
  let stopped: string | null = null;
  try {
    await transactionOn(database, async (tx) => {
      await migration[direction]?.(handleOf({
        change(given) {
          statements.push(...given.map(({ text }) => text));
          return Promise.resolve(0);
        },
        read: (statement) => tx.run(statement),
      }));
    }, { readOnly: true });
  } catch (error) {
    stopped = messageOf(error);
  }
  const { name, transaction } = migration;
  return { name, direction, transaction, statements, stopped };
}
