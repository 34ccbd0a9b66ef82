/** Turns models back into facts of a catalog, so that a test can compare both, one by one. */
import type { Sql } from "../../src/ast/sql.ts";
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import type {
  ColumnObject,
  IndexKey,
  IndexObject,
  MaterializedViewObject,
  TableObject,
  ViewObject,
} from "../../src/catalog/types.ts";
import type { ColumnMeta, ModelMeta } from "../../src/schema/meta.ts";
import { metaOf } from "../../src/schema/meta.ts";
import type { PartitionOptions } from "../../src/schema/options.ts";
import type { ConstraintSpec, IndexSpec, ReferenceSpec } from "../../src/schema/spec.ts";

/** Facts by the name of what they are about. */
export type Facts = Record<string, unknown>;

const text = (sql: Sql | null | undefined) => {
  if (sql === null || sql === undefined) return null;
  if (sql.values.length > 0) throw new Error("a fragment from a catalog has a bound value");
  return sql.texts[0]!;
};
const typeText = (type: TypeRef) =>
  JSON.stringify([type.schema, type.name, type.modifiers, type.dimensions]);
const strings = (record: object | null | undefined) =>
  Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, String(value)]));

/** The types of extensions are written without their schema. */
const typeFact = (type: TypeRef, extensions: ReadonlySet<string>) =>
  typeText(
    extensions.has(type.name) && type.schema !== "pg_catalog" ? { ...type, schema: null } : type,
  );

const EXTENSION_TYPES: ReadonlySet<string> = new Set([
  ...["citext", "hstore", "ltree", "vector", "halfvec", "sparsevec"],
]);

/** What a catalog says about one table or view. */
export function catalogFacts(catalog: Catalog, schema: string, name: string): Facts {
  const on = (object: { readonly schema: string; readonly table: string }) =>
    object.schema === schema && object.table === name;
  const table = [
    ...objectsOf(catalog, "table"),
    ...objectsOf(catalog, "view"),
    ...objectsOf(catalog, "materialized view"),
  ].find((object) => object.schema === schema && object.name === name)!;
  const facts: Facts = { relation: relationFact(table, catalog) };
  const strict = new Set(
    objectsOf(catalog, "domain").filter((one) => one.notNull)
      .map((one) => JSON.stringify([one.schema, one.name])),
  );
  objectsOf(catalog, "column").filter(on).sort((a, b) => a.position - b.position)
    .forEach((column, index) => {
      facts[`column ${column.name}`] = columnFact(column, index, strict);
    });
  for (const one of objectsOf(catalog, "constraint").filter(on)) {
    if (one.local) facts[`constraint ${one.name}`] = constraintFact(one);
  }
  for (const one of objectsOf(catalog, "index").filter(on)) {
    facts[`index ${one.name}`] = indexFact(one);
  }
  return facts;
}

function relationFact(
  object: TableObject | ViewObject | MaterializedViewObject,
  catalog: Catalog,
): unknown {
  const base = { kind: object.kind, comment: object.comment };
  if (object.kind === "view") return { ...base, storage: object.options };
  const kept = {
    ...base,
    storage: object.storage,
    tablespace: object.tablespace,
    accessMethod: object.accessMethod === "heap" ? null : object.accessMethod,
    clusterOn: object.clusterOn,
  };
  if (object.kind === "materialized view") return kept;
  const partitionsOf = (parent: TableObject): unknown[] =>
    objectsOf(catalog, "table").filter((one) =>
      one.partitionOf?.schema === parent.schema && one.partitionOf.table === parent.name
    ).map((one) => ({
      name: [one.schema, one.name],
      bound: one.partitionOf!.bound,
      by: one.partitionBy,
      partitions: partitionsOf(one),
    })).sort(byJson);
  return {
    ...kept,
    partitionBy: object.partitionBy,
    partitions: partitionsOf(object),
    inherits: object.inherits.map((one) => [one.schema, one.table]),
    unlogged: object.persistence === "unlogged",
    rowSecurity: object.rowSecurity.forced ? "force" : object.rowSecurity.enabled,
    foreign: object.foreign,
    ofType: object.ofType === null ? null : [object.ofType.schema, object.ofType.name],
    replicaIdentity: object.replicaIdentity,
  };
}

const byJson = (a: unknown, b: unknown) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;

