/** The lookups: what each operator of a filter means, as a table by kind of column. */
import { binary, constant, param } from "../ast/make.ts";
import type { Expression } from "../ast/nodes.ts";
import type { BinaryOperator } from "../ast/operators.ts";
import type { TypeRef } from "../catalog/type_ref.ts";
import { arrayCodec } from "../codec/array.ts";
import { isCompositeCodec } from "../codec/composite.ts";
import { checkText } from "../codec/text.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import type { ColumnMeta } from "../schema/meta.ts";
import type { FieldKind } from "../schema/spec.ts";
import { nearest } from "../util/nearest.ts";

/** Makes the expression of one operator over a column. */
type Lookup = (column: Expression, value: unknown, meta: ColumnMeta) => Expression;

const not = (item: Expression): Expression => ({ kind: "not", item });

const isNull = (item: Expression, negated = false): Expression => ({
  kind: "isNull",
  negated,
  item,
});

const textParam = (value: unknown, meta: ColumnMeta, operator: string): Expression => {
  if (typeof value !== "string") throw wrongValue(meta, operator, "a string");
  return param(checkText(value, "text"));
};

const encoded = (value: unknown, meta: ColumnMeta, operator: string): Expression => {
  if (value === null) throw wrongValue(meta, operator, "a value that is not null; say isNull");
  return typed(meta.encode(value), meta, 0);
};

/** A parameter, with its type where the server does not take it from the column. */
const typed = (text: string | null, { codec, type }: ColumnMeta, dimensions: number): Expression =>
  isCompositeCodec(codec)
    ? { kind: "cast", item: param(text), type: { ...type, dimensions } }
    : param(text);

const compare = (operator: BinaryOperator): Lookup => (column, value, meta) =>
  binary(operator, column, encoded(value, meta, operator));

const equals: Lookup = (column, value, meta) =>
  value === null ? isNull(column) : compare("eq")(column, value, meta);

const oneOf: Lookup = (column, value, meta) => {
  if (!Array.isArray(value)) throw wrongValue(meta, "in", "a list");
  if (value.length === 0) return constant(false);
  if (value.includes(null)) throw wrongValue(meta, "in", "a list without null; add isNull");
  // an array of arrays would be one two-dimensional array, and ANY looks at its scalars
  if (meta.spec.kind === "array") {
    return {
      kind: "group",
      operator: "or",
      items: value.map((one) => compare("eq")(column, one, meta)),
    };
  }
  return binary("eqAny", column, typed(arrayCodec(meta.codec).encode(value), meta, 1));
};

const between: Lookup = (column, value, meta) => {
  if (!Array.isArray(value) || value.length !== 2) {
    throw wrongValue(meta, "between", "a list of two values");
  }
  const [low, high] = value;
  return {
    kind: "group",
    operator: "and",
    items: [compare("gte")(column, low, meta), compare("lte")(column, high, meta)],
  };
};

const nullness: Lookup = (column, value, meta) => {
  if (typeof value !== "boolean") throw wrongValue(meta, "isNull", "true or false");
  return isNull(column, !value);
};

const escapeLike = (text: string) => text.replace(/[\\%_]/g, "\\$&");

const like = (
  operator: "like" | "ilike",
  name: string,
  pattern: (escaped: string) => string,
): Lookup =>
(column, value, meta) => {
  if (typeof value !== "string") throw wrongValue(meta, name, "a string");
  return binary(operator, column, textParam(pattern(escapeLike(value)), meta, name));
};

const text = (operator: BinaryOperator): Lookup => (column, value, meta) =>
  binary(operator, column, textParam(value, meta, operator));

const json = (operator: BinaryOperator): Lookup => (column, value, meta) =>
  binary(operator, column, param(meta.codec.encode(value)));

const texts = (operator: BinaryOperator): Lookup => (column, value, meta) => {
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string")) {
    throw wrongValue(meta, operator, "a list of strings");
  }
  return binary(operator, column, param(arrayCodec(TEXT).encode(value)));
};

const TEXT = {
  name: "text",
  decode: (value: string): string => value,
  encode: (value: string): string => checkText(value, "text"),
};

const query = (function_: string): Lookup => (column, value, meta) =>
  binary("matches", column, {
    kind: "call",
    name: function_,
    args: [textParam(value, meta, "search")],
  });

const base = {
  eq: equals,
  ne: (column, value, meta) => not(equals(column, value, meta)),
  in: oneOf,
  notIn: (column, value, meta) => not(oneOf(column, value, meta)),
  isNull: nullness,
} satisfies Record<string, Lookup>;

