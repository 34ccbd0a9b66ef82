/** The keys by which a model's rows can be cached, and filters that ask for one of them. */
import { isSql } from "../../ast/fragment.ts";
import { isCondition } from "../../query/condition.ts";
import { isExpr } from "../../query/expr/computed.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../../schema/meta.ts";
import type { ForeignKeyRelation } from "../../schema/relation_meta.ts";
import type { KeyTexts } from "./contract.ts";

/** Columns that no two rows have alike. */
export interface UniqueKey {
  readonly columns: readonly ColumnMeta[];
  /** The places of the columns among those of the model. */
  readonly places: readonly number[];
  readonly isPrimary: boolean;
  /** The relation of such a key to its row. */
  readonly relation: ForeignKeyRelation;
}

/** The keys of a model. */
export interface ModelKeys {
  readonly primary: UniqueKey;
  /** By the properties that a filter names, sorted. */
  readonly byNames: ReadonlyMap<string, UniqueKey>;
}

/** A lookup by a key: its columns' values, as they were given. */
export interface AskedKey {
  readonly key: UniqueKey;
  readonly values: readonly unknown[];
}

/** Types whose text is the same for every session and, where it is, stands for an equal value. */
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  ...["text", "varchar", "bpchar", "citext", "uuid", "bool", "date"],
  ...["int2", "int4", "int8", "numeric"],
]);

const SCALARS: ReadonlySet<string> = new Set(["string", "number", "bigint", "boolean"]);

const known = new WeakMap<ModelRef, ModelKeys | null>();

/** The keys of a model; null when its rows cannot be told apart by texts. */
export function keysOf(model: ModelRef): ModelKeys | null {
  let keys = known.get(model);
  if (keys === undefined) known.set(model, keys = makeKeys(model));
  return keys;
}

function makeKeys(model: ModelRef): ModelKeys | null {
  const { meta } = model;
  const primary = keyOver(model, meta.primaryKey, true);
  if (primary === null) return null;
  const byNames = new Map([[nameOf(primary.columns), primary]]);
  for (const columns of uniqueColumns(meta)) {
    const key = keyOver(model, columns, false);
    if (key !== null && !byNames.has(nameOf(columns))) byNames.set(nameOf(columns), key);
  }
  return { primary, byNames };
}

function keyOver(
  model: ModelRef,
  columns: readonly ColumnMeta[],
  isPrimary: boolean,
): UniqueKey | null {
  const plain = columns.every(({ spec, type }) =>
    type.dimensions === 0 && (spec.kind === "enum" || PLAIN_TYPES.has(type.name))
  );
  if (columns.length === 0 || !plain) return null;
  const name = isPrimary ? "primary key" : "unique key";
  return {
    columns,
    places: columns.map((one) => model.meta.columns.indexOf(one)),
    isPrimary,
    relation: { kind: "fk", name, target: model, local: columns, remote: columns },
  };
}

/** What the declaration says is unique among all rows. */
function uniqueColumns(meta: ModelMeta): (readonly ColumnMeta[])[] {
  const single = meta.columns.filter(({ spec }) => spec.unique).map((one) => [one]);
  const constraints = meta.constraints.flatMap((one) =>
    one.type === "unique" && !one.withoutOverlaps ? [one.fields] : []
  );
  const indexes = meta.indexes.flatMap(({ unique, where, keys }) => {
    const plain = unique && where === null &&
      keys.every((key) => key.field !== null && key.opclass === null && key.collation === null);
    return plain ? [keys.map((key) => key.field!)] : [];
  });
  const named = [...constraints, ...indexes]
    .map((fields) => fields.map((field) => meta.column(field)));
  return [...single, ...named];
}

function nameOf(columns: readonly ColumnMeta[]): string {
  return columns.map(({ property }) => property).sort().join("\0");
}

/** The key that a filter asks for by plain values; undefined for any other filter. */
export function askedKey({ primary, byNames }: ModelKeys, where: unknown): AskedKey | undefined {
  if (typeof where !== "object" || where === null) return undefined;
  if (isSql(where) || isExpr(where) || isCondition(where)) return undefined;
  const names = Object.keys(where);
  const [only] = names;
  const key = names.length === 1 && primary.columns.length === 1 &&
      primary.columns[0]!.property === only
    ? primary
    : byNames.get(names.sort().join("\0"));
  if (key === undefined) return undefined;
  const values = key.columns.map(({ property }) =>
    (where as Readonly<Record<string, unknown>>)[property]
  );
  return values.every((value) => SCALARS.has(typeof value)) ? { key, values } : undefined;
}

/** The key of a model that a foreign key references, and the order of its columns there; null for none. */
export function referencedKey(
  { byNames }: ModelKeys,
  remote: readonly ColumnMeta[],
): UniqueKey | null {
  return byNames.get(nameOf(remote)) ?? null;
}

/** The text by which a row with this primary key is kept. */
export function keyText(texts: KeyTexts): string {
  return texts.length === 1 ? `=${texts[0]}` : `=${JSON.stringify(texts)}`;
}

/** The text of a unique key that is not the primary one. */
export function uniqueText({ columns }: UniqueKey, texts: KeyTexts): string {
  return JSON.stringify([columns.map(({ name }) => name), texts]);
}
