import { now } from "../../src/util/host.ts";
import { VERSION } from "../../src/util/version.ts";
import type { Migration } from "../file/db.ts";
import { loadMigrations } from "../file/load.ts";
import { ensureLedger, readLedger, surveyLedger } from "./ledger.ts";
import { withRunLock } from "./lock.ts";
import { checkRun, lockOptionsOf, placeOf, type RunOptions, siteOf } from "./options.ts";
import { planRun, type RunPlan } from "./plan_run.ts";
import { writeApplied } from "./queries.ts";
import { runMigration } from "./run.ts";
import { askedOf, guarded, type Site } from "./work.ts";

/** How `migrate()` works. */
export interface MigrateOptions extends RunOptions {
  /** The last migration to run, by its name or number; default: all. */
  readonly to?: string | undefined;
  /** Writes the migrations down without running them; default false. */
  readonly fake?: boolean | undefined;
  /** Runs histories that contradict the dependencies, and branches that were not merged; default false. */
  readonly outOfOrder?: boolean | undefined;
}

const OWN_OPTIONS: readonly string[] = Object.keys(
  { to: true, fake: true, outOfOrder: true } satisfies Record<
    Exclude<keyof MigrateOptions, keyof RunOptions>,
    true
  >,
);

/** A migration that a run has dealt with. */
export interface RanMigration {
  /** Its name. */
  readonly name: string;
  /** How long it took, in ms; 0 where it was only written down. */
  readonly durationMs: number;
}

/** What `migrate()` did. */
export interface MigrateResult {
  /** The migrations that were applied by this run, in order. */
  readonly applied: readonly RanMigration[];
  /** Those that were written down without running: fake ones, and squashes of what was applied. */
  readonly recorded: readonly string[];
  /** Those of them that come before one which had been applied earlier. */
  readonly outOfOrder: readonly string[];
  /** How long it took, in ms. */
  readonly durationMs: number;
}

/**
 * Applies the migrations that a database has not had.
 *
 * Runs of several processes wait for each other; each migration is applied by one of them. A migration
 * is applied in one transaction together with its line in the ledger, or step by step where its file
 * says `transaction = false`.
 *
 * @throws {MigrationError} a file is wrong, the history does not fit, another run held the lock for too
 * long, or a migration failed; those before it stay applied
 * @throws {ConfigurationError} no such database is registered
 * @throws {DatabaseError} the database cannot be reached
 *
 * @example
 * ```ts
 * import { migrate } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main" });
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 *
 * const { applied } = await migrate({ folder });
 * for (const { name, durationMs } of applied) console.log(name, durationMs);
 * ```
 */
export async function migrate(options: MigrateOptions = {}): Promise<MigrateResult> {
  const started = now();
  const place = placeOf(options);
  checkRun(options, OWN_OPTIONS, place);
  const migrations = await loadMigrations(place.folder);
  const driver = await place.database.driver();
  const look = async (): Promise<RunPlan> => {
    const survey = await surveyLedger(driver, place.ledger, true);
    return planRun(migrations, await readLedger(driver, place.ledger, survey), options);
  };
  const none = { applied: [], recorded: [], outOfOrder: [] };
  // many processes start at once and all but one find nothing to do
  if (isEmpty(await look())) return { ...none, durationMs: now() - started };
  return await withRunLock(place.database, place.ledger, lockOptionsOf(options), async (lock) => {
    const site = siteOf(options, place, lock);
    const survey = await surveyLedger(driver, place.ledger, true);
    await guarded(site, "ledger", (tx) => ensureLedger(askedOf(tx), place.ledger, survey));
    const plan = await look();
    const recorded = [...plan.adopted, ...options.fake === true ? plan.pending : []];
    for (const migration of recorded) await record(site, migration);
    const applied: RanMigration[] = [];
    const pending = options.fake === true ? [] : plan.pending;
    for (const [index, migration] of pending.entries()) {
      const turn = { direction: "up", index, total: pending.length } as const;
      const durationMs = await runMigration(site, migration, turn);
      if (durationMs !== null) applied.push({ name: migration.name, durationMs });
    }
    return {
      applied,
      recorded: recorded.map(({ name }) => name),
      outOfOrder: plan.late,
      durationMs: now() - started,
    };
  });
}

function isEmpty({ pending, adopted }: RunPlan): boolean {
  return pending.length === 0 && adopted.length === 0;
}

/** Writes a migration down without running it. */
async function record(site: Site, { name, checksum }: Migration): Promise<void> {
  const row = { name, checksum, version: VERSION, durationMs: 0 };
  await guarded(site, name, (tx) => tx.run(writeApplied(site.place, row)));
}
