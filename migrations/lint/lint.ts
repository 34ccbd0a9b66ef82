import { MigrationError, ValidationError } from "../../src/errors/base.ts";
import { type Database, Databases } from "../../src/execute/registry.ts";
import { checkOptions as checkNames } from "../../src/schema/known_options.ts";
import { readFile } from "node:fs/promises";
import { readLedger, surveyLedger } from "../apply/ledger.ts";
import { type HistoryOptions, placeOf } from "../apply/options.ts";
import { findMigration } from "../apply/plan_run.ts";
import { statusOf } from "../apply/status.ts";
import { normalised } from "../file/checksum.ts";
import type { Migration } from "../file/db.ts";
import { type MigrationFile, type MigrationSource, readFolder } from "../file/folder.ts";
import { loadMigrations } from "../file/load.ts";
import type { HazardLevel } from "./hazard.ts";
import { loadParser, type SqlParser } from "./parser.ts";
import { record, type Recorded } from "./record.ts";
import { type Hazard, type LintedStatement, lintScript, placed } from "./script.ts";
import { checkLevels, graded, isIgnored, type LintSettings } from "./settings.ts";
import { type LintScript, readScript } from "./statement.ts";
import { World } from "./world.ts";

/** Which migrations are judged. */
export interface LintOptions extends HistoryOptions, LintSettings {
  /**
   * The registered database in which migrations that read may read, in a transaction that may not
   * write; default: none, and such a migration is judged up to where it reads.
   */
  readonly database?: string | undefined;
  /** Only these, by their names or numbers; default: all of the folder. */
  readonly names?: readonly string[] | undefined;
  /** Only those that the database has not had; default false. */
  readonly pending?: boolean | undefined;
  /** What takes migrations back is judged too; default false. */
  readonly down?: boolean | undefined;
  /** SQL scripts by their paths, in place of the folder. They run by themselves, not by the runner. */
  readonly files?: readonly string[] | undefined;
}

const OPTIONS: readonly string[] = Object.keys(
  {
    ...{ database: true, folder: true, ledgerSchema: true },
    ...{ names: true, pending: true, down: true, files: true, levels: true, ignore: true },
  } satisfies Record<keyof LintOptions, true>,
);

/** What was found in one direction of a migration, or in a script. */
export interface LintedFile {
  /** The file's name in the folder, or its path. */
  readonly file: string;
  /** The migration's name; null for a script. */
  readonly migration: string | null;
  /** Which way it goes; null for a script. */
  readonly direction: "up" | "down" | null;
  /** Whether all of it runs in one transaction. */
  readonly transaction: boolean;
  /** Its statements in order. */
  readonly statements: readonly LintedStatement[];
  /** All hazards, by the lines of their statements. */
  readonly hazards: readonly Hazard[];
}

/** What was found. */
export interface LintResult {
  /** The files that were judged, in the order in which they run. */
  readonly files: readonly LintedFile[];
  /** How many hazards of each level nobody accepted, and how many are accepted. */
  readonly counts: Readonly<Record<HazardLevel | "accepted", number>>;
}

/** Judges migrations by the SQL that they send; see `lint()` of the room above. */
export async function lint(options: LintOptions = {}): Promise<LintResult> {
  checkOptions(options);
  const parser = await loadParser();
  const found = options.files === undefined
    ? await lintFolder(parser, options)
    : await Promise.all(options.files.map((path) => lintPath(parser, path)));
  const files = found.map((file) => ({
    ...file,
    statements: file.statements.map((one) => ({
      ...one,
      hazards: graded(one.hazards, options.levels),
    })),
    hazards: graded(file.hazards, options.levels),
  }));
  return { files, counts: countsOf(files) };
}

/** Judges SQL text; see `lintSql()` of the room above. */
export async function lintSql(
  sql: string,
  options: { readonly transaction?: boolean | undefined; readonly file?: string | undefined } = {},
): Promise<LintedFile> {
  const { transaction = false, file = "sql" } = options;
  return lintText(await loadParser(), file, sql, transaction);
}

function checkOptions(options: LintOptions): void {
  checkNames("lint()", options, OPTIONS);
  checkLevels(options.levels);
  const { files, names, pending, down } = options;
  if (files === undefined || (names ?? pending ?? down) === undefined) return;
  throw new ValidationError("Cannot judge scripts and migrations at once", {
    code: "conflicting_options",
    hint: "files stands alone; names, pending and down are of the folder",
  });
}