const ordered = {
  ...base,
  gt: compare("gt"),
  gte: compare("gte"),
  lt: compare("lt"),
  lte: compare("lte"),
  between,
} satisfies Record<string, Lookup>;

const sets = {
  contains: compare("contains"),
  containedBy: compare("containedBy"),
  overlaps: compare("overlaps"),
} satisfies Record<string, Lookup>;

const keys = {
  hasKey: text("hasKey"),
  hasAnyKey: texts("hasAnyKey"),
  hasAllKeys: texts("hasAllKeys"),
} satisfies Record<string, Lookup>;

const tables: Readonly<Record<FieldKind, Readonly<Record<string, Lookup>>>> = {
  text: {
    ...ordered,
    contains: like("like", "contains", (value) => `%${value}%`),
    icontains: like("ilike", "icontains", (value) => `%${value}%`),
    startsWith: like("like", "startsWith", (value) => `${value}%`),
    istartsWith: like("ilike", "istartsWith", (value) => `${value}%`),
    endsWith: like("like", "endsWith", (value) => `%${value}`),
    iendsWith: like("ilike", "iendsWith", (value) => `%${value}`),
    iexact: like("ilike", "iexact", (value) => value),
    like: text("like"),
    ilike: text("ilike"),
    regex: text("regex"),
    iregex: text("iregex"),
  },
  enum: ordered,
  number: ordered,
  boolean: base,
  date: ordered,
  json: { ...base, contains: json("contains"), containedBy: json("containedBy"), ...keys },
  array: { ...ordered, ...sets },
  range: { ...ordered, ...sets },
  vector: base,
  bytes: ordered,
  uuid: ordered,
  network: {
    ...ordered,
    contains: compare("networkContains"),
    containedBy: compare("networkContainedBy"),
  },
  search: {
    ...base,
    search: query("websearch_to_tsquery"),
    matches: query("to_tsquery"),
  },
  hstore: {
    ...base,
    contains: compare("contains"),
    containedBy: compare("containedBy"),
    ...keys,
  },
  other: ordered,
};

/** The lookups of each kind, by operator; without a prototype's names. */
const LOOKUPS: ReadonlyMap<FieldKind, ReadonlyMap<string, Lookup>> = new Map(
  Object.entries(tables).map((
    [kind, table],
  ) => [kind as FieldKind, new Map(Object.entries(table))]),
);

/** The operators that a kind of column has. */
export function operatorsOf(kind: FieldKind): ReadonlySet<string> {
  return new Set(LOOKUPS.get(kind)!.keys());
}

/**
 * Makes the expression of one operator over a column.
 *
 * @throws {FieldError} the column has no such operator
 * @throws {ValidationError} the value does not fit the operator or the column's type
 */
export function lookup(
  operator: string,
  column: Expression,
  value: unknown,
  meta: ColumnMeta,
): Expression {
  const table = LOOKUPS.get(meta.spec.kind)!;
  const make = table.get(operator);
  if (make === undefined) throw unknownOperator(meta, operator, [...table.keys()]);
  if (value === undefined) throw undefinedValue(`${meta.property}.${operator}`);
  return make(comparable(column, meta), value, meta);
}

const JSONB: TypeRef = { schema: "pg_catalog", name: "jsonb", modifiers: [], dimensions: 0 };

/** `json` has no equality; `jsonb` compares what it means. */
function comparable(column: Expression, meta: ColumnMeta): Expression {
  if (meta.codec.name !== "json") return column;
  return { kind: "cast", item: column, type: JSONB };
}

/** The error of a filter whose value is undefined: a forgotten variable must not widen a filter. */
export function undefinedValue(path: string): ValidationError {
  return new ValidationError(`The filter's value for "${path}" is undefined`, {
    code: "undefined_filter_value",
    hint: "Give a value, null for `is null`, or leave the entry out",
  });
}

function wrongValue(meta: ColumnMeta, operator: string, wanted: string): ValidationError {
  return new ValidationError(
    `The operator "${operator}" on "${meta.property}" needs ${wanted}`,
    { code: "invalid_filter_value", context: { field: meta.property, operator } },
  );
}

function unknownOperator(
  meta: ColumnMeta,
  operator: string,
  known: readonly string[],
): FieldError {
  const near = nearest(operator, known);
  const list = `Its operators are ${known.join(", ")}`;
  return new FieldError(`The column "${meta.property}" has no operator "${operator}"`, {
    code: "unknown_operator",
    hint: near === undefined ? list : `Did you mean "${near}"? ${list}`,
    context: { field: meta.property, operator },
  });
}
