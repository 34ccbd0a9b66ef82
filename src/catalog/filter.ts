import { ConfigurationError } from "../errors/base.ts";
import { nearest } from "../util/nearest.ts";
import { type Catalog, makeCatalog } from "./catalog.ts";
import { HELD_ON_RELATIONS, parentOf } from "./parent.ts";
import type { CatalogObject, ObjectOf } from "./types.ts";

/** Which tables, views and materialized views to keep: at most one of the two lists. */
export interface TableFilter {
  /** Keep these alone. An entry is a name or `schema.name`; `*` stands for any characters. */
  readonly include?: readonly string[] | undefined;
  /** Keep all but these. */
  readonly exclude?: readonly string[] | undefined;
}

/** A table or view by its schema and name. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

/**
 * Drops tables and views from a catalog, with their columns, constraints, indexes, triggers, rules,
 * policies, statistics, own sequences and the privileges on all of these. Foreign keys of the kept tables stay, wherever they point.
 *
 * @throws {ConfigurationError} both lists are given, or an entry matches nothing; an excluded pattern
 *   with `*` may match nothing
 */
export function filterTables(catalog: Catalog, filter: TableFilter): Catalog {
  const { include, exclude } = filter;
  if (include === undefined && exclude === undefined) return catalog;
  const keeps = tableChoice(filter, Array.from(catalog.objects.values()).filter(isRelation));
  const isKept = (object: CatalogObject): boolean => {
    if (object.kind === "privilege" && object.on.kind === "sequence") {
      const sequence = catalog.objects.get(parentOf(object, catalog.objects)!);
      return sequence === undefined || isKept(sequence);
    }
    const relation = relationHolding(object);
    return relation === null || keeps(relation);
  };
  return makeCatalog(
    catalog.serverVersion,
    Array.from(catalog.objects.values()).filter(isKept),
    catalog.dependencies,
  );
}

/**
 * Turns a filter into the question which of the known tables and views it keeps. One that is not
 * among them is judged as well.
 *
 * @throws {ConfigurationError} both lists are given, or an entry matches none of the known ones; an
 *   excluded pattern with `*` may match nothing
 */
export function tableChoice(
  { include, exclude }: TableFilter,
  known: readonly RelationName[],
): (relation: RelationName) => boolean {
  if (include !== undefined && exclude !== undefined) {
    throw new ConfigurationError("Cannot include and exclude tables at the same time", {
      code: "conflicting_options",
      hint: "Give one of the two lists",
    });
  }
  const entries = include ?? exclude;
  if (entries === undefined) return () => true;
  const matchers = entries.map((entry) => {
    const matches = matcher(entry);
    const required = include !== undefined || !entry.includes("*");
    if (required && !known.some(matches)) throw unknown(entry, known);
    return matches;
  });
  return (relation) => matchers.some((matches) => matches(relation)) === (include !== undefined);
}

type Relation = ObjectOf<"table" | "view" | "materialized view">;

function isRelation(object: CatalogObject): object is Relation {
  return object.kind === "table" || object.kind === "view" || object.kind === "materialized view";
}

/** The table or view that an object is, belongs to, or is a privilege on; null = none. */
export function relationHolding(object: CatalogObject): RelationName | null {
  if (isRelation(object)) return object;
  if (object.kind === "statistics") return object.table;
  if (object.kind === "privilege") {
    const [schema, name] = object.on.name;
    return HELD_ON_RELATIONS.has(object.on.kind) ? { schema: schema!, name: name! } : null;
  }
  if (object.kind === "sequence") {
    return object.ownedBy && { schema: object.ownedBy.schema, name: object.ownedBy.table };
  }
  return "table" in object ? { schema: object.schema, name: object.table } : null;
}

function matcher(entry: string): (relation: RelationName) => boolean {
  const literal = entry.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  const pattern = new RegExp(`^${literal.join(".*")}$`, "su");
  return ({ schema, name }) => pattern.test(name) || pattern.test(`${schema}.${name}`);
}

function unknown(entry: string, relations: readonly RelationName[]): ConfigurationError {
  const known = entry.includes(".")
    ? relations.map(({ schema, name }) => `${schema}.${name}`)
    : relations.map(({ name }) => name);
  const guess = nearest(entry, known);
  return new ConfigurationError(`Cannot find a table named ${JSON.stringify(entry)}`, {
    code: "unknown_table",
    hint: guess === undefined
      ? "Names are case-sensitive; write name or schema.name, * for any characters"
      : `Did you mean ${JSON.stringify(guess)}?`,
    context: { table: entry },
  });
}