function columnFact(column: ColumnObject, index: number, strict: ReadonlySet<string>): unknown {
  const { type, identity } = column;
  const isStrict = type.dimensions === 0 && strict.has(JSON.stringify([type.schema, type.name]));
  return {
    index,
    type: typeFact(type, EXTENSION_TYPES),
    notNull: column.notNull || isStrict,
    default: column.default,
    generated: column.generated,
    identity: identity === null ? null : {
      generation: identity.generation,
      sequence: identity.sequence.name,
      comment: identity.comment,
      options: identity.options,
    },
    collation: column.collation === null ? null : [column.collation.schema, column.collation.name],
    storage: column.storage,
    compression: column.compression,
    statistics: column.statistics,
    options: column.options,
    foreignOptions: column.foreignOptions,
    comment: column.comment,
    local: column.local,
  };
}

function constraintFact(one: ConstraintObject): unknown {
  const { comment, deferrable } = one;
  switch (one.type) {
    case "primary":
    case "unique": {
      const { type, columns, include, nullsNotDistinct, withoutOverlaps, storage } = one;
      const { tablespace, indexComment } = one;
      const index = { storage, tablespace, comment: indexComment };
      return {
        type,
        columns,
        include,
        nullsNotDistinct,
        withoutOverlaps,
        deferrable,
        index,
        comment,
      };
    }
    case "foreign":
      if (one.period) return { raw: one.definition, comment };
      return {
        type: "foreign",
        columns: one.columns,
        references: [one.references.schema, one.references.table, one.references.columns],
        onDelete: one.onDelete,
        onUpdate: one.onUpdate,
        onDeleteColumns: one.onDeleteColumns,
        match: one.match,
        deferrable,
        notValid: !one.validated && one.enforced,
        enforced: one.enforced,
        comment,
      };
    case "check":
      if (!one.enforced) return { raw: one.definition, comment };
      return {
        type: "check",
        expression: one.expression,
        noInherit: one.noInherit,
        notValid: !one.validated,
        comment,
      };
    default:
      return { raw: one.definition, comment };
  }
}

function indexFact(index: IndexObject): unknown {
  const { method, unique, nullsNotDistinct, include, where, storage, tablespace } = index;
  const keys = index.keys.map((key) => ({ ...key, opclassOptions: strings(key.opclassOptions) }));
  const { statistics, comment } = index;
  return {
    ...{ method, unique, nullsNotDistinct, keys, include, where, storage, tablespace },
    ...{ statistics, comment },
  };
}

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
  if (kind === "view") return { ...base, storage: strings(options.storage) };
  const kept = {
    ...base,
    storage: strings(options.storage),
    tablespace: options.tablespace ?? null,
    accessMethod: options.accessMethod ?? null,
    clusterOn: options.clusterOn ?? null,
  };
  if (kind === "materialized view") return kept;
  const partitions = (list: readonly PartitionOptions[] | undefined): unknown[] =>
    (list ?? []).map((one) => ({
      name: [one.schema ?? meta.schema, one.table],
      bound: text(one.bound),
      by: text(one.partitionBy),
      partitions: partitions(one.partitions),
    })).sort(byJson);
  const { foreign } = options;
  return {
    ...kept,
    partitionBy: text(options.partitionBy),
    partitions: partitions(options.partitions),
    inherits: options.inherits ?? [],
    unlogged: options.unlogged ?? false,
    rowSecurity: options.rowSecurity ?? false,
    foreign: foreign === undefined
      ? null
      : { server: foreign.server, options: strings(foreign.options) },
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
    type: typeFact(column.type, EXTENSION_TYPES),
    notNull: !spec.nullable,
    default: spec.default?.kind === "sql" ? text(spec.default.sql) : null,
    generated: spec.generated === null
      ? null
      : { expression: text(spec.generated.expression), kind: spec.generated.kind },
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
    options: strings(storage.options),
    foreignOptions: strings(storage.foreignOptions),
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
      return { type: "check", expression: text(expression), noInherit, notValid, comment };
    }
    case "raw":
      return { raw: text(one.definition), comment };
    default: {
      const { type, nullsNotDistinct, withoutOverlaps, deferrable, index } = one;
      const columns = columnsOf(meta, one.fields);
      const include = columnsOf(meta, one.include);
      return {
        ...{ type, columns, include, nullsNotDistinct, withoutOverlaps, deferrable },
        ...{ index: { ...index, storage: strings(index.storage) }, comment },
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
    expression: text(key.expression),
    opclass: path(key.opclass),
    opclassOptions: strings(key.opclassOptions),
    collation: path(key.collation),
    descending: key.descending,
    nulls: key.nulls ?? (key.descending ? "first" : "last"),
  } as IndexKey));
  const { unique, nullsNotDistinct, tablespace, statistics, comment } = index;
  return {
    ...{ method: index.method ?? "btree", unique, nullsNotDistinct, keys },
    ...{ include: columnsOf(meta, index.include), where: text(index.where) },
    ...{ storage: strings(index.with), tablespace, statistics, comment },
  };
}
