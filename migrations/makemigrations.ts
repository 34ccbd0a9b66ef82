import { join } from "node:path";
import { MigrationError, ValidationError } from "../src/errors/base.ts";
import type { Driver } from "../src/driver/port.ts";
import { Databases } from "../src/execute/registry.ts";
import { transactionOn } from "../src/execute/transaction.ts";
import { misspelt } from "../src/util/misspelt.ts";
import type { RenameHint } from "./diff/hints.ts";
import { checksumOfFiles } from "./file/checksum.ts";
import { checkWords, makeName } from "./file/name.ts";
import { endOf, nextNumber, presentIn } from "./file/next.ts";
import { SNAPSHOT, writeSnapshot } from "./file/snapshot.ts";
import { type MigrationFormat, writeMigration, type WrittenStep } from "./file/text.ts";
import { removeFiles, writeFiles } from "./file/write.ts";
import { changesOf, type Compared, withComparison } from "./make/compare.ts";
import { type DeclarationSources, loadDeclaration } from "./make/declaration.ts";
import { type PlannedUp, planUp, prove, type Proven } from "./make/draft.ts";
import {
  isOpen,
  type LikelyRename,
  likelyRenames,
  plainRenames,
  writtenRename,
} from "./make/likely.ts";
import { lossesOf, lossRefused, type PlannedLoss, unconsented } from "./make/losses.ts";
import { automaticName } from "./make/naming.ts";
import { type ChangeSummary, notesOf, summaryLines, summaryOf } from "./make/notes.ts";
import type { Guard } from "./make/rehearse.ts";
import { renameHints } from "./make/renames.ts";
import type { ScopeOptions } from "./make/scope.ts";
import { shownObject } from "./make/shown.ts";
import { makeSnapshot, type Start, startLive, startOffline } from "./make/start.ts";
import type { Step } from "./plan/step.ts";

