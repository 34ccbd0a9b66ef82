import { join } from "node:path";
import { refuseUndescribed } from "../src/catalog/undescribed.ts";
import type { Driver } from "../src/driver/port.ts";
import type { RenameHint } from "./diff/hints.ts";
import { checksumOfFiles } from "./file/checksum.ts";
import { checkWords, makeName } from "./file/name.ts";
import { endOf, nextNumber, presentIn } from "./file/next.ts";
import { SNAPSHOT, writeSnapshot } from "./file/snapshot.ts";
import { writeMigration, type WrittenStep } from "./file/text.ts";
import { removeFiles, writeFiles } from "./file/write.ts";
import { changesOf, type Compared, withComparison } from "./make/compare.ts";
import { loadDeclaration } from "./make/declaration.ts";
import { type PlannedUp, planUp, prove, type Proven } from "./make/draft.ts";
import { isOpen, likelyRenames, plainRenames, writtenRename } from "./make/likely.ts";
import { lossesOf, lossRefused, type PlannedLoss, unconsented } from "./make/losses.ts";
import { automaticName } from "./make/naming.ts";
import { notesOf, summaryLines, summaryOf } from "./make/notes.ts";
import {
  checkOptions,
  type MadeStep,
  type MakeMigrationsOptions,
  type MakeMigrationsResult,
  siteOf,
} from "./make/options.ts";
import { renameHints } from "./make/renames.ts";
import { shownObject } from "./make/shown.ts";
import { makeSnapshot, type Start, startLive, startOffline } from "./make/start.ts";
import type { Step } from "./plan/step.ts";

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
 * import { integer, model, sql, text } from "@matrx/orm";
 * import { makemigrations } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * await using db = await embedded({ name: "main" });
 * const folder = await Deno.makeTempDir();
 *
 * const { name, up } = await makemigrations({ models: [Note], folder });
 * console.log(name, up.map(({ sql }) => sql)); // 0001_create_notes
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
  // nothing at all is declared on purpose only where all that nothing declares is to go
  const declaration = await loadDeclaration(options, site.of, options.dropUnmanaged === true);
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
  const { options, migrations, start, driver } = draft;
  if (options.strict === true) {
    const { live, declared } = compared.undescribed;
    refuseUndescribed([...new Set([...declared, ...live])], {
      task: "go on with this database",
      hint: "Leave --strict out to go on without these, and keep them in a migration of their own",
    });
  }
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
  const paths = await writeFiles(folder, files, options.dryRun);
  if (options.dryRun === true) return paths;
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

function madeStep(step: Step): MadeStep {
  const { sql, lock, rewrites, scans, loss } = step;
  return { sql, lock, rewrites, scans, destroys: loss?.what ?? null, notes: notesOf(step) };
}
