/** Database -> code, from end to end: read, plan, write. */
import { type Catalog, objectsOf } from "../src/catalog/catalog.ts";
import { filterTables } from "../src/catalog/filter.ts";
import { LEDGER_TABLE } from "../src/catalog/ledger.ts";
import { refuseUndescribed, undescribedIn } from "../src/catalog/undescribed.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import { Databases } from "../src/execute/registry.ts";
import { groupBy } from "../src/util/group_by.ts";
import { loadFormatter } from "./emit/format.ts";
import type { Note } from "./emit/notes.ts";
import { keyOf } from "./sources/source.ts";
import { type GeneratedModel, type GenerationCounts, planGeneration } from "./generate.ts";
import { introspect } from "./introspect/introspect.ts";
import { applyPlan, readObjectFiles, readOutput, refuseConflicts } from "./io.ts";
import { pascalCase } from "./name/identifier.ts";
import { singular } from "./name/words.ts";
import type { Casing, ManagerOptions, QualifiedName } from "./options.ts";
import type { ReadScope } from "./losses.ts";
import { planObjects } from "./objects.ts";
import type { Renamed } from "./memory.ts";
import type { FileAction, FilePlan, Orphan } from "./plan.ts";

/** Which part of a registered database is read. */
export interface ReadOptions {
  /** The registered database; default: the first one. */
  readonly database?: string | undefined;
  /** The schemas to read; default: those that the database is registered with. */
  readonly schema?: string | readonly string[] | undefined;
  /** Called when a phase begins. */
  readonly onProgress?: ((phase: Phase) => void) | undefined;
}

/** What of it becomes code, and where. */
export interface WriteOptions {
  /** The folder to write to; default `models`. */
  readonly out?: string | undefined;
  /** These tables and views alone: `name` or `schema.name`, `*` for any characters. */
  readonly includeTables?: readonly string[] | undefined;
  /** All tables and views but these; not together with `includeTables`. */
  readonly excludeTables?: readonly string[] | undefined;
  /** How columns become properties; default `camel`. */
  readonly casing?: Casing | undefined;
  /** Whether every export has its type written out, as a package on JSR needs; default false. */
  readonly explicit?: boolean | undefined;
  /** Whether each model gets a view and a manager, and which methods these have; default true. */
  readonly managers?: boolean | ManagerOptions | undefined;
  /** What the generated files import the library by; default `@matrx/orm`. */
  readonly importFrom?: string | undefined;
  /** Whether the models name their database; default: only when it is not the first one registered. */
  readonly nameDatabase?: boolean | undefined;
  /**
   * Whether what models do not say (types, sequences, functions, views, triggers, policies, grants,
   * extensions, ...) is written too, as `.sql` files; default false.
   */
  readonly withObjects?: boolean | undefined;
  /** The folder of those files; default `db/objects`. */
  readonly objects?: string | undefined;
  /**
   * Refuses a database that has what neither models nor those files can say, and writes nothing;
   * default false. Needs `withObjects`.
   */
  readonly strict?: boolean | undefined;
  /** Plans and reports, and writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
  /**
   * Replaces generated files that were changed by hand, and removes models whose tables this run does
   * not see; default false.
   */
  readonly force?: boolean | undefined;
}

/** How code is generated from a registered database. */
export type GenerateRequest = ReadOptions & WriteOptions;

/** What is being done. */
export type Phase =
  | { readonly phase: "connect"; readonly database: string }
  | { readonly phase: "read"; readonly database: string; readonly schemas: readonly string[] }
  | { readonly phase: "plan"; readonly tables: number }
  | { readonly phase: "write"; readonly out: string; readonly files: number };

/** What was found in a database. */
export interface DatabaseRead {
  /** Its name in the registry. */
  readonly database: string;
  /** The schemas that were read. */
  readonly schemas: readonly string[];
  /** Everything that they hold. */
  readonly catalog: Catalog;
  /** The tables and views that the role may not select from: they get no model. */
  readonly unreadable: readonly QualifiedName[];
  /** The schemas that were not read and have tables or views, and how many. */
  readonly elsewhere: readonly { readonly schema: string; readonly tables: number }[];
}

