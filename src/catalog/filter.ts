import { ConfigurationError } from "../errors/base.ts";
import { nearest } from "../util/nearest.ts";
import { type Catalog, makeCatalog } from "./catalog.ts";
import type { CatalogObject, ObjectOf } from "./types.ts";

/** Which tables, views and materialized views to keep: at most one of the two lists. */
export interface TableFilter {
  /** Keep these alone. An entry is a name or `schema.name`; `*` stands for any characters. */
  readonly include?: readonly string[] | undefined;
  /** Keep all but these. */
  readonly exclude?: readonly string[] | undefined;
}

interface RelationName {
  readonly schema: string;
  readonly name: string;
}

/**
 * Drops tables and views from a catalog, with their columns, constraints, indexes, triggers, rules,
 * policies, statistics and own sequences. Foreign keys of the kept tables stay, wherever they point.
 *
 * @throws {ConfigurationError} both lists are given, or an entry matches nothing; an excluded pattern
 *   with `*` may match nothing
 */
export function filterTables(catalog: Catalog, filter: TableFilter): Catalog {
  const { include, exclude } = filter;
  if (include !== undefined && exclude !== undefined) {
    throw new ConfigurationError("Cannot include and exclude tables at the same time", {
      code: "conflicting_options",
      hint: "Give one of the two lists",
    });
  }
  const entries = include ?? exclude;
  if (entries === undefined) return catalog;

  const relations = Array.from(catalog.objects.values()).filter(isRelation);
  const named = new Set<string>();
  for (const entry of entries) {
    const matches = relations.filter(matcher(entry));
    const required = include !== undefined || !entry.includes("*");
    if (matches.length === 0 && required) throw unknown(entry, relations);
    for (const match of matches) named.add(key(match.schema, match.name));
  }
  const dropped = new Set(
    relations.map((relation) => key(relation.schema, relation.name))
      .filter((name) => named.has(name) === (exclude !== undefined)),
  );
  return makeCatalog(
    catalog.serverVersion,
    Array.from(catalog.objects.values()).filter((object) => {
      const owner = relationOf(object);
      return owner === null || !dropped.has(key(owner.schema, owner.name));
    }),
    catalog.dependencies,
  );
}

type Relation = ObjectOf<"table" | "view" | "materialized view">;

function isRelation(object: CatalogObject): object is Relation {
  return object.kind === "table" || object.kind === "view" || object.kind === "materialized view";
}

/** The table or view that an object is, or belongs to; null = none. */
function relationOf(object: CatalogObject): RelationName | null {
  if (isRelation(object)) return object;
  if (object.kind === "statistics") return object.table;
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

// A NUL cannot stand in a name, so no two pairs of names share a key.
function key(schema: string, name: string): string {
  return `${schema}\0${name}`;
}
