import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MigrationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import { reasonOf } from "../../src/util/reason.ts";
import { normalised } from "./checksum.ts";
import type { Migration, MigrationDb, MigrationFunction, MigrationModule } from "./db.ts";
import { type MigrationFile, type MigrationSource, readFolder } from "./folder.ts";
import { checkNumbers, link, order, type Unlinked } from "./order.ts";
import { readHeader } from "./sql_file.ts";

type Unordered = Omit<Migration, "dependencies"> & Unlinked;

/**
 * Loads the migrations of a folder, in the order in which they run.
 *
 * `branches: true` takes two migrations with one number, for a merge.
 *
 * @throws {MigrationError} a file cannot be loaded or is no migration, a dependency is unknown or leads
 * in a circle, or two have one number
 *
 * @example
 * ```ts
 * import { loadMigrations } from "@matrx/orm/migrations";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 * const [tags] = await loadMigrations(folder);
 * console.log(tags?.name, tags?.number); // 0001_tags 1
 * ```
 */
export async function loadMigrations(
  folder: string,
  options: { readonly branches?: boolean | undefined } = {},
): Promise<Migration[]> {
  const loaded: Unordered[] = [];
  // one after the other: of several that fail the first one is told of
  for (const source of await readFolder(folder)) loaded.push(await load(folder, source));
  const ordered = order(link(loaded));
  if (options.branches !== true) checkNumbers(ordered);
  return ordered;
}

async function load(folder: string, source: MigrationSource): Promise<Unordered> {
  const { name, number, checksum } = source;
  const files = [source.up.name, ...(source.down === null ? [] : [source.down.name])];
  const own = source.kind === "sql" ? ofSql(source) : await ofModule(folder, source);
  return { name, number, checksum, files, ...own };
}

type Content = Omit<Unordered, "name" | "number" | "checksum" | "files">;

function ofSql({ up, down }: MigrationSource): Content {
  const header = readHeader(up.name, up.text);
  if (down !== null) readHeader(down.name, down.text);
  const run = (file: MigrationFile): MigrationFunction => async (db: MigrationDb) =>
    void await db.execute(normalised(file.text));
  return { ...header, up: run(up), down: down === null ? null : run(down) };
}

async function ofModule(folder: string, { name, up, checksum }: MigrationSource): Promise<Content> {
  const url = pathToFileURL(resolve(folder, up.name));
  // a module is loaded once for each address: a changed text must not meet the old one
  url.searchParams.set("v", checksum.slice(-16));
  let module: Record<string, unknown>;
  try {
    module = await import(url.href);
  } catch (cause) {
    throw new MigrationError(`Cannot load the migration ${up.name}: ${reasonOf(cause)}`, {
      code: "migration_failed_to_load",
      hint: hintFor(cause),
      context: { migration: name, file: up.name },
      cause,
    });
  }
  return contentOf(up.name, module);
}

type Check = readonly [is: (value: unknown) => boolean, a: string];

const FUNCTION: Check = [(value) => typeof value === "function", "a function that takes db"];
const NAMES: Check = [
  (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  "a list of names",
];

/** What each export of a migration's module must be. */
const EXPORTS: Readonly<Record<keyof MigrationModule, Check>> = {
  up: FUNCTION,
  down: FUNCTION,
  dependencies: NAMES,
  transaction: [(value) => typeof value === "boolean", "true or false"],
  replaces: NAMES,
};

function contentOf(file: string, exported: Readonly<Record<string, unknown>>): Content {
  const invalid = (what: string, hint: string): MigrationError =>
    new MigrationError(`Cannot use the migration ${file}: ${what}`, {
      code: "migration_invalid",
      hint,
      context: { file },
    });
  const known = Object.keys(EXPORTS);
  for (const [key, [is, a]] of Object.entries(EXPORTS)) {
    const value = exported[key];
    if (value !== undefined && !is(value)) {
      throw invalid(`${key} is not ${a}`, `Export ${key} as ${a}`);
    }
  }
  for (const key of Object.keys(exported).filter((one) => !known.includes(one))) {
    const meant = nearest(key, known.filter((one) => exported[one] === undefined));
    if (meant !== undefined) throw invalid(`it exports ${key}`, `Did you mean ${meant}?`);
  }
  const module = exported as unknown as MigrationModule;
  if (module.up === undefined) {
    throw invalid("it has no up", "Write export async function up(db) { ... }");
  }
  return {
    dependencies: module.dependencies,
    transaction: module.transaction ?? true,
    replaces: module.replaces ?? [],
    up: module.up,
    down: module.down ?? null,
  };
}

function hintFor(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return "This runtime cannot load TypeScript: write migrations as .mjs or .sql, or use Node 22.18+";
  }
  return "Correct the file; --verbose prints where it failed";
}
