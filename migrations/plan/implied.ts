import type { CatalogObject, TableObject } from "../../src/catalog/types.ts";
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

/** Whether a part of the same kind and name of one of the table's parents has one of the fates. */
function parentHas(
  part: Part,
  table: TableObject,
  { fates }: World,
  wanted: readonly string[],
): boolean {
  return parentTables(table).some((parent) => {
    const [schema, name] = parts(parent);
    const fate = fates.get(identity(part.kind, [schema, name, part.name]));
    return fate !== undefined && wanted.includes(fate) ||
      wanted.includes(fates.get(parent) ?? "");
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
  if (object.kind === "constraint") {
    if (object.type === "foreign") return true;
    if (!isPartition) return true;
    // the key of a partition has its own name; a check has to be there before it is attached
    if (isKey(object)) return false;
    return stays(identity("table", [table.schema, table.name]), world);
  }
  if (!stays(identity("table", [table.schema, table.name]), world)) return !isPartition;
  return parentHas(object, table, world, ["create", "rebuild"]);
}

/** Whether an object goes with what its table is a partition or child of. */
export function goesAlong(object: CatalogObject, world: World): boolean {
  const { live, fates } = world;
  if (object.kind === "trigger") return object.inherited;
  if (object.kind === "index") {
    if (object.parent === null) return false;
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
    const after = world.target.catalog.objects.get(identity("table", [table.schema, table.name]));
    const still = after?.kind === "table" &&
      parentTables(after).join() === parentTables(table).join();
    return still || after === undefined;
  }
  return parentHas(object, table, world, ["drop", "rebuild"]);
}
