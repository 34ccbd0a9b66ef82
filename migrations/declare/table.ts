import type { CheckConstraint } from "../../src/catalog/constraints.ts";
import type { ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import type { ModelMeta } from "../../src/schema/meta.ts";
import type { OwnTableSettings, PartitionOptions } from "../../src/schema/options.ts";
import { declaredColumn, textRecord } from "./column.ts";
import type { NamePool } from "./names.ts";
import { sqlText } from "./sql_text.ts";

/** A table that says nothing but its name. */
export function bareTable(schema: string, name: string, owner: string): TableObject {
  return {
    kind: "table",
    schema,
    name,
    owner,
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
    comment: null,
    extension: null,
  };
}

/** The table that a model declares. */
export function declaredTable(meta: ModelMeta, schema: string, owner: string): TableObject {
  const { options } = meta;
  const { ofType, partitionBy } = options;
  return {
    ...settledTable(bareTable(schema, meta.table, owner), options, partitionBy !== undefined),
    partitionBy: partitionBy === undefined ? null : sqlText(partitionBy, meta.label),
    inherits: (options.inherits ?? []).map(([schema, table]) => ({ schema, table })),
    ofType: ofType === undefined ? null : { schema: ofType[0], name: ofType[1] },
  };
}

/** A table with its settings; one that is partitioned or foreign has no access method. */
function settledTable(
  table: TableObject,
  options: OwnTableSettings,
  isPartitioned: boolean,
): TableObject {
  const { foreign, rowSecurity } = options;
  const isStored = foreign === undefined && !isPartitioned;
  return {
    ...table,
    persistence: options.unlogged === true ? "unlogged" : "permanent",
    storage: textRecord(options.storage),
    tablespace: options.tablespace ?? null,
    accessMethod: options.accessMethod ?? (isStored ? "heap" : null),
    clusterOn: options.clusterOn ?? null,
    replicaIdentity: options.replicaIdentity ?? "default",
    rowSecurity: {
      enabled: rowSecurity === true || rowSecurity === "force",
      forced: rowSecurity === "force" || rowSecurity === "forced when enabled",
    },
    foreign: foreign === undefined
      ? null
      : { server: foreign.server, options: textRecord(foreign.options) },
    comment: options.comment ?? null,
  };
}

/** The columns that a model of a table declares, in order. */
export function declaredColumns(meta: ModelMeta, schema: string, names: NamePool): ColumnObject[] {
  const inherited = new Set(meta.options.inherited ?? []);
  return meta.columns.map((column, index) =>
    declaredColumn(meta, column, {
      schema,
      table: meta.table,
      position: index + 1,
      local: !inherited.has(column.property),
      names,
    })
  );
}

/** What a partition has from its parent: it must have it before it can be attached. */
export interface Inherited {
  readonly columns: readonly ColumnObject[];
  readonly checks: readonly CheckConstraint[];
}

/**
 * The partitions that a model declares, with their own ones. Each has the columns and checks of its
 * parent; keys, indexes and foreign keys come with being attached.
 */
export function declaredPartitions(
  table: TableObject,
  { columns, checks }: Inherited,
  partitions: readonly PartitionOptions[],
  modelSchema: string,
): (TableObject | ColumnObject | CheckConstraint)[] {
  return partitions.flatMap((one) => {
    const schema = one.schema ?? modelSchema;
    const about = `the partition ${schema}.${one.table}`;
    const made: TableObject = {
      ...settledTable(
        bareTable(schema, one.table, table.owner),
        one,
        one.partitionBy !== undefined,
      ),
      partitionBy: one.partitionBy === undefined ? null : sqlText(one.partitionBy, about),
      partitionOf: {
        schema: table.schema,
        table: table.name,
        bound: sqlText(one.bound, about),
      },
    };
    const at = { schema, table: one.table, local: false, comment: null };
    const own: Inherited = {
      // the parent's identity numbers the rows of all partitions
      columns: inOrder(columns, one.columns, about).map((column, index) => ({
        ...column,
        ...at,
        position: index + 1,
        identity: null,
      })),
      checks: checks.map((check) => ({ ...check, ...at })),
    };
    return [
      made,
      ...own.columns,
      ...own.checks,
      ...declaredPartitions(made, own, one.partitions ?? [], modelSchema),
    ];
  });
}

/** The columns in the order of their names, where one is given. */
function inOrder(
  columns: readonly ColumnObject[],
  names: readonly string[] | undefined,
  about: string,
): readonly ColumnObject[] {
  if (names === undefined) return columns;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const ordered = names.flatMap((name) => byName.get(name) ?? []);
  if (ordered.length === columns.length && new Set(names).size === columns.length) return ordered;
  throw new ConfigurationError(`Cannot declare ${about}: its columns are not those of its parent`, {
    code: "invalid_model",
    hint: `Name each of ${columns.map(({ name }) => name).join(", ")} once`,
  });
}