/** A class's name that several tables lead to. */
export interface SharedName {
  /** The name. */
  readonly className: string;
  /** The models of those tables; at most one has the name itself. */
  readonly models: readonly GeneratedModel[];
}

/** What a run did, or would do. */
export interface GenerateResult {
  /** The database's name in the registry. */
  readonly database: string;
  /** The server's version number, such as 180004. */
  readonly serverVersion: number;
  /** The schemas that were read. */
  readonly schemas: readonly string[];
  /** The output folder, as it was given. */
  readonly out: string;
  /** Whether nothing was written. */
  readonly dryRun: boolean;
  /** How many of each became code. */
  readonly counts: GenerationCounts;
  /** The models, by the names of their tables. */
  readonly models: readonly GeneratedModel[];
  /** The classes that several tables would have had, and what each table got. */
  readonly sharedNames: readonly SharedName[];
  /** What happened to each file, by its path inside the folder. */
  readonly files: readonly { readonly path: string; readonly action: FileAction }[];
  /** What happened to each `.sql` file, and where they are; null without `withObjects`. */
  readonly objects: {
    /** The folder, as it was given. */
    readonly folder: string;
    /** By its path inside the folder. */
    readonly files: readonly { readonly path: string; readonly action: FileAction }[];
  } | null;
  /** The tables and views that the role may not read and that got no model. */
  readonly unreadable: readonly QualifiedName[];
  /** The schemas that were not read and have tables or views, and how many. */
  readonly elsewhere: readonly { readonly schema: string; readonly tables: number }[];
  /** How many objects of each kind the database has and the catalog does not describe. */
  readonly unmodelled: Readonly<Record<string, number>>;
  /** What could not be said in code, by table. */
  readonly notes: readonly Note[];
  /** The user's own files without the generated file that they build on; they stay. */
  readonly orphans: readonly Orphan[];
  /** Names that were other ones in the last run. */
  readonly renamed: readonly Renamed[];
  /** How long it took. */
  readonly seconds: number;
}

/**
 * Generates code from a registered database: reads it, compares with the output folder, writes.
 *
 * All files are written, or none.
 *
 * @throws {ConfigurationError} a name or option is wrong, the folder cannot be written, generated
 * files in it were changed by hand, or models would be removed whose tables may be there
 * @throws {DatabaseError} the database cannot be reached or read
 *
 * @example
 * ```ts
 * import { generate } from "@matrx/orm/generator";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ sql: "create table tags (id int primary key, label text)" });
 * const out = await Deno.makeTempDir();
 * const { counts, files } = await generate({ database: db.name, out });
 * console.log(counts.tables, files.map(({ path }) => path));
 * ```
 */
export async function generate(request: GenerateRequest = {}): Promise<GenerateResult> {
  const started = performance.now();
  checkFilters(request);
  const read = await readDatabase(request);
  return { ...await writeCode(read, request), seconds: secondsSince(started) };
}

/** Reads the structure of a registered database. */
export async function readDatabase(options: ReadOptions = {}): Promise<DatabaseRead> {
  const database = Databases.default.get(options.database ?? null);
  const given = options.schema ?? database.config.schemas;
  const schemas = typeof given === "string" ? [given] : [...new Set(given)];
  if (schemas.length === 0) {
    throw new ConfigurationError("Cannot generate: the list of schemas is empty", {
      code: "invalid_option",
      hint: "Name at least one, or leave the option out to read public",
    });
  }
  options.onProgress?.({ phase: "connect", database: database.name });
  const driver = await database.driver();
  options.onProgress?.({ phase: "read", database: database.name, schemas });
  const found = await introspect(driver, { schemas, dependencies: false });
  return { database: database.name, schemas, ...found };
}

