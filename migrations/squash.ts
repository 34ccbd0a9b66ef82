import type { Catalog } from "../src/catalog/catalog.ts";
import { MigrationError } from "../src/errors/base.ts";
import { findMigration } from "./apply/plan_run.ts";
import { diff } from "./diff/diff.ts";
import type { Migration, MigrationDb, MigrationFunction } from "./file/db.ts";
import { loadMigrations } from "./file/load.ts";
import { checkWords, makeName } from "./file/name.ts";
import { ancestorsOf } from "./file/order.ts";
import { type MigrationFormat, writeMigration } from "./file/text.ts";
import { writeFiles } from "./file/write.ts";
import { toldLines } from "./make/proof.ts";
import { plan } from "./plan/plan.ts";
import { structureAfter, structureDifferences, textsOf } from "./reorganise.ts";
import { tokensOf } from "./script/tokens.ts";
import { type Shadow, withShadow } from "./shadow/shadow.ts";

/** Which migrations become one. */
export interface SquashOptions {
  /** The first one, by its name or number. */
  readonly first: string;
  /** The last one. */
  readonly last: string;
  /** The folder; default `migrations`. */
  readonly folder?: string | undefined;
  /** What it is called behind its number; default `squashed_LAST`. */
  readonly name?: string | undefined;
  /** A module, the default, or SQL files. */
  readonly format?: MigrationFormat | undefined;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
  /** Where both ways are tried: `embedded`, the default, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
}

/** A squash that was written. */
export interface SquashResult {
  /** Its name. */
  readonly name: string;
  /** The paths of its files. */
  readonly files: readonly string[];
  /** The migrations that it stands for. */
  readonly replaces: readonly string[];
  /** The migrations that it builds on. */
  readonly dependencies: readonly string[];
  /** Whether its statements were planned anew from the structure, or are those of its parts in order. */
  readonly planned: boolean;
  /** Whether it can be rolled back. */
  readonly reversible: boolean;
}

/** One way of writing a squash. */
interface Draft {
  readonly up: readonly string[];
  readonly down: readonly string[] | null;
  readonly transaction: boolean;
  readonly planned: boolean;
}

/**
 * Writes one migration that stands for several that follow each other.
 *
 * Where they change structure alone its statements are planned anew, from the structure before to the
 * one after; else they are those of its parts in their order. Both ways are run in a shadow before
 * anything is written, and lead to the same structure. The files of the parts stay: take them away once
 * every database has had all of them.
 *
 * @throws {MigrationError} the range is none, a part reads rows or binds values, or the proof fails
 *
 * @example
 * ```ts
 * import { squash } from "@matrx/orm/migrations";
 *
 * const folder = await Deno.makeTempDir();
 * const write = (name: string, sql: string) => Deno.writeTextFile(`${folder}/${name}.sql`, sql);
 * await write("0001_tags.up", "create table tags (id int primary key);");
 * await write("0001_tags.down", "drop table tags;");
 * await write("0002_label.up", "alter table tags add column label text;");
 * await write("0002_label.down", "alter table tags drop column label;");
 * const { name } = await squash({ folder, first: "0001", last: "0002" });
 * console.log(name);
 * ```
 */
export async function squash(options: SquashOptions): Promise<SquashResult> {
  const folder = options.folder ?? "migrations";
  const migrations = await loadMigrations(folder);
  const parts = rangeOf(migrations, options);
  const [first] = parts;
  const names = new Set(parts.map(({ name }) => name));
  const dependencies = [...new Set(parts.flatMap((one) => one.dependencies))]
    .filter((name) => !names.has(name));
  const before = migrations.filter(({ name }) =>
    dependencies.includes(name) ||
    dependencies.some((one) => ancestorsOf(one, migrations).has(name))
  );
  const draft = await withShadow(
    { place: options.shadow },
    async (shadow) => await proven(shadow, before, parts),
  );
  const words = options.name === undefined
    ? `squashed_${String(parts.at(-1)!.number).padStart(4, "0")}`
    : checkWords(options.name);
  const name = makeName(first!.number, words);
  const replaces = parts.flatMap((one) => [one.name, ...one.replaces]);
  const written = (list: readonly string[]) => list.map((sql) => ({ sql }));
  const files = writeMigration({
    name,
    summary: [`stands for ${parts.map((one) => one.name).join(", ")}`],
    dependencies,
    transaction: draft.transaction,
    replaces,
    up: written(draft.up),
    down: draft.down === null ? null : written(draft.down),
    importFrom: options.importFrom,
  }, options.format ?? "ts");
  return {
    name,
    files: await writeFiles(folder, files, options.dryRun),
    replaces,
    dependencies,
    planned: draft.planned,
    reversible: draft.down !== null,
  };
}

/** The migrations from one to another: all that build on the first and that the last builds on. */
function rangeOf(migrations: readonly Migration[], options: SquashOptions): Migration[] {
  const first = findMigration(options.first, migrations);
  const last = findMigration(options.last, migrations);
  const below = new Set([...ancestorsOf(last.name, migrations), last.name]);
  const parts = migrations.filter(({ name }) =>
    below.has(name) && (name === first.name || ancestorsOf(name, migrations).has(first.name))
  );
  if (parts.length < 2 || !below.has(first.name)) {
    throw new MigrationError(
      `Cannot squash ${first.name} to ${last.name}: the one does not lead to the other`,
      { code: "squash_range", hint: "Name the first and the last of at least two that follow" },
    );
  }
  const present = new Set(migrations.map(({ name }) => name));
  const inner = migrations.find(({ name, replaces }) =>
    replaces.some((one) => present.has(one)) &&
    (parts.some((part) => part.name === name || replaces.includes(part.name)))
  );
  if (inner === undefined) return parts;
  throw new MigrationError(`Cannot squash: ${inner.name} stands for files that are still there`, {
    code: "squash_range",
    hint: "Take the files away that it stands for, once every database has had them",
  });
}

async function proven(
  shadow: Shadow,
  before: readonly Migration[],
  parts: readonly Migration[],
): Promise<Draft> {
  const texts: string[] = [];
  for (const { name, up } of parts) texts.push(...await textsOf(name, up));
  const start = await structureAfter(shadow, before);
  const end = await structureAfter(shadow, [...before, ...parts]);
  let fault: readonly string[] = [];
  for (const draft of await draftsOf(parts, texts, start, end)) {
    fault = await faultsOf(shadow, before, parts, draft, { start, end });
    if (fault.length === 0) return draft;
    // a way back that fails is left out, a way there is not
    const upOnly = { ...draft, down: null };
    if (
      draft.down !== null &&
      (await faultsOf(shadow, before, parts, upOnly, { start, end })).length === 0
    ) return upOnly;
  }
  throw new MigrationError(
    `The squash does not lead to what its parts lead to${toldLines(fault)}`,
    {
      code: "proof_failed",
      hint: "Nothing was written. Squash fewer of them; please report it with the files",
      context: { differences: fault.length },
    },
  );
}

/** The ways of writing it, the shortest first. */
async function draftsOf(
  parts: readonly Migration[],
  texts: readonly string[],
  start: Catalog,
  end: Catalog,
): Promise<Draft[]> {
  const drafts: Draft[] = [];
  if (texts.every(isStructural)) {
    const way = (from: Catalog, to: Catalog) =>
      plan(diff(from, to, {}, { owners: false }), from, to, { safe: false, owners: false }).steps;
    const [up, down] = [way(start, end), way(end, start)];
    const transaction = [...up, ...down].every(({ transactional }) => transactional);
    const kept = (steps: typeof up): string[] =>
      steps.filter(({ kind }) => transaction || kind !== "setting").map(({ sql }) => sql);
    drafts.push({ up: kept(up), down: kept(down), transaction, planned: true });
  }
  const back = parts.every(({ down }) => down !== null) ? [] as string[] : null;
  if (back !== null) {
    for (const { name, down } of parts.toReversed()) back.push(...await textsOf(name, down!));
  }
  const transaction = parts.every((one) => one.transaction);
  drafts.push({ up: texts, down: back, transaction, planned: false });
  return drafts;
}

/** What a draft leads to otherwise than its parts, up and down; a statement that fails is told too. */
async function faultsOf(
  shadow: Shadow,
  before: readonly Migration[],
  parts: readonly Migration[],
  { up, down }: Draft,
  { start, end }: { readonly start: Catalog; readonly end: Catalog },
): Promise<string[]> {
  const runs = (texts: readonly string[]): MigrationFunction => async (db: MigrationDb) => {
    for (const text of texts) await db.execute(text);
  };
  const one = { ...parts[0]!, name: "the squash", up: runs(up) };
  try {
    const faults = structureDifferences(await structureAfter(shadow, [...before, one]), end);
    if (faults.length > 0 || down === null) return faults;
    const back = { ...one, name: "its way back", up: runs(down) };
    return structureDifferences(await structureAfter(shadow, [...before, one, back]), start);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return [error.message];
  }
}

const STRUCTURAL: ReadonlySet<string> = new Set([
  ...["create", "alter", "drop", "comment", "grant", "revoke", "security"],
]);

/** Whether a statement changes structure alone, so that its end can be reached in another way. */
function isStructural(sql: string): boolean {
  const words = [...tokensOf(sql)].filter(({ kind }) => kind === "word")
    .map(({ start, end }) => sql.slice(start, end).toLowerCase());
  if (!STRUCTURAL.has(words[0] ?? "")) return false;
  // a table that is made of a query has rows
  const isTable = words[0] === "create" && words.slice(1, 4).includes("table");
  return !(isTable && words.includes("select"));
}
