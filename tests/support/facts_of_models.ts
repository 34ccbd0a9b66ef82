/** What a model says about its table, in the same form as what a catalog says. */
import type { IndexKey } from "../../src/catalog/types.ts";
import { type ColumnMeta, metaOf, type ModelMeta } from "../../src/schema/meta.ts";
import type { PartitionOptions } from "../../src/schema/options.ts";
import type { ConstraintSpec, IndexSpec, ReferenceSpec } from "../../src/schema/spec.ts";
import { byJson, type Facts, sqlText, texts, typeFact } from "./facts.ts";

/** What a model says about its table or view, in the same form. */
export function modelFacts(meta: ModelMeta): Facts {
  const { options } = meta;
  const inherited = new Set(options.inherited ?? []);
  const facts: Facts = { relation: declaredRelation(meta) };
  meta.columns.forEach((column, index) => {
    const local = !inherited.has(column.property);
    facts[`column ${column.name}`] = declaredColumn(meta, column, index, local);
  });
  Object.assign(facts, declaredKeys(meta), declaredForeignKeys(meta));
  for (const one of meta.constraints) {
    facts[`constraint ${one.name}`] = declaredConstraint(meta, one);
  }
  for (const one of meta.indexes) facts[`index ${one.name}`] = declaredIndex(meta, one);
  return facts;
}

function declaredRelation(meta: ModelMeta): unknown {
  const { options, kind } = meta;
  const base = { kind, comment: options.comment ?? null };
  if (kind === "view") return { ...base, storage: texts(options.storage) };
  const kept = {
    ...base,
    storage: texts(options.storage),
    tablespace: options.tablespace ?? null,
    accessMethod: options.accessMethod ?? null,
    clusterOn: options.clusterOn ?? null,
  };
  if (kind === "materialized view") return kept;
  const partitions = (list: readonly PartitionOptions[] | undefined): unknown[] =>
    (list ?? []).map((one) => ({
      name: [one.schema ?? meta.schema, one.table],
      bound: sqlText(one.bound),
      by: sqlText(one.partitionBy),
      partitions: partitions(one.partitions),
    })).sort(byJson);
  const { foreign } = options;
  return {
    ...kept,
    partitionBy: sqlText(options.partitionBy),
    partitions: partitions(options.partitions),
    inherits: options.inherits ?? [],
    unlogged: options.unlogged ?? false,
    rowSecurity: options.rowSecurity ?? false,
    foreign: foreign === undefined
      ? null
      : { server: foreign.server, options: texts(foreign.options) },
    ofType: options.ofType ?? null,
    replicaIdentity: options.replicaIdentity ?? "default",
  };
}

const LIMITS: Readonly<Record<string, readonly [string, string]>> = {
  int2: ["-32768", "32767"],
  int4: ["-2147483648", "2147483647"],
  int8: ["-9223372036854775808", "9223372036854775807"],
};

function declaredColumn(
  meta: ModelMeta,
  column: ColumnMeta,
  index: number,
  local: boolean,
): unknown {
  const { spec } = column;
  const { identity } = spec;
  const [low, high] = LIMITS[column.type.name] ?? ["", ""];
  const given = identity?.options ?? {};
  const falls = String(given.increment ?? 1).startsWith("-");
  const min = String(given.min ?? (falls ? low : 1));
  const max = String(given.max ?? (falls ? -1 : high));
  const storage = spec.storage ?? {};
  return {
    index,
    type: typeFact(column.type),
    notNull: !spec.nullable,
    default: spec.default?.kind === "sql" ? sqlText(spec.default.sql) : null,
    generated: spec.generated === null
      ? null
      : { expression: sqlText(spec.generated.expression), kind: spec.generated.kind },
    identity: identity === null ? null : {
      generation: identity.generation,
      sequence: given.sequence ?? `${meta.table}_${column.name}_seq`,
      comment: given.comment ?? null,
      options: {
        start: String(given.start ?? (falls ? max : min)),
        increment: String(given.increment ?? 1),
        min,
        max,
        cache: String(given.cache ?? 1),
        cycle: given.cycle ?? false,
      },
    },
    collation: spec.collation,
    storage: storage.storage ?? null,
    compression: storage.compression ?? null,
    statistics: storage.statistics ?? null,
    options: texts(storage.options),
    foreignOptions: texts(storage.foreignOptions),
    comment: spec.comment,
    local,
  };
}

