/** What of a database is a matter of the declaration. */
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { relationHolding, tableChoice } from "../../src/catalog/filter.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import { parentOf } from "../../src/catalog/parent.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import { shownName } from "./shown.ts";

/** Which objects are managed. */
export interface ScopeOptions {
  /**
   * The schemas; default: `public`, and those that models and SQL objects declare or declared when the
   * last migration was made.
   */
  readonly schemas?: readonly string[] | undefined;
  /** The tables and views to look at alone: `name` or `schema.name`, `*` for any characters. */
  readonly includeTables?: readonly string[] | undefined;
  /** The tables and views to leave out; not together with `includeTables`. */
  readonly excludeTables?: readonly string[] | undefined;
  /**
   * Whether what the database has and nothing declares is dropped: all of the managed schemas, or what
   * these names say. Default false: only what was declared when the last migration was made is dropped.
   */
  readonly dropUnmanaged?: boolean | readonly string[] | undefined;
}

/** Both sides of a comparison, as far as the scope depends on them. */
export interface ScopeSides {
  /** The whole database. */
  readonly live: Catalog;
  /** What is declared. */
  readonly declared: Catalog;
  /** What was declared when the last migration was made, by identity; null = not known. */
  readonly known: ReadonlySet<string> | null;
  /** Whether SQL objects are declared: then triggers, policies and grants of a table are managed too. */
  readonly saysObjects: boolean;
}

/** Says which objects a comparison is about. */
export interface Scope {
  /** Whether an object lies in a schema and table that are looked at. */
  covers(object: CatalogObject): boolean;
  /** Whether an object of the database that is not declared is to go. */
  manages(object: CatalogObject): boolean;
}

/** Parts of a table that its model says. */
const PARTS_OF_MODELS: ReadonlySet<string> = new Set(["column", "constraint", "index"]);

/** Everything that models say. */
const SAID_BY_MODELS: ReadonlySet<string> = new Set([
  ...[...PARTS_OF_MODELS, "table", "schema", "enum", "composite"],
]);

/**
 * Decides what is managed.
 *
 * @throws {ConfigurationError} tables are included and excluded at once, or a name matches nothing
 */
export function makeScope(options: ScopeOptions, sides: ScopeSides): Scope {
  const { live, declared, known, saysObjects } = sides;
  const objects = [...live.objects.values(), ...declared.objects.values()];
  const relations = objects.flatMap((one) =>
    one.kind === "table" || one.kind === "view" || one.kind === "materialized view" ? [one] : []
  );
  const { includeTables: include, excludeTables: exclude } = options;
  const keeps = tableChoice({ include, exclude }, relations);
  const schemas = new Set(options.schemas ?? ["public", ...schemasIn(declared, known)]);
  if (options.schemas !== undefined) checkSchemas(options.schemas, objects);
  const { dropUnmanaged = false } = options;
  const named = typeof dropUnmanaged === "boolean"
    ? new Set<string>()
    : namedObjects(dropUnmanaged, live);

  const covers = (object: CatalogObject): boolean => {
    const relation = relationHolding(object);
    if (relation !== null && !keeps(relation)) return false;
    const schema = schemaOf(object);
    return schema === null || schemas.has(schema);
  };
  const either = { has: (name: string) => live.objects.has(name) || declared.objects.has(name) };
  const manages = (object: CatalogObject): boolean => {
    const name = identityOf(object);
    if (object.extension !== null) return false;
    const parent = parentOf(object, either);
    if (named.has(name) || parent !== null && named.has(parent)) return true;
    if (!covers(object)) return false;
    if (dropUnmanaged === true) return true;
    // without SQL objects at all nothing is said about what they would say
    if (known?.has(name) === true && (saysObjects || SAID_BY_MODELS.has(object.kind))) return true;
    if (parent === null) return false;
    const table = declared.objects.get(parent);
    if (table !== undefined) {
      return saysObjects || PARTS_OF_MODELS.has(object.kind) && !isOfPartition(object, table);
    }
    const whole = live.objects.get(parent);
    return whole !== undefined && manages(whole);
  };
  return { covers, manages };
}

/** What a partition has for itself is told by SQL objects alone. */
function isOfPartition(object: CatalogObject, table: CatalogObject): boolean {
  if (table.kind !== "table" || table.partitionOf === null) return false;
  return object.kind === "index" && object.parent === null ||
    object.kind === "constraint" && object.local;
}

function schemasIn(declared: Catalog, known: ReadonlySet<string> | null): string[] {
  const found = new Set<string>();
  for (const object of declared.objects.values()) {
    const schema = object.extension === null ? schemaOf(object) : null;
    if (schema !== null) found.add(schema);
  }
  for (const name of known ?? []) {
    const schema = /^schema "(.*)"$/s.exec(name)?.[1];
    if (schema !== undefined) found.add(schema.replaceAll('""', '"'));
  }
  return [...found];
}

/** The schema that an object is, or is in; null = it is in none. */
export function schemaOf(object: CatalogObject): string | null {
  if (object.kind === "schema") return object.name;
  if (object.kind === "extension") return null;
  if (object.kind === "privilege") {
    return object.on.kind.startsWith("foreign ") ? null : object.on.name[0] ?? null;
  }
  return "schema" in object ? object.schema : null;
}

/** What of a catalog lies in some schemas, or in none; undefined = all of it. */
export function inSchemas(catalog: Catalog, schemas: readonly string[] | undefined): Catalog {
  if (schemas === undefined) return catalog;
  return makeCatalog(
    catalog.serverVersion,
    [...catalog.objects.values()].filter((object) => {
      const schema = schemaOf(object);
      return schema === null || schemas.includes(schema);
    }),
    catalog.dependencies,
  );
}

function checkSchemas(asked: readonly string[], objects: readonly CatalogObject[]): void {
  const there = new Set(["public"]);
  for (const object of objects) if (object.kind === "schema") there.add(object.name);
  const missing = asked.find((name) => !there.has(name));
  if (missing === undefined) return;
  const guess = nearest(missing, there);
  throw new ConfigurationError(
    `Cannot look at schema ${JSON.stringify(missing)}: neither the database nor the code has it`,
    {
      code: "schema_not_found",
      hint: guess === undefined
        ? `There are ${[...there].sort().join(", ")}`
        : `Did you mean ${JSON.stringify(guess)}?`,
      context: { schema: missing },
    },
  );
}

/** The objects that names of users mean: `orders`, `crm.orders`, `crm.orders.note`. */
function namedObjects(names: readonly string[], live: Catalog): Set<string> {
  const found = new Set<string>();
  const shown = [...live.objects].flatMap(([id, object]) =>
    object.extension === null && object.kind !== "unmodelled"
      ? [[id, shownName(object)] as const]
      : []
  );
  for (const name of names) {
    const wanted = new Set([name, `public.${name}`]);
    const matches = shown.filter(([, one]) => wanted.has(one));
    if (matches.length === 0) {
      const guess = nearest(name, shown.map(([, one]) => one.replace(/^public\./, "")));
      throw new ConfigurationError(
        `Cannot drop ${JSON.stringify(name)}: the database has nothing of that name`,
        {
          code: "unknown_object",
          hint: guess === undefined
            ? "Write name, schema.name or schema.table.name, as the database spells them"
            : `Did you mean ${guess}?`,
        },
      );
    }
    for (const [id] of matches) found.add(id);
  }
  return found;
}
