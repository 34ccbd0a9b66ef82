import type { Catalog } from "../src/catalog/catalog.ts";
import { identityOf } from "../src/catalog/identity.ts";
import { parentOf } from "../src/catalog/parent.ts";
import { MigrationError } from "../src/errors/base.ts";
import { diff } from "./diff/diff.ts";
import type { Migration } from "./file/db.ts";
import { loadMigrations } from "./file/load.ts";
import { checkWords, makeName } from "./file/name.ts";
import { nextNumber } from "./file/next.ts";
import { ancestorsOf, headsOf } from "./file/order.ts";
import { type MigrationFormat, writeMigration } from "./file/text.ts";
import { writeFiles } from "./file/write.ts";
import { toldLines } from "./make/proof.ts";
import { structureAfter, structureDifferences } from "./reorganise.ts";
import { type Shadow, withShadow } from "./shadow/shadow.ts";

/** How branches are merged. */
export interface MergeOptions {
  /** The folder; default `migrations`. */
  readonly folder?: string | undefined;
  /** What the merge is called behind its number; default `merge`. */
  readonly name?: string | undefined;
  /** A module, the default, or SQL files. */
  readonly format?: MigrationFormat | undefined;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
  /** Where the branches are tried: `embedded`, the default, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
}

/** A merge that was written. */
export interface MergeResult {
  /** Its name. */
  readonly name: string;
  /** The paths of its files. */
  readonly files: readonly string[];
  /** The ends that it joins. */
  readonly dependencies: readonly string[];
}

/**
 * Writes a migration that joins branches: it depends on all their ends and changes nothing.
 *
 * The branches are tried in a shadow, each by itself and all in both orders: they must touch different
 * objects and lead to the same structure.
 *
 * @throws {MigrationError} there is one end only, or the branches touch the same object
 *
 * @example
 * ```ts
 * import { merge } from "@matrx/orm/migrations";
 *
 * const folder = await Deno.makeTempDir();
 * const write = (name: string, sql: string) => Deno.writeTextFile(`${folder}/${name}.up.sql`, sql);
 * await write("0001_tags", "create table tags (id int primary key);");
 * await write("0002_ann", "create table notes (id int primary key);");
 * await write("0002_bob", "create table links (id int primary key);");
 * const { name } = await merge({ folder });
 * console.log(name); // 0003_merge
 * ```
 */
export async function merge(options: MergeOptions = {}): Promise<MergeResult> {
  const folder = options.folder ?? "migrations";
  const words = checkWords(options.name ?? "merge");
  const all = await loadMigrations(folder, { branches: true });
  const replaced = new Set(all.flatMap(({ replaces }) => replaces));
  const migrations = all.filter(({ name }) => !replaced.has(name));
  const heads = headsOf(migrations);
  if (heads.length < 2) {
    throw new MigrationError("There is nothing to merge: the migrations have one end", {
      code: "nothing_to_merge",
      hint: "matrx status lists them",
    });
  }
  await withShadow(
    { place: options.shadow },
    async (shadow) => await refuseConflicts(shadow, migrations, heads),
  );
  const dependencies = heads.map(({ name }) => name);
  const name = makeName(nextNumber(all), words);
  const files = writeMigration({
    name,
    summary: [`joins ${dependencies.join(" and ")}`],
    dependencies,
    transaction: true,
    up: [],
    down: [],
    importFrom: options.importFrom,
  }, options.format ?? "ts");
  return {
    name,
    files: await writeFiles(folder, files, options.dryRun),
    dependencies,
  };
}

/** A branch, and the objects that it makes, changes or drops. */
interface Branch {
  readonly head: string;
  readonly own: readonly Migration[];
  readonly touched: ReadonlyMap<string, "part" | "whole">;
}

async function refuseConflicts(
  shadow: Shadow,
  migrations: readonly Migration[],
  heads: readonly Migration[],
): Promise<void> {
  const reach = heads.map(({ name }) => new Set([...ancestorsOf(name, migrations), name]));
  const common = migrations.filter(({ name }) => reach.every((one) => one.has(name)));
  const base = await structureAfter(shadow, common);
  const branches: Branch[] = [];
  for (const [at, { name: head }] of heads.entries()) {
    const own = migrations.filter(({ name }) =>
      reach[at]!.has(name) && !common.some((one) => one.name === name)
    );
    const after = await structureAfter(shadow, [...common, ...own]);
    branches.push({ head, own, touched: touchedBy(base, after) });
  }
  const clashes = branches.flatMap((one, at) =>
    branches.slice(at + 1).flatMap((other) => clashesOf(one, other))
  );
  if (clashes.length > 0) throw conflict(clashes);
  const inOrder = async (list: readonly Branch[]): Promise<Catalog> => {
    // what two branches share besides the common ones runs once
    const own = [...new Set(list.flatMap((branch) => branch.own))];
    return await structureAfter(shadow, [...common, ...own]);
  };
  const lines = structureDifferences(
    await inOrder(branches),
    await inOrder(branches.toReversed()),
  );
  if (lines.length > 0) {
    throw conflict(lines.map((line) => `${line}, by the order of the branches`));
  }
}

function touchedBy(before: Catalog, after: Catalog): Map<string, "part" | "whole"> {
  const touched = new Map<string, "part" | "whole">();
  for (const change of diff(before, after, {}, { owners: false })) {
    const object = change.action === "drop" ? change.before : change.after;
    touched.set(identityOf(object), "whole");
    const parent = parentOf(object, (change.action === "drop" ? before : after).objects);
    if (parent !== null && !touched.has(parent)) touched.set(parent, "part");
  }
  return touched;
}

/** The objects that both change, and those of which one changes a part and the other the whole. */
function clashesOf(one: Branch, other: Branch): string[] {
  return [...one.touched].flatMap(([name, how]) => {
    const there = other.touched.get(name);
    const clash = there !== undefined && (how === "whole" || there === "whole");
    return clash ? [`${name} is touched by ${one.head} and by ${other.head}`] : [];
  });
}

function conflict(lines: readonly string[]): MigrationError {
  return new MigrationError(`The branches cannot be merged by themselves${toldLines(lines)}`, {
    code: "branches_conflict",
    hint:
      "Change one of the branches, or write the merge by hand: matrx empty, with dependencies " +
      "that name both ends",
    context: { conflicts: lines.length },
  });
}
