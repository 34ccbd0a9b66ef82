import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import { identity, identityOf } from "../../src/catalog/identity.ts";
import { parentOf, relationOf } from "../../src/catalog/parent.ts";
import type { CatalogObject, ColumnObject, TableObject } from "../../src/catalog/types.ts";
import type { Surroundings } from "../ddl/ddl_kind.ts";
import type { Change } from "../diff/change.ts";
import { renamedCatalog } from "../diff/renamed.ts";
import { replay } from "../diff/replay.ts";
import { needsByText } from "./by_text.ts";

/** What a change does to one object; an object without one stays. */
export type Fate = "create" | "drop" | "alter" | "rebuild";

/** One side of a plan: the catalog, and what is asked of it again and again. */
export interface Side {
  readonly catalog: Catalog;
  /** What an object needs, with the expression of its default as an object of its own. */
  readonly needs: (identity: string) => readonly string[];
  /** What needs an object. */
  readonly needed: (identity: string) => readonly string[];
  /** The identity of the object that another is a part of; null = none. */
  readonly parent: (identity: string) => string | null;
  /** The parts of an object. */
  readonly parts: (identity: string) => readonly string[];
  readonly columns: (schema: string, table: string) => readonly ColumnObject[];
}

/** Both sides of a plan, after its renames. */
export interface World {
  readonly live: Side;
  readonly target: Side;
  /** What happens to each object; torn objects are added while the plan is made. */
  readonly fates: Map<string, Fate>;
}

/** Makes the world of a plan. */
export function makeWorld(
  changes: readonly Change[],
  live: Catalog,
  declared: Catalog,
): World {
  let current = live;
  for (const change of changes) {
    if (change.action === "rename") current = renamedCatalog(current, change);
  }
  const replayed = replay(live, changes);
  // what is left alone needs what it needed; the rest, what is declared
  const needs = new Map([...current.dependencies, ...declared.dependencies]);
  const fates = new Map<string, Fate>();
  for (const change of changes) {
    if (change.action === "rename") continue;
    const object = change.action === "drop" ? change.before : change.after;
    fates.set(identityOf(object), change.action);
  }
  return {
    live: sideOf(current),
    target: sideOf(makeCatalog(declared.serverVersion, replayed.objects.values(), needs)),
    fates,
  };
}

function sideOf(catalog: Catalog): Side {
  const needs = new Map<string, Set<string>>();
  const needed = new Map<string, string[]>();
  const parents = new Map<string, string>();
  const parts = new Map<string, string[]>();
  const columns = new Map<string, ColumnObject[]>();
  const add = (from: string, to: string): void => {
    if (from === to) return;
    let all = needs.get(from);
    if (all === undefined) needs.set(from, all = new Set());
    if (all.has(to)) return;
    all.add(to);
    pushTo(needed, to, from);
  };
  for (const [from, all] of catalog.dependencies) for (const to of all) add(from, to);
  if (catalog.dependencies.size === 0) {
    for (const [from, to] of needsByText(catalog)) add(from, to);
  }
  for (const [name, object] of catalog.objects) {
    const parent = parentOf(object, catalog.objects);
    if (parent !== null) {
      parents.set(name, parent);
      pushTo(parts, parent, name);
      add(name, parent);
    }
    if (object.kind === "column") {
      pushTo(columns, JSON.stringify([object.schema, object.table]), object);
      if (object.default !== null || object.generated !== null) {
        add(`default${name.slice(6)}`, name);
      }
    }
    for (const to of plainNeeds(object, catalog)) add(name, to);
  }
  for (const list of columns.values()) list.sort((a, b) => a.position - b.position);
  return {
    catalog,
    needs: (name) => [...needs.get(name) ?? []],
    needed: (name) => needed.get(name) ?? [],
    parent: (name) => parents.get(name) ?? null,
    parts: (name) => parts.get(name) ?? [],
    columns: (schema, table) => columns.get(JSON.stringify([schema, table])) ?? [],
  };
}

function pushTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** What an object needs by what it says itself, whatever the server recorded. */
function plainNeeds(object: CatalogObject, catalog: Catalog): string[] {
  const found: string[] = [];
  if ("schema" in object && object.schema !== null) {
    found.push(identity("schema", [object.schema]));
  }
  if (object.kind === "table") {
    if (object.partitionOf !== null) {
      found.push(identity("table", [object.partitionOf.schema, object.partitionOf.table]));
    }
    for (const { schema, table } of object.inherits) found.push(identity("table", [schema, table]));
    if (object.foreign !== null) found.push(identity("foreign server", [object.foreign.server]));
  }
  if (object.kind === "constraint" && object.type === "foreign") {
    const { schema, table, columns } = object.references;
    for (const column of columns) found.push(identity("column", [schema, table, column]));
  }
  if ((object.kind === "constraint" || object.kind === "index") && "columns" in object) {
    for (const column of object.columns) {
      found.push(identity("column", [object.schema, object.table, column]));
    }
  }
  return found.filter((name) => catalog.objects.has(name));
}

/** What the statements of one side need to know of it. */
export function surroundings(
  world: World,
  side: Side,
  safe: boolean,
  inlineOf: (schema: string, table: string) => readonly ConstraintObject[] = () => [],
  columnsOf: Side["columns"] = side.columns,
): Surroundings {
  const { live, fates } = world;
  const taken = new Set<string>();
  for (const object of live.catalog.objects.values()) {
    if ("name" in object && "schema" in object && typeof object.name === "string") {
      taken.add(JSON.stringify([object.schema, object.name]));
    }
    if (object.kind === "column" && object.identity !== null) {
      const { schema, name } = object.identity.sequence;
      taken.add(JSON.stringify([schema, name]));
    }
  }
  const parted = new Set<string>();
  for (const [name, object] of live.catalog.objects) {
    if (object.kind !== "table" || object.partitionOf === null || fates.get(name) === "drop") {
      continue;
    }
    parted.add(JSON.stringify([object.partitionOf.schema, object.partitionOf.table]));
  }
  return {
    catalog: side.catalog,
    before: live.catalog,
    safe,
    isOld: (relation) => {
      const found = live.catalog.objects.get(relation);
      const name = found === undefined ? otherKind(relation, live.catalog) : relation;
      return name !== null && fates.get(name) !== "rebuild" && fates.get(name) !== "create";
    },
    isTaken: (schema, name) => taken.has(JSON.stringify([schema, name])),
    columnsOf,
    inlineOf,
    hasPartitions: (schema, table) => parted.has(JSON.stringify([schema, table])),
    goesAlone: () => false,
  };
}

/** A part of a view is told as one of a table; this finds what it is on. */
export function otherKind(relation: string, catalog: Catalog): string | null {
  for (const kind of ["view", "materialized view"]) {
    const name = relation.replace(/^table /, `${kind} `);
    if (name !== relation && catalog.objects.has(name)) return name;
  }
  return null;
}

/** The tables that a table is a partition of or inherits from. */
export function parentTables(table: TableObject): string[] {
  const { partitionOf, inherits } = table;
  return [...(partitionOf === null ? [] : [partitionOf]), ...inherits]
    .map(({ schema, table: name }) => identity("table", [schema, name]));
}

/** The table, view or materialized view that a part is on. */
export function relationObject(
  part: { readonly schema: string; readonly table: string },
  side: Side,
): CatalogObject | undefined {
  const { objects } = side.catalog;
  return objects.get(relationOf(part.schema, part.table, objects));
}
