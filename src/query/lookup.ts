/** The lookups: what each operator of a filter means, as a table by kind of column. */
import { and, binary, constant, param } from "../ast/make.ts";
import type { Expression } from "../ast/nodes.ts";
import type { BinaryOperator, VectorOperator } from "../ast/operators.ts";
import { arrayCodec } from "../codec/array.ts";
import { isCompositeCodec } from "../codec/composite.ts";
import { builtinCodec } from "../codec/registry.ts";
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

/** A query in words, or in words and a configuration such as `english`. */
const query = (name: string, function_: string): Lookup => (column, value, meta) => {
  const said: { readonly query?: unknown; readonly config?: unknown } =
    typeof value === "object" && value !== null ? value : { query: value };
  const words = textParam(said.query, meta, name);
  const args = said.config === undefined
    ? [words]
    : [cast(textParam(said.config, meta, name), "regconfig"), words];
  return binary("matches", column, call(function_, args));
};

const call = (name: string, args: readonly Expression[]): Expression => ({
  kind: "call",
  name,
  args,
});

const cast = (item: Expression, name: string): Expression => ({
  kind: "cast",
  item,
  type: { schema: "pg_catalog", name, modifiers: [], dimensions: 0 },
});

/** A yes or no of a function. */
const told = (function_: string, operator: string): Lookup => (column, value, meta) => {
  if (typeof value !== "boolean") throw wrongValue(meta, operator, "true or false");
  const item = call(function_, [column]);
  return value ? item : binary("eq", item, constant(false));
};

const NUMBERS: Readonly<Record<string, BinaryOperator>> = {
  eq: "eq",
  gt: "gt",
  gte: "gte",
  lt: "lt",
  lte: "lte",
};

/** A number that a function gives: the number itself, or operators. */
const counted = (function_: string, name: string): Lookup => (column, value, meta) => {
  const said = typeof value === "object" && value !== null ? value : { eq: value };
  const parts = Object.entries(said).map(([operator, number]) => {
    const known = new Map(Object.entries(NUMBERS)).get(operator);
    if (known === undefined || !Number.isSafeInteger(number)) {
      throw wrongValue(
        meta,
        name,
        `a whole number, or one with ${Object.keys(NUMBERS).join(", ")}`,
      );
    }
    return binary(known, call(function_, [column]), param(String(number)));
  });
  if (parts.length === 0) throw wrongValue(meta, name, "a whole number");
  return and(parts);
};

const element: Lookup = (column, value, meta) => {
  if (value === null) throw wrongValue(meta, "has", "a value that is not null");
  return binary("contains", column, encoded([value], meta, "has"));
};

const empty: Lookup = (column, value, meta) => {
  if (typeof value !== "boolean") throw wrongValue(meta, "isEmpty", "true or false");
  return binary(value ? "eq" : "gt", call("cardinality", [column]), constant(0));
};

/** A value as the range that holds it alone, so that ranges and multiranges take it alike. */
const point: Lookup = (column, value, meta) => {
  if (value === null) throw wrongValue(meta, "containsValue", "a value that is not null");
  const bounds = { lowerInclusive: true, upperInclusive: true, empty: false };
  const alone = { lower: value, upper: value, ...bounds };
  const many = meta.codec.name.includes("multirange");
  return binary("contains", column, encoded(many ? [alone] : alone, meta, "containsValue"));
};

const near: Lookup = (column, value, meta) => {
  const { to, within, metric = "cosine" } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const known = ["cosine", "l2", "inner", "l1"].find((one) => one === metric);
  if (to === undefined || typeof within !== "number" || known === undefined) {
    throw wrongValue(meta, "near", '{ to: vector, within: distance, metric: "cosine" }');
  }
  const distance = binary(known as VectorOperator, column, encoded(to, meta, "near"));
  return binary("lte", distance, param(String(within)));
};

/** A JSON path, alone or with variables: whether it finds something. */
const path: Lookup = (column, value, meta) => {
  if (typeof value === "string") {
    return binary("jsonPath", column, textParam(value, meta, "jsonPath"));
  }
  const { path, vars } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof vars !== "object" || vars === null) {
    throw wrongValue(meta, "jsonPath", "a path as a string, or { path, vars }");
  }
  const found = cast(textParam(path, meta, "jsonPath"), "jsonpath");
  const given = cast(param(jsonb.encode(vars)), "jsonb");
  return call("jsonb_path_exists", [column, found, given, constant(true)]);
};

const jsonb = builtinCodec("jsonb")!;

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
  json: {
    ...base,
    contains: json("contains"),
    containedBy: json("containedBy"),
    ...keys,
    jsonPath: path,
    jsonPathMatches: text("matches"),
  },
  array: {
    ...ordered,
    ...sets,
    has: element,
    isEmpty: empty,
    length: counted("cardinality", "length"),
  },
  range: {
    ...ordered,
    ...sets,
    containsValue: point,
    isEmpty: told("isempty", "isEmpty"),
    adjacent: compare("adjacent"),
    strictlyLeft: compare("strictlyLeft"),
    strictlyRight: compare("strictlyRight"),
    notRightOf: compare("notRightOf"),
    notLeftOf: compare("notLeftOf"),
  },
  vector: { ...base, near },
  bytes: ordered,
  uuid: ordered,
  network: {
    ...ordered,
    contains: compare("networkContains"),
    containedBy: compare("networkContainedBy"),
    strictlyContains: compare("networkAbove"),
    strictlyContainedBy: compare("networkBelow"),
    overlaps: compare("overlaps"),
    family: counted("family", "family"),
  },
  search: {
    ...base,
    search: query("search", "websearch_to_tsquery"),
    plain: query("plain", "plainto_tsquery"),
    phrase: query("phrase", "phraseto_tsquery"),
    matches: query("matches", "to_tsquery"),
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

/** `json` has no equality; `jsonb` compares what it means. */
export function comparable(column: Expression, meta: ColumnMeta): Expression {
  return meta.codec.name === "json" ? cast(column, "jsonb") : column;
}

/** The error of a filter whose value is undefined: a forgotten variable must not widen a filter. */
export function undefinedValue(path: string): ValidationError {
  return new ValidationError(`The filter's value for "${path}" is undefined`, {
    code: "undefined_filter_value",
    hint: "Give a value, null for `is null`, or leave the entry out",
  });
}

/** The error of a value that an operator does not take. */
export function wrongValue(meta: ColumnMeta, operator: string, wanted: string): ValidationError {
  return new ValidationError(
    `The operator "${operator}" on "${meta.property}" needs ${wanted}`,
    { code: "invalid_filter_value", context: { field: meta.property, operator } },
  );
}

/** The error of an operator that a column does not have. */
export function unknownOperator(
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
