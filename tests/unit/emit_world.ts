/** Small catalogs, made by hand for tests of the generator's pure parts. */
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type { CatalogObject, ObjectOf } from "../../src/catalog/types.ts";
import type { Context } from "../../generator/emit/context.ts";
import { contextOf, emitFiles } from "../../generator/emit/emit.ts";
import { keyOf as tableKey } from "../../generator/sources/source.ts";
import { type GenerateOptions, settingsOf } from "../../generator/options.ts";

/** A built-in type. */
export function builtin(name: string, ...modifiers: string[]): TypeRef {
  return { schema: "pg_catalog", name, modifiers, dimensions: 0 };
}

/** What a column says beside its name and type. */
export type ColumnChanges = Partial<ObjectOf<"column">>;

/** A table and its columns, `name` to type. */
export interface TableDraft {
  readonly schema?: string;
  readonly name: string;
  readonly columns: Readonly<Record<string, TypeRef | ColumnChanges>>;
  readonly primaryKey?: readonly string[];
  readonly table?: Partial<ObjectOf<"table">>;
  readonly foreignKeys?: readonly ForeignKeyDraft[];
  readonly more?: readonly CatalogObject[];
}

/** A foreign key: its columns, and what they reference. */
export interface ForeignKeyDraft {
  readonly columns: readonly string[];
  readonly to: string;
  readonly schema?: string;
  readonly toColumns?: readonly string[];
  readonly name?: string;
}

const own = { comment: null, extension: null };

const isType = (value: TypeRef | ColumnChanges): value is TypeRef => "modifiers" in value;

function columnsOf(draft: TableDraft, schema: string): ObjectOf<"column">[] {
  return Object.entries(draft.columns).map(([name, said], index) => ({
    kind: "column",
    schema,
    table: draft.name,
    name,
    position: index + 1,
    type: builtin("int4"),
    formatted: "integer",
    notNull: draft.primaryKey?.includes(name) ?? false,
    default: null,
    identity: null,
    generated: null,
    collation: null,
    storage: null,
    compression: null,
    statistics: null,
    options: {},
    foreignOptions: {},
    local: true,
    ...own,
    ...(isType(said) ? { type: said } : said),
  }));
}

const constraint = {
  kind: "constraint",
  deferrable: null,
  validated: true,
  enforced: true,
  local: true,
  definition: "",
  ...own,
} as const;

/** A primary key or unique constraint. */
export function keyOf(
  type: "primary" | "unique",
  on: { readonly schema?: string; readonly table: string },
  columns: readonly string[],
  name = type === "primary" ? `${on.table}_pkey` : `${on.table}_${columns.join("_")}_key`,
): CatalogObject {
  return {
    ...constraint,
    type,
    schema: on.schema ?? "public",
    table: on.table,
    name,
    columns,
    include: [],
    nullsNotDistinct: false,
    withoutOverlaps: false,
    storage: {},
    tablespace: null,
    indexComment: null,
  };
}

function foreignKeyOf(draft: TableDraft, schema: string, key: ForeignKeyDraft): CatalogObject {
  return {
    ...constraint,
    type: "foreign",
    schema,
    table: draft.name,
    name: key.name ?? `${draft.name}_${key.columns.join("_")}_fkey`,
    columns: key.columns,
    references: {
      schema: key.schema ?? "public",
      table: key.to,
      columns: key.toColumns ?? ["id"],
    },
    onDelete: "no action",
    onUpdate: "no action",
    onDeleteColumns: [],
    match: "simple",
    period: false,
    definition: `FOREIGN KEY (${key.columns}) REFERENCES ${key.to}(${key.toColumns ?? "id"})`,
  };
}

/** The objects of a table. */
export function tableObjects(draft: TableDraft): CatalogObject[] {
  const schema = draft.schema ?? "public";
  const key = draft.primaryKey;
  return [
    {
      kind: "table",
      schema,
      name: draft.name,
      owner: "me",
      persistence: "permanent",
      partitionBy: null,
      partitionOf: null,
      inherits: [],
      storage: {},
      tablespace: null,
      accessMethod: "heap",
      clusterOn: null,
      replicaIdentity: "default",
      rowSecurity: { enabled: false, forced: false },
      foreign: null,
      ofType: null,
      estimatedRows: null,
      ...own,
      ...draft.table,
    },
    ...columnsOf(draft, schema),
    ...(key === undefined ? [] : [keyOf("primary", { schema, table: draft.name }, key)]),
    ...(draft.foreignKeys ?? []).map((one) => foreignKeyOf(draft, schema, one)),
    ...(draft.more ?? []),
  ];
}

/** A table with a primary key `id` and further whole-number columns. */
export function simpleTable(name: string, ...columns: string[]): TableDraft {
  const entries = ["id", ...columns].map((column) => [column, builtin("int4")] as const);
  return { name, columns: Object.fromEntries(entries), primaryKey: ["id"] };
}

/** An enum type. */
export function enumObject(
  name: string,
  labels: readonly string[],
  schema = "public",
): CatalogObject {
  return { kind: "enum", schema, name, labels, owner: "me", ...own };
}

/** A catalog of tables and other objects. */
export function catalogOf(
  tables: readonly TableDraft[],
  more: readonly CatalogObject[] = [],
): Catalog {
  return makeCatalog(180000, [...tables.flatMap(tableObjects), ...more]);
}

/** Gathers and names what a catalog holds. */
export function contextFor(catalog: Catalog, options: GenerateOptions = {}): Context {
  return contextOf(catalog, settingsOf(options));
}

/** The class of each table, by `schema.table`. */
export function classesOf(catalog: Catalog): Record<string, string> {
  const { names, sources } = contextFor(catalog);
  return Object.fromEntries(sources.map(({ object }) => [
    `${object.schema}.${object.name}`,
    names.models.get(tableKey(object))!.className,
  ]));
}

/** The relations in a generated file that are not columns: name, kind and class. */
export function relationNames(catalog: Catalog, file: string): string[] {
  const text = fileOf(catalog, file);
  const calls = /^(\w+): (compositeForeignKey|inverseForeignKey|manyToMany)<(\w+)>/gm;
  return Array.from(text.matchAll(calls), ([, name, kind, target]) => `${name}: ${kind} ${target}`);
}

/** The unformatted text of a generated file. */
export function fileOf(catalog: Catalog, file: string, options: GenerateOptions = {}): string {
  const path = `generated/${file}.ts`;
  const found = emitFiles(contextFor(catalog, options)).find((one) => one.path === path);
  if (found === undefined) throw new Error(`no file ${path}`);
  return found.text;
}
