import type { IndexKey, IndexObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import type { ModelMeta } from "../../src/schema/meta.ts";
import type { IndexKeySpec, IndexSpec } from "../../src/schema/spec.ts";
import { qualifiedName, textRecord } from "./column.ts";
import { columnsInName, indexColumnNames, type NamePool, storedName } from "./names.ts";
import { sqlText } from "./sql_text.ts";

/** The index that a model declares; one without a name gets the one that PostgreSQL would choose. */
export function declaredIndex(
  meta: ModelMeta,
  schema: string,
  spec: IndexSpec,
  names: NamePool,
): IndexObject {
  const about = `an index of ${meta.label}`;
  const keys = spec.keys.map((key) => indexKey(meta, key, about));
  const name = spec.name === null
    ? names.make(schema, meta.table, columnsInName(indexColumnNames(keys)), "idx")
    : storedName(spec.name);
  return {
    kind: "index",
    schema,
    table: meta.table,
    name,
    method: spec.method ?? "btree",
    unique: spec.unique,
    nullsNotDistinct: spec.nullsNotDistinct,
    keys,
    include: spec.include.map((field) => meta.column(field).name),
    where: spec.where === null ? null : sqlText(spec.where, about),
    storage: textRecord(spec.with),
    tablespace: spec.tablespace,
    valid: true,
    parent: null,
    statistics: spec.statistics,
    // only a server prints one
    definition: "",
    comment: spec.comment,
    extension: null,
  };
}

function indexKey(meta: ModelMeta, key: IndexKeySpec, about: string): IndexKey {
  if (key.opclass === null && Object.keys(key.opclassOptions).length > 0) {
    throw new ConfigurationError(
      `Cannot declare ${about}: a key has opclassOptions and no opclass`,
      {
        code: "invalid_model",
        hint: "Name the operator class that they are of, the usual one too",
      },
    );
  }
  return {
    column: key.field === null ? null : meta.column(key.field).name,
    expression: key.expression === null ? null : sqlText(key.expression, about),
    opclass: qualifiedName(key.opclass),
    opclassOptions: textRecord(key.opclassOptions),
    collation: qualifiedName(key.collation),
    descending: key.descending,
    nulls: key.nulls ?? (key.descending ? "first" : "last"),
  };
}
