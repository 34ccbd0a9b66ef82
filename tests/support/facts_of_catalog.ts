/** What a catalog says about a table, as facts that a test can compare one by one. */
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type { ObjectOf } from "../../src/catalog/types.ts";
import { byJson, type Facts, texts, typeFact } from "./facts.ts";

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
  const domains = new Map(
    objectsOf(catalog, "domain").map((one) => [JSON.stringify([one.schema, one.name]), one]),
  );
  const isStrict = ({ schema, name, dimensions }: TypeRef): boolean => {
    const domain = dimensions === 0 ? domains.get(JSON.stringify([schema, name])) : undefined;
    return domain !== undefined && (domain.notNull || isStrict(domain.base));
  };
  objectsOf(catalog, "column").filter(on).sort((a, b) => a.position - b.position)
    .forEach((column, index) => {
      facts[`column ${column.name}`] = columnFact(column, index, isStrict(column.type));
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
  object: ObjectOf<"table" | "view" | "materialized view">,
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
  const partitionsOf = (parent: ObjectOf<"table">): unknown[] =>
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

function columnFact(
  column: ObjectOf<"column">,
  index: number,
  isStrict: boolean,
): unknown {
  const { type, identity } = column;
  return {
    index,
    type: typeFact(type),
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

function constraintFact(one: ObjectOf<"constraint">): unknown {
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

function indexFact(index: ObjectOf<"index">): unknown {
  const { method, unique, nullsNotDistinct, include, where, storage, tablespace } = index;
  const keys = index.keys.map((key) => ({ ...key, opclassOptions: texts(key.opclassOptions) }));
  const { statistics, comment } = index;
  return {
    ...{ method, unique, nullsNotDistinct, keys, include, where, storage, tablespace },
    ...{ statistics, comment },
  };
}