const NO_INDEX = { storage: {}, tablespace: null, comment: null };

/** The keys that columns and the option `primaryKey` say, under PostgreSQL's own names. */
function declaredKeys(meta: ModelMeta): Facts {
  const facts: Facts = {};
  const plain = {
    ...{ include: [], nullsNotDistinct: false, withoutOverlaps: false, deferrable: null },
    ...{ index: NO_INDEX, comment: null },
  };
  const isSaid = meta.constraints.some((one) => one.type === "primary");
  if (meta.primaryKey.length > 0 && !isSaid) {
    const columns = meta.primaryKey.map((column) => column.name);
    facts[`constraint ${meta.table}_pkey`] = { type: "primary", columns, ...plain };
  }
  for (const { name, spec } of meta.columns) {
    if (!spec.unique) continue;
    facts[`constraint ${meta.table}_${name}_key`] = { type: "unique", columns: [name], ...plain };
  }
  return facts;
}

const columnsOf = (meta: ModelMeta, fields: readonly string[]) =>
  fields.map((field) => meta.column(field).name);

function declaredForeignKeys(meta: ModelMeta): Facts {
  const facts: Facts = {};
  const add = (
    reference: ReferenceSpec,
    columns: readonly string[],
    fields: readonly string[] | null,
  ) => {
    const { options } = reference;
    if (options.constraint === false) return;
    const target = metaOf(reference.target());
    const referenced = fields === null
      ? target.primaryKey.map((column) => column.name)
      : columnsOf(target, fields);
    facts[`constraint ${options.name}`] = {
      type: "foreign",
      columns,
      references: [target.schema, target.table, referenced],
      onDelete: options.onDelete ?? "no action",
      onUpdate: options.onUpdate ?? "no action",
      onDeleteColumns: columnsOf(meta, options.onDeleteFields ?? []),
      match: options.match ?? "simple",
      deferrable: options.deferrable ?? null,
      notValid: options.notValid ?? false,
      enforced: options.enforced ?? true,
      comment: options.comment ?? null,
    };
  };
  for (const { name, spec } of meta.columns) {
    if (spec.reference === null) continue;
    const { toField } = spec.reference.options;
    add(spec.reference, [name], toField === undefined ? null : [toField]);
  }
  for (const spec of meta.relations.values()) {
    if (spec.relation !== "fk") continue;
    add(spec.reference, columnsOf(meta, spec.fields), spec.toFields);
  }
  return facts;
}

function declaredConstraint(meta: ModelMeta, one: ConstraintSpec): unknown {
  const { comment } = one;
  switch (one.type) {
    case "check": {
      const { expression, noInherit, notValid } = one;
      return { type: "check", expression: sqlText(expression), noInherit, notValid, comment };
    }
    case "raw":
      return { raw: sqlText(one.definition), comment };
    default: {
      const { type, nullsNotDistinct, withoutOverlaps, deferrable, index } = one;
      const columns = columnsOf(meta, one.fields);
      const include = columnsOf(meta, one.include);
      return {
        ...{ type, columns, include, nullsNotDistinct, withoutOverlaps, deferrable },
        ...{ index: { ...index, storage: texts(index.storage) }, comment },
      };
    }
  }
}

function declaredIndex(meta: ModelMeta, index: IndexSpec): unknown {
  const path = (names: readonly string[] | null) =>
    names === null
      ? null
      : names.length === 1
      ? { schema: "pg_catalog", name: names[0] }
      : { schema: names[0], name: names[1] };
  const keys = index.keys.map((key) => ({
    column: key.field === null ? null : meta.column(key.field).name,
    expression: sqlText(key.expression),
    opclass: path(key.opclass),
    opclassOptions: texts(key.opclassOptions),
    collation: path(key.collation),
    descending: key.descending,
    nulls: key.nulls ?? (key.descending ? "first" : "last"),
  } as IndexKey));
  const { unique, nullsNotDistinct, tablespace, statistics, comment } = index;
  return {
    ...{ method: index.method ?? "btree", unique, nullsNotDistinct, keys },
    ...{ include: columnsOf(meta, index.include), where: sqlText(index.where) },
    ...{ storage: texts(index.with), tablespace, statistics, comment },
  };
}
