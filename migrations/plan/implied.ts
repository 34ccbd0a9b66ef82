import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import type { CatalogObject, ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { identity } from "../../src/catalog/identity.ts";
import { parentTables, relationObject, type Side, type World } from "./world.ts";

type Part = Extract<CatalogObject, { readonly table: string; readonly name: string }>;

const isKey = (object: CatalogObject): boolean =>
  object.kind === "constraint" && ["primary", "unique", "exclusion"].includes(object.type);

/** Whether the table is there on both sides and is not made again. */
function stays(table: string, { live, fates }: World): boolean {
  const fate = fates.get(table);
  return live.catalog.objects.has(table) && fate !== "rebuild" && fate !== "drop";
}

/** The table that a part is on; undefined = it is on a view, or on nothing. */
function tableOf(part: Part, side: Side): TableObject | undefined {
  const found = relationObject(part as { schema: string; table: string }, side);
  return found?.kind === "table" ? found : undefined;
}

const identityOfTable = ({ schema, name }: TableObject): string =>
  identity("table", [schema, name]);

/** The parents that a table has on both sides, and keeps all through the plan. */
function keptParents(table: TableObject, world: World): string[] {
  const name = identityOfTable(table);
  const [before, after] = [world.live, world.target].map((side) => side.catalog.objects.get(name));
  if (before?.kind !== "table" || after?.kind !== "table" || !stays(name, world)) return [];
  const had = parentTables(before);
  return parentTables(after).filter((parent) => had.includes(parent) && stays(parent, world));
}

/** Whether a part of the same kind and name of a parent that the table keeps has one of the fates. */
function parentHas(
  part: Part,
  table: TableObject,
  world: World,
  wanted: readonly string[],
): boolean {
  return keptParents(table, world).some((parent) => {
    const [schema, name] = parts(parent);
    const fate = world.fates.get(identity(part.kind, [schema, name, part.name]));
    return fate !== undefined && wanted.includes(fate);
  });
}

/**
 * Whether a part of a table goes without the same part of the tables that inherit from it, as one of
 * these keeps it.
 */
export function goesAlone(part: ColumnObject | ConstraintObject, world: World): boolean {
  const parent = identity("table", [part.schema, part.table]);
  if (world.fates.get(identity(part.kind, [part.schema, part.table, part.name])) !== "drop") {
    return false;
  }
  for (const [name, object] of world.live.catalog.objects) {
    if (object.kind !== "table" || object.inherits.length === 0) continue;
    if (!keptParents(object, world).includes(parent)) continue;
    const own = identity(part.kind, [object.schema, object.name, part.name]);
    const fate = world.fates.get(own);
    if (world.live.catalog.objects.has(own) && fate !== "drop" && fate !== "rebuild") {
      return stays(name, world);
    }
  }
  return false;
}

/** Whether a parent that the table keeps brings the same change of NULLs along for a column. */
export function bringsNulls(before: ColumnObject, after: ColumnObject, world: World): boolean {
  if (before.notNull === after.notNull) return false;
  const table = tableOf(after, world.target);
  if (table === undefined) return false;
  return keptParents(table, world).some((parent) => {
    const [schema, name] = parts(parent);
    const column = identity("column", [schema, name, after.name]);
    const [was, is] = [world.live, world.target].map((side) => side.catalog.objects.get(column));
    return was?.kind === "column" && is?.kind === "column" && was.notNull !== is.notNull &&
      is.notNull === after.notNull;
  });
}

/** The schema and name in the identity of a table. */
function parts(table: string): [string, string] {
  const names = [...table.matchAll(/"((?:[^"]|"")*)"/g)].map((match) =>
    match[1]!.replaceAll('""', '"')
  );
  return [names[0]!, names[1]!];
}

/** Whether an object comes with what its table is a partition or child of, without a statement of its own. */
export function comesAlong(object: CatalogObject, world: World): boolean {
  if (object.kind === "trigger") return object.inherited;
  if (object.kind !== "column" && object.kind !== "constraint" || object.local) return false;
  const table = tableOf(object, world.target);
  if (table === undefined) return false;
  const isPartition = table.partitionOf !== null;
  const isNew = !stays(identityOfTable(table), world);
  if (object.kind === "constraint") {
    if (object.type === "foreign") return true;
    // the key of a partition has its own name
    if (isPartition && isKey(object)) return false;
  }
  // CREATE TABLE takes all from what it inherits; a partition is made by itself and then attached
  if (isNew) return !isPartition;
  return parentHas(object, table, world, ["create", "rebuild"]);
}

/** Whether an object goes with what its table is a partition or child of. */
export function goesAlong(object: CatalogObject, world: World): boolean {
  const { live, fates } = world;
  if (object.kind === "trigger") return object.inherited;
  if (object.kind === "index") {
    const of = object.parent === null ? undefined : tableOf(object, live);
    // a partition that leaves its parent takes its indexes with it
    if (of === undefined || keptParents(of, world).length === 0) return false;
    return [...fates].some(([name, fate]) => {
      if (fate !== "drop" && fate !== "rebuild" || !name.startsWith("index ")) return false;
      const parent = live.catalog.objects.get(name);
      return parent?.kind === "index" && parent.schema === object.parent!.schema &&
        parent.name === object.parent!.name;
    });
  }
  if (object.kind !== "column" && object.kind !== "constraint" || object.local) return false;
  const table = tableOf(object, live);
  if (table === undefined) return false;
  if (object.kind === "constraint" && (object.type === "foreign" || isKey(object))) {
    const isGone = !world.target.catalog.objects.has(identityOfTable(table));
    return isGone || keptParents(table, world).length > 0;
  }
  return parentHas(object, table, world, ["drop", "rebuild"]) && !isLeft(object, table, world);
}

/** Whether a parent lets go of the part without taking it along. */
function isLeft(part: Part, table: TableObject, world: World): boolean {
  return keptParents(table, world).some((parent) => {
    const [schema, name] = parts(parent);
    const found = world.live.catalog.objects.get(identity(part.kind, [schema, name, part.name]));
    const isPart = found?.kind === "column" || found?.kind === "constraint";
    return isPart && goesAlone(found, world);
  });
}
