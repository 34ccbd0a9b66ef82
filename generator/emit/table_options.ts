import type { MaterializedViewObject, TableObject, ViewObject } from "../../src/catalog/types.ts";
import { constraintList, primaryKeyOption, propertyList } from "./constraints.ts";
import type { Context } from "./context.ts";
import type { Imports } from "./imports.ts";
import { indexExpression } from "./indexes.ts";
import { objectLiteral, recordLiteral, sqlLiteral, stringList, stringLiteral } from "./literal.ts";
import type { ModelRelations } from "./relations.ts";
import { type Partition, sameList, type Source } from "../sources/source.ts";

type Entry = readonly [key: string, value: string | undefined];

const text = (value: string | null) => value === null ? undefined : stringLiteral(value);
const list = (items: readonly string[]) => items.length === 0 ? undefined : `[${items.join(", ")}]`;
const record = (value: Readonly<Record<string, string>>) =>
  Object.keys(value).length === 0 ? undefined : recordLiteral(value);

/** Writes the options of a model. */
export function optionsLiteral(
  source: Source,
  relations: ModelRelations,
  byColumn: ReadonlyMap<string, string>,
  context: Context,
  imports: Imports,
): string {
  const { object } = source;
  return objectLiteral([
    ["schema", stringLiteral(object.schema)],
    ["database", text(context.settings.database)],
    ["comment", text(object.comment)],
    ["primaryKey", primaryKeyOption(source, byColumn)],
    ["constraints", list(constraintList(source, relations, byColumn, imports))],
    ["indexes", list(source.indexes.map((one) => indexExpression(one, byColumn, imports)))],
    ...(object.kind === "table" ? tableEntries(object, source, byColumn, imports) : []),
    ...(object.kind === "view" ? viewEntries(object) : []),
    ...(object.kind === "view" ? [] : storageEntries(object)),
  ]);
}

function viewEntries(view: ViewObject): Entry[] {
  return [["storage", record(view.options)]];
}

function storageEntries(object: TableObject | MaterializedViewObject): Entry[] {
  const { accessMethod } = object;
  return [
    ["storage", record(object.storage)],
    ["tablespace", text(object.tablespace)],
    ["accessMethod", accessMethod === "heap" ? undefined : text(accessMethod)],
    ["clusterOn", text(object.clusterOn)],
  ];
}

function tableEntries(
  table: TableObject,
  source: Source,
  byColumn: ReadonlyMap<string, string>,
  imports: Imports,
): Entry[] {
  const { ofType } = table;
  const parents = table.inherits.map((parent) => stringList([parent.schema, parent.table]));
  const inherited = source.columns.filter((column) => !column.local).map((column) => column.name);
  return [
    [
      "partitionBy",
      table.partitionBy === null ? undefined : sqlLiteral(table.partitionBy, imports.value("sql")),
    ],
    [
      "partitions",
      partitionList(
        source.partitions,
        source.columns.map(({ name }) => name),
        table.schema,
        imports,
      ),
    ],
    ["inherits", list(parents)],
    ["inherited", inherited.length === 0 ? undefined : propertyList(inherited, byColumn)],
    ["ofType", ofType === null ? undefined : stringList([ofType.schema, ofType.name])],
    ...settingEntries(table),
  ];
}

function settingEntries(table: TableObject): Entry[] {
  const { foreign, replicaIdentity, rowSecurity } = table;
  return [
    ["unlogged", table.persistence === "unlogged" ? "true" : undefined],
    [
      "foreign",
      foreign === null ? undefined : objectLiteral([
        ["server", stringLiteral(foreign.server)],
        ["options", record(foreign.options)],
      ]),
    ],
    [
      "replicaIdentity",
      replicaIdentity === "default"
        ? undefined
        : typeof replicaIdentity === "string"
        ? stringLiteral(replicaIdentity)
        : recordLiteral(replicaIdentity),
    ],
    ["rowSecurity", rowSecurityText(rowSecurity)],
  ];
}

function rowSecurityText({ enabled, forced }: TableObject["rowSecurity"]): string | undefined {
  if (!forced) return enabled ? "true" : undefined;
  return stringLiteral(enabled ? "force" : "forced when enabled");
}

function partitionList(
  partitions: readonly Partition[],
  above: readonly string[],
  modelSchema: string,
  imports: Imports,
): string | undefined {
  return list(partitions.map((one) => partition(one, above, modelSchema, imports)));
}

function partition(
  one: Partition,
  above: readonly string[],
  modelSchema: string,
  imports: Imports,
): string {
  const { object, columns } = one;
  const sql = imports.value("sql");
  return objectLiteral([
    ["table", stringLiteral(object.name)],
    ["schema", object.schema === modelSchema ? undefined : stringLiteral(object.schema)],
    ["bound", sqlLiteral(object.partitionOf!.bound, sql)],
    ["partitionBy", object.partitionBy === null ? undefined : sqlLiteral(object.partitionBy, sql)],
    ["columns", columns.length === 0 || sameList(columns, above) ? undefined : stringList(columns)],
    ["comment", text(object.comment)],
    ...settingEntries(object),
    ...storageEntries(object),
    ["partitions", partitionList(one.partitions, columns, modelSchema, imports)],
  ]);
}
