import { identity } from "../../src/catalog/identity.ts";
import type { DefinedObject } from "../../src/catalog/other_types.ts";
import { nameOf, tokensOf } from "../../src/catalog/sql_tokens.ts";
import type {
  CatalogObject,
  ExtensionObject,
  ObjectKind,
  SchemaObject,
  UnmodelledObject,
} from "../../src/catalog/types.ts";
import { policies, rules, statistics, triggers } from "./acting.ts";
import { columns, identityComment } from "./columns.ts";
import { constraints } from "./constraints.ts";
import type { DdlOf, DdlTable, Surroundings } from "./ddl_kind.ts";
import { indexes } from "./indexes.ts";
import { commentStatement, locks, ownerStatement, statement } from "./make.ts";
import { defaultPrivileges, privileges } from "./privileges.ts";
import { ident, literal } from "./quote.ts";
import { routines } from "./routines.ts";
import { sequences } from "./sequences.ts";
import type { DdlStatement } from "./statement.ts";
import { tables } from "./tables.ts";
import { targetText } from "./target.ts";
import { composites, domains, enums, ranges } from "./types.ts";
import { materializedViews, views } from "./views.ts";

const schemas: DdlOf<SchemaObject> = {
  create: (one) => [statement(`CREATE SCHEMA ${ident(one.name)}`)],
  drop: (one) => [statement(`DROP SCHEMA ${ident(one.name)}`)],
  alter: () => [],
  rename: (before, after) => [
    statement(`ALTER SCHEMA ${ident(before.name)} RENAME TO ${ident(after.name)}`),
  ],
};

const extensions: DdlOf<ExtensionObject> = {
  create: (one) => [
    statement(
      `CREATE EXTENSION IF NOT EXISTS ${ident(one.name)}${
        one.schema === "pg_catalog" || one.schema === "" ? "" : ` WITH SCHEMA ${ident(one.schema)}`
      }${one.version === "" ? "" : ` VERSION ${literal(one.version)}`}`,
    ),
  ],
  drop: (one) => [statement(`DROP EXTENSION ${ident(one.name)}`)],
  alter: (before, after) => [
    ...(before.version === after.version || after.version === ""
      ? []
      : [statement(`ALTER EXTENSION ${ident(after.name)} UPDATE TO ${literal(after.version)}`)]),
    ...(before.schema === after.schema
      ? []
      : [statement(`ALTER EXTENSION ${ident(after.name)} SET SCHEMA ${ident(after.schema)}`)]),
  ],
  rename: null,
};

const defined: DdlOf<DefinedObject> = {
  create: (one) => [one.definition, ...one.completion].map((sql) => statement(sql)),
  drop: (one) => [statement(`DROP ${targetText(one)}`)],
  alter: () => [],
  rename: null,
};

const publications: DdlOf<DefinedObject> = {
  ...defined,
  create: (one, around) =>
    [one.definition, ...one.completion].map((sql) => statement(sql, ofNamed(sql, around))),
};

/** The lock on a table that was there and that a statement names. */
function ofNamed(sql: string, { catalog, isOld }: Surroundings): Partial<DdlStatement> {
  const tokens = tokensOf(sql);
  const names = tokens.flatMap((token, at) => {
    const [schema, name] = [nameOf(tokens[at - 1] ?? ""), nameOf(tokens[at + 1] ?? "")];
    return token === "." && schema !== null && name !== null
      ? [identity("table", [schema, name])]
      : [];
  });
  const found = names.find((name) => catalog.objects.has(name) && isOld(name));
  return found === undefined ? {} : locks("SHARE UPDATE EXCLUSIVE", found);
}

// What the catalog does not describe is never compared, so nothing is ever written of it.
const unmodelled: DdlOf<UnmodelledObject> = {
  create: () => [],
  drop: () => [],
  alter: () => [],
  rename: null,
};

/** How each kind of object is written. */
export const ddl: DdlTable = {
  schema: schemas,
  extension: extensions,
  table: tables,
  column: columns,
  constraint: constraints,
  index: indexes,
  sequence: sequences,
  enum: enums,
  domain: domains,
  composite: composites,
  range: ranges,
  view: views,
  "materialized view": materializedViews,
  function: routines,
  procedure: routines,
  aggregate: routines,
  trigger: triggers,
  rule: rules,
  policy: policies,
  statistics,
  cast: defined,
  collation: defined,
  "event trigger": defined,
  "foreign data wrapper": defined,
  "foreign server": defined,
  operator: defined,
  "operator class": defined,
  "operator family": defined,
  publication: publications,
  "text search configuration": defined,
  "text search dictionary": defined,
  "access method": defined,
  conversion: defined,
  language: defined,
  "text search parser": defined,
  "text search template": defined,
  transform: defined,
  privilege: privileges,
  "default privilege": defaultPrivileges,
  unmodelled,
};

// One door: the table is keyed by kind, and an object is told to its own entry.
function entry(kind: ObjectKind): DdlOf<CatalogObject> {
  return ddl[kind] as unknown as DdlOf<CatalogObject>;
}

/** What owners are written for: null = none is. */
export interface Ownership {
  /** The role that makes the objects, and so owns them without a word; null = not known. */
  readonly role: string | null;
}

/** The owner that an object states; null = it has none, or states none. */
export function ownerOf(object: CatalogObject): string | null {
  if (object.kind === "default privilege" || !("owner" in object)) return null;
  return object.owner === "" ? null : object.owner;
}

/** Makes an object with its owner and its comment. */
export function createStatements(
  object: CatalogObject,
  around: Surroundings,
  ownership: Ownership | null,
): DdlStatement[] {
  const owner = ownership === null ? null : ownerOf(object);
  return [
    ...entry(object.kind).create(object, around),
    ...(owner === null || owner === ownership?.role ? [] : [ownerStatement(object, owner)]),
    ...(object.comment === null || targetText(object) === "" ? [] : [commentStatement(object)]),
    ...(object.kind === "column" && object.identity !== null && object.identity.comment !== null
      ? [identityComment(object)]
      : []),
  ];
}

/** Takes an object away. */
export function dropStatements(object: CatalogObject, around: Surroundings): DdlStatement[] {
  return [...entry(object.kind).drop(object, around)];
}

/** Makes an object into another of the same identity, with its owner and its comment. */
export function alterStatements(
  before: CatalogObject,
  after: CatalogObject,
  around: Surroundings,
  ownership: Ownership | null,
): DdlStatement[] {
  const owner = ownership === null ? null : ownerOf(after);
  return [
    ...entry(after.kind).alter(before, after, around),
    ...(owner === null || owner === ownerOf(before) ? [] : [ownerStatement(after, owner)]),
    ...(before.comment === after.comment ? [] : [commentStatement(after)]),
  ];
}

/** Gives an object the name of another; null = its kind cannot be renamed. */
export function renameStatements(
  before: CatalogObject,
  after: CatalogObject,
): readonly DdlStatement[] | null {
  return entry(after.kind).rename?.(before, after) ?? null;
}