/** Generates code from what was read. */
export async function writeCode(
  read: DatabaseRead,
  options: WriteOptions & Pick<ReadOptions, "onProgress">,
): Promise<GenerateResult> {
  const started = performance.now();
  checkFilters(options);
  if (options.strict === true) refuseSilence(read.catalog, options);
  const out = options.out ?? "models";
  const own = filterTables(read.catalog, { exclude: [`${LEDGER_TABLE}*`] });
  const catalog = filterTables(own, {
    include: options.includeTables,
    exclude: options.excludeTables,
  });
  const kept = unreadableIn(catalog, read.unreadable);
  options.onProgress?.({ phase: "plan", tables: objectsOf(catalog, "table").length });
  const nameDatabase = options.nameDatabase ?? Databases.default.names()[0] !== read.database;
  const format = await loadFormatter();
  const plan = planGeneration(
    catalog,
    {
      importFrom: options.importFrom,
      casing: options.casing,
      explicit: options.explicit,
      managers: options.managers ?? true,
      database: nameDatabase ? read.database : undefined,
      leaveOut: kept,
      force: options.force,
      scope: scopeOf(read, catalog, options),
    },
    readOutput(out),
    format,
  );
  const folder = options.objects ?? "db/objects";
  const objects = options.withObjects === true
    ? planObjects(catalog, kept, readObjectFiles(folder), options.force === true)
    : null;
  if (options.dryRun !== true) {
    // both are looked at before anything is written
    refuseConflicts(plan);
    if (objects !== null) refuseConflicts(objects);
    options.onProgress?.({ phase: "write", out, files: changesOf(plan) });
    applyPlan(plan, out);
    if (objects !== null) {
      options.onProgress?.({ phase: "write", out: folder, files: changesOf(objects) });
      applyPlan(objects, folder);
    }
  }
  return {
    database: read.database,
    serverVersion: read.catalog.serverVersion,
    schemas: read.schemas,
    out,
    dryRun: options.dryRun === true,
    counts: plan.counts,
    models: plan.models,
    sharedNames: sharedNames(plan.models),
    files: plan.files.map(({ path, action }) => ({ path, action })),
    objects: objects === null
      ? null
      : { folder, files: objects.files.map(({ path, action }) => ({ path, action })) },
    unreadable: kept,
    elsewhere: read.elsewhere,
    unmodelled: unmodelledIn(read.catalog),
    notes: plan.notes,
    orphans: plan.orphans,
    renamed: plan.renamed,
    seconds: secondsSince(started),
  };
}

/**
 * Refuses a list of tables to keep together with one to leave out.
 *
 * @throws {ConfigurationError} both are given
 */
export function checkFilters(options: WriteOptions): void {
  if (options.includeTables === undefined || options.excludeTables === undefined) return;
  throw new ConfigurationError("Cannot include and exclude tables at the same time", {
    code: "conflicting_options",
    hint: "Give includeTables or excludeTables",
  });
}

function refuseSilence(catalog: Catalog, { withObjects }: WriteOptions): void {
  if (withObjects !== true) {
    throw new ConfigurationError("Cannot be strict about SQL objects that are not written", {
      code: "conflicting_options",
      hint: "Give withObjects (--with-objects) too",
    });
  }
  refuseUndescribed(undescribedIn(catalog), {
    task: "write all of the database",
    hint: "Leave --strict out to write the rest, and keep these in a migration of their own",
  });
}

function scopeOf(read: DatabaseRead, kept: Catalog, options: WriteOptions): ReadScope {
  const present = new Set(relationsIn(kept).map(keyOf));
  return {
    schemas: read.schemas,
    include: options.includeTables ?? null,
    exclude: options.excludeTables ?? null,
    hidden: relationsIn(read.catalog).filter((one) => !present.has(keyOf(one))),
  };
}

function relationsIn(catalog: Catalog): QualifiedName[] {
  return [
    ...objectsOf(catalog, "table"),
    ...objectsOf(catalog, "view"),
    ...objectsOf(catalog, "materialized view"),
  ];
}

function changesOf(plan: FilePlan): number {
  return plan.files.filter((file) => file.action !== "keep").length;
}

function sharedNames(models: readonly GeneratedModel[]): SharedName[] {
  const groups = groupBy(models, ({ table }) => pascalCase(singular(table)));
  return [...groups].filter(([, group]) => group.length > 1)
    .map(([className, group]) => ({ className, models: group }));
}

/** Those of the unreadable relations that the filters left in. */
function unreadableIn(catalog: Catalog, all: readonly QualifiedName[]): QualifiedName[] {
  const present = new Set(relationsIn(catalog).map(keyOf));
  return all.filter((one) => present.has(keyOf(one)));
}

function unmodelledIn(catalog: Catalog): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { what } of objectsOf(catalog, "unmodelled")) {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