/** How a migration is made. */
export interface MakeMigrationsOptions extends ScopeOptions, DeclarationSources {
  /** The registered database that the code is compared with; default: the first one. */
  readonly database?: string | undefined;
  /** An open driver, in place of a registered database. */
  readonly driver?: Driver | undefined;
  /** The folder of the migrations; default `migrations`. */
  readonly folder?: string | undefined;
  /** The schema of the ledger `_matrx_migrations`; default `public`. */
  readonly ledgerSchema?: string | undefined;
  /** What the migration is called behind its number; default: what it does, as `add_note_to_orders`. */
  readonly name?: string | undefined;
  /** A module, the default, or SQL files. */
  readonly format?: MigrationFormat | undefined;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
  /** What has a new name: hints, or texts such as `orders.mail:email`. */
  readonly renames?: readonly (string | RenameHint)[] | undefined;
  /** Consents to the loss of data: all of it, or that of the named objects. Default false. */
  readonly allowLoss?: boolean | readonly string[] | undefined;
  /**
   * Takes the plain forms of statements, in one transaction where PostgreSQL allows it, in place of those
   * that let others go on working: indexes CONCURRENTLY, constraints NOT VALID first. Default false.
   */
  readonly plain?: boolean | undefined;
  /** Starts from the snapshot beside the migrations, without a database; default false. */
  readonly offline?: boolean | undefined;
  /** Where both sides are built: `embedded`, the default, `server`, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
  /** Decides whether something that goes and something that comes are one with a new name. */
  readonly onRename?: ((likely: LikelyRename) => Promise<boolean> | boolean) | undefined;
  /** Decides whether data may be lost that `allowLoss` does not name. */
  readonly onLoss?: ((loss: PlannedLoss) => Promise<boolean> | boolean) | undefined;
  /** Hears in a line what is done, and why the shadow is elsewhere. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

const OPTION_NAMES: readonly string[] = Object.keys(
  {
    ...{ database: true, driver: true, folder: true, ledgerSchema: true, name: true },
    ...{ format: true, importFrom: true, renames: true, allowLoss: true, plain: true },
    ...{ offline: true, shadow: true, dryRun: true, onRename: true, onLoss: true },
    ...{ onNotice: true, models: true, objects: true, schemas: true, includeTables: true },
    ...{ excludeTables: true, dropUnmanaged: true },
  } satisfies Record<keyof MakeMigrationsOptions, true>,
);

/** A statement of a migration that was made. */
export interface MadeStep {
  /** The statement. */
  readonly sql: string;
  /** Its strongest lock on a table that was there before; null = none. */
  readonly lock: { readonly mode: string; readonly relation: string } | null;
  /** Whether it writes every row of a table anew. */
  readonly rewrites: boolean;
  /** Whether it reads every row of a table. */
  readonly scans: boolean;
  /** What it destroys, in words; null = nothing. */
  readonly destroys: string | null;
  /** What else to know; null = nothing. */
  readonly note: string | null;
}

/** What `makemigrations()` made. */
export interface MakeMigrationsResult {
  /** The migration's name; null = nothing has changed. */
  readonly name: string | null;
  /** The paths of its files; of a dry run, those that would be written. */
  readonly files: readonly string[];
  /** Whether nothing was written. */
  readonly dryRun: boolean;
  /** The migrations that it builds on. */
  readonly dependencies: readonly string[];
  /** Whether all of it runs in one transaction. */
  readonly transaction: boolean;
  /** What has changed. */
  readonly changes: readonly ChangeSummary[];
  /** What changes the database. */
  readonly up: readonly MadeStep[];
  /** What takes the change back. */
  readonly down: readonly MadeStep[];
  /** The data that it destroys, all of it consented to. */
  readonly losses: readonly PlannedLoss[];
  /** What the managed schemas have, nothing declares, and stays. */
  readonly unmanaged: readonly string[];
  /** What a user should know. */
  readonly warnings: readonly string[];
  /** What the proof ran on. */
  readonly shadow: "embedded" | "server";
}

/**
 * Writes the migration that brings a database to what models and SQL objects declare.
 *
 * It starts from the database and from those of the folder's migrations that it has not had. Before
 * anything is written, the migration runs up and down in a shadow: up leads to what is declared, down
 * to the state before. Data is never lost without consent, and nothing is asked that no callback
 * answers. Where nothing has changed nothing is written.
 *
 * @throws {MigrationError} data would be lost, a hint matches nothing, the proof fails, the database is
 * newer than the files, or the folder cannot be written
 * @throws {ConfigurationError} models are missing or cannot be declared, or an option is wrong
 * @throws {DatabaseError} the database cannot be read
 *
 * @example
 * ```ts
 * import { registerDatabase } from "@matrx/orm";
 * import { makemigrations } from "@matrx/orm/migrations";
 *
 * registerDatabase({ name: "main", url: "pglite://./.data" });
 * const { name, up } = await makemigrations({ models: "models/mod.ts", dryRun: true });
 * console.log(name, up.map(({ sql }) => sql));
 * ```
 */
export async function makemigrations(
  options: MakeMigrationsOptions = {},
): Promise<MakeMigrationsResult> {
  checkOptions(options);
  const folder = options.folder ?? "migrations";
  const migrations = await presentIn(folder);
  const dependencies = endOf(migrations);
  const site = await siteOf(options);
  const declaration = await loadDeclaration(options, site.of);
  const start = site.driver === null
    ? await startOffline({ folder, migrations })
    : await startLive(site.driver, { folder, migrations }, options.ledgerSchema);
  if (start.pending.length > 0 && site.driver !== null) {
    options.onNotice?.(
      `${start.pending.length} ${
        start.pending.length === 1 ? "migration is" : "migrations are"
      } pending: the new one builds on what they lead to`,
    );
  }
  const { live, pending, known } = start;
  return await withComparison(
    { live, pending, known, guard: site.guard, ...declaration },
    {
      ...options,
      shadow: { place: options.shadow, target: site.target, onNotice: options.onNotice },
    },
    async (compared) => {
      const draft = { options, folder, migrations, dependencies, start, driver: site.driver };
      return await makeOne(compared, draft);
    },
  );
}

interface Draft {
  readonly options: MakeMigrationsOptions;
  readonly folder: string;
  readonly migrations: Awaited<ReturnType<typeof presentIn>>;
  readonly dependencies: readonly string[];
  readonly start: Start;
  readonly driver: Driver | null;
}

async function makeOne(compared: Compared, draft: Draft): Promise<MakeMigrationsResult> {
  const { options, folder, migrations, start, driver } = draft;
  const renames = await renamesOf(compared, options);
  const changes = changesOf(compared, { renames });
  const common = {
    dryRun: options.dryRun === true,
    unmanaged: compared.unmanaged.map(shownObject),
    shadow: compared.shadow.place,
  };
  const warnings = [...start.warnings, ...compared.warnings];
  if (changes.length === 0) {
    const refreshed = await refreshSnapshot(compared, draft);
    return { ...nothing, ...common, files: refreshed, warnings };
  }
  const up = planUp(compared, changes, renames, options.plain === true);
  const losses = await lossesOf(up.steps, compared.live, driver);
  await askForLosses(losses, compared, up, options);
  const proven = await prove(compared, up);
  if (up.plain) {
    warnings.push("Plain forms were taken, in one transaction: functions are made in it");
  }
  const words = checkWords(options.name ?? automaticName(changes, migrations.length === 0));
  const name = makeName(nextNumber(migrations), words);
  const files = await write(name, compared, up, proven, draft);
  return {
    ...common,
    name,
    files,
    dependencies: draft.dependencies,
    transaction: up.transaction,
    changes: changes.map(summaryOf),
    up: up.steps.map(madeStep),
    down: proven.down.map(madeStep),
    losses,
    warnings,
  };
}

const nothing = {
  name: null,
  dependencies: [],
  transaction: true,
  changes: [],
  up: [],
  down: [],
  losses: [],
} as const;

/** The renames that were told, those that change nothing but a name, and those that were asked for. */
async function renamesOf(
  compared: Compared,
  { renames = [], onRename }: MakeMigrationsOptions,
): Promise<RenameHint[]> {
  const { live, declared } = compared;
  const texts = renames.filter((one) => typeof one === "string");
  const hints = [
    ...renames.filter((one) => typeof one !== "string"),
    ...renameHints(texts, live, declared),
  ];
  const withPlain = (): RenameHint[] => [
    ...hints,
    ...plainRenames(changesOf(compared, { renames: hints })),
  ];
  if (onRename === undefined) return withPlain();
  const asked = new Set<string>();
  for (;;) {
    // what is renamed shows what is in it: after each answer one looks again
    const next = likelyRenames(changesOf(compared, { renames: hints }), live, declared)
      .find((one) => !asked.has(JSON.stringify(one.hint)) && isOpen(one, hints));
    if (next === undefined) return withPlain();
    asked.add(JSON.stringify(next.hint));
    if (await onRename(next)) hints.push(next.hint);
  }
}

async function askForLosses(
  losses: readonly PlannedLoss[],
  { live, declared }: Compared,
  { changes }: PlannedUp,
  { allowLoss = false, onLoss }: MakeMigrationsOptions,
): Promise<void> {
  const open: PlannedLoss[] = [];
  for (const loss of unconsented(losses, allowLoss)) {
    if (onLoss === undefined || !await onLoss(loss)) open.push(loss);
  }
  if (open.length === 0) return;
  const likely = likelyRenames(changes, live, declared).map(({ hint }) => writtenRename(hint));
  throw lossRefused(open, allowLoss, likely);
}

async function write(
  name: string,
  compared: Compared,
  up: PlannedUp,
  { down, after }: Proven,
  draft: Draft,
): Promise<string[]> {
  const { options, folder, migrations, dependencies } = draft;
  const files = writeMigration({
    name,
    summary: summaryLines(up.changes),
    dependencies,
    transaction: up.transaction,
    up: up.steps.map(writtenStep),
    down: down.map(writtenStep),
    importFrom: options.importFrom,
  }, options.format ?? "ts");
  const paths = files.map((file) => join(folder, file.name));
  if (options.dryRun === true) return paths;
  await writeFiles(folder, files);
  try {
    const checksum = await checksumOfFiles(files);
    const all = [...migrations, { name, checksum }];
    await writeSnapshot(folder, snapshotOf(compared, after, draft, all));
  } catch (error) {
    await removeFiles(paths);
    throw error;
  }
  return paths;
}

function snapshotOf(
  compared: Compared,
  after: Proven["after"],
  { start }: Draft,
  migrations: readonly { readonly name: string; readonly checksum: string }[],
) {
  return makeSnapshot({
    after,
    declared: compared.known,
    before: start.snapshot,
    covers: compared.scope.covers,
    migrations,
  });
}

/** Writes the snapshot where files came later that left nothing to do; gives its path, if it did. */
async function refreshSnapshot(compared: Compared, draft: Draft): Promise<string[]> {
  const { options, folder, migrations, start } = draft;
  const had = start.snapshot?.migrations ?? {};
  const isFresh = migrations.length === Object.keys(had).length &&
    migrations.every(({ name, checksum }) => had[name] === checksum);
  if (isFresh || options.dryRun === true) return [];
  await writeSnapshot(folder, snapshotOf(compared, compared.live, draft, migrations));
  return [join(folder, SNAPSHOT)];
}

function writtenStep(step: Step): WrittenStep {
  return { sql: step.sql, notes: notesOf(step) };
}

function madeStep({ sql, lock, rewrites, scans, loss, note }: Step): MadeStep {
  return { sql, lock, rewrites, scans, destroys: loss?.what ?? null, note };
}

/** Where the code is compared: a database, or none. */
interface Site {
  readonly driver: Driver | null;
  /** The URL of the database, for a shadow on its server. */
  readonly target: string | undefined;
  /** Whose models are meant; undefined = all. */
  readonly of: Parameters<typeof loadDeclaration>[1];
  readonly guard: Guard | undefined;
}

async function siteOf(options: MakeMigrationsOptions): Promise<Site> {
  const databases = Databases.default;
  if (options.offline === true) {
    const names = databases.names();
    const database = options.database ?? names[0];
    const of = database === undefined
      ? undefined
      : { database, isDefault: names.length === 0 || names[0] === database };
    return { driver: null, target: undefined, of, guard: undefined };
  }
  if (options.driver !== undefined) {
    return { driver: options.driver, target: undefined, of: undefined, guard: undefined };
  }
  const database = databases.get(options.database ?? null);
  return {
    driver: await database.driver(),
    target: database.config.url === "" ? undefined : database.config.url,
    of: { database: database.name, isDefault: databases.names()[0] === database.name },
    // models of a migration that is tried must not write where they belong
    guard: async (work) => await transactionOn(database, work, { readOnly: true }),
  };
}

function checkOptions(options: MakeMigrationsOptions): void {
  const wrong = misspelt(options, OPTION_NAMES);
  if (wrong !== undefined) {
    throw new ValidationError(`makemigrations() has no option "${wrong.name}"`, {
      code: "unknown_option",
      hint: wrong.hint,
    });
  }
  if (options.name !== undefined) checkWords(options.name);
  if (options.offline === true && options.driver !== undefined) {
    throw new MigrationError("Cannot compare with a database and without one at once", {
      code: "conflicting_options",
      hint: "Give driver or offline",
    });
  }
}