async function lintFolder(parser: SqlParser, options: LintOptions): Promise<LintedFile[]> {
  const folder = options.folder ?? "migrations";
  const migrations = await loadMigrations(folder, { branches: true });
  const sources = new Map((await readFolder(folder)).map((one) => [one.name, one]));
  const wanted = await wantedOf(migrations, options);
  const database = options.database === undefined ? null : Databases.default.get(options.database);
  const world = new World();
  const found: LintedFile[] = [];
  for (const migration of migrations) {
    const source = sources.get(migration.name)!;
    // those that are not asked for are read too: what they make is there for the later ones
    const up = await lintDirection(parser, migration, source, "up", database, world);
    if (!wanted.has(migration.name)) continue;
    found.push(up);
    if (options.down !== true || migration.down === null) continue;
    found.push(await lintDirection(parser, migration, source, "down", database, new World()));
  }
  return found;
}

async function wantedOf(
  migrations: readonly Migration[],
  options: LintOptions,
): Promise<ReadonlySet<string>> {
  const { names, pending, ignore = [] } = options;
  const wanted = names === undefined
    ? migrations.filter(({ name }) => !isIgnored(name, ignore))
    : names.map((name) => findMigration(name, migrations));
  const chosen = new Set(wanted.map(({ name }) => name));
  if (pending !== true) return chosen;
  const { database, ledger } = placeOf(options);
  const driver = await database.driver();
  const rows = await readLedger(driver, ledger, await surveyLedger(driver, ledger, false));
  const open = statusOf(migrations, rows).filter(({ state }) => state === "pending");
  return new Set(open.map(({ name }) => name).filter((name) => chosen.has(name)));
}

async function lintDirection(
  parser: SqlParser,
  migration: Migration,
  source: MigrationSource,
  direction: "up" | "down",
  database: Database | null,
  world: World,
): Promise<LintedFile> {
  const isSql = source.kind === "sql";
  const file = isSql && direction === "down" ? source.down! : source.up;
  const { script, stopped } = isSql
    ? scriptOf(file)
    : await record(file, migration[direction]!, database);
  const { name, transaction } = migration;
  world.begin({ transaction, migration: true });
  const linted = lintScript(parser, script, world);
  const last = linted.statements.at(-1)?.line ?? 0;
  const unread = stopped === null
    ? []
    : [placed({ kind: "unread", what: stopped }, last, script.ignores)];
  return {
    file: file.name,
    migration: name,
    direction,
    transaction,
    statements: linted.statements,
    hazards: inOrder([
      ...linted.statements.flatMap(({ hazards }) => hazards),
      ...linted.hazards,
      ...unread,
    ]),
  };
}

/** A file that cannot be split would fail when it runs: that is told of as what ended it. */
function scriptOf(file: MigrationFile): Recorded {
  try {
    return { script: readScript(normalised(file.text)), stopped: null };
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return { script: { statements: [], ignores: [] }, stopped: error.message };
  }
}

async function lintPath(parser: SqlParser, path: string): Promise<LintedFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new MigrationError(`Cannot read ${path}`, {
      code: "script_unreadable",
      hint: "Check the path and the rights on the file; see the cause",
      context: { file: path },
      cause,
    });
  }
  return lintText(parser, path, normalised(text), false);
}

function lintText(
  parser: SqlParser,
  file: string,
  sql: string,
  transaction: boolean,
): LintedFile {
  const world = new World();
  world.begin({ transaction, migration: false });
  const script: LintScript = readScript(sql);
  const { statements, hazards } = lintScript(parser, script, world);
  return {
    file,
    migration: null,
    direction: null,
    transaction,
    statements,
    hazards: inOrder([...statements.flatMap((one) => one.hazards), ...hazards]),
  };
}

function inOrder(hazards: readonly Hazard[]): Hazard[] {
  return [...hazards].sort((a, b) => a.line - b.line);
}

function countsOf(files: readonly LintedFile[]): LintResult["counts"] {
  const counts = { error: 0, warning: 0, notice: 0, accepted: 0 };
  for (const { level, accepted } of files.flatMap(({ hazards }) => hazards)) {
    counts[accepted === null ? level : "accepted"]++;
  }
  return counts;
}
