/** The lookups at a path inside a JSON column. */
import { and, binary, param } from "../ast/make.ts";
import type { Expression } from "../ast/nodes.ts";
import type { BinaryOperator } from "../ast/operators.ts";
import { arrayCodec } from "../codec/array.ts";
import { isSql } from "../ast/sql.ts";
import { checkText } from "../codec/text.ts";
import { fieldSpec } from "../schema/field.ts";
import { isExpr } from "./expr/expr.ts";
import { ColumnMeta } from "../schema/meta.ts";
import { builtinCodec } from "../codec/registry.ts";
import {
  comparable,
  lookup,
  operatorsOf,
  undefinedValue,
  unknownOperator,
  wrongValue,
} from "./lookup.ts";

/** Makes the expression of one operator over the JSON value at a path. */
type PathLookup = (at: Expression, value: unknown, meta: ColumnMeta) => Expression;

const not = (item: Expression): Expression => ({ kind: "not", item });

const json = (value: unknown, meta: ColumnMeta): Expression => param(meta.codec.encode(value));

const equals: PathLookup = (at, value, meta) => binary("eq", at, json(value, meta));

const oneOf: PathLookup = (at, value, meta) => {
  if (!Array.isArray(value)) throw wrongValue(meta, "in", "a list");
  if (value.includes(null)) throw wrongValue(meta, "in", "a list without null; add isNull");
  return binary("eqAny", at, param(arrayCodec(meta.codec).encode(value)));
};

/** JSON orders values of all types in one row, so a comparison is one of values of one type alone. */
const compare = (operator: BinaryOperator, name: string): PathLookup => (at, value, meta) => {
  const type = typeof value === "bigint" ? "number" : typeof value;
  if (type !== "number" && type !== "string") throw wrongValue(meta, name, "a number or a string");
  const typed: Expression = { kind: "call", name: "jsonb_typeof", args: [at] };
  return and([binary("eq", typed, param(type)), binary(operator, at, json(value, meta))]);
};

const between: PathLookup = (at, value, meta) => {
  if (!Array.isArray(value) || value.length !== 2) {
    throw wrongValue(meta, "between", "a list of two values");
  }
  return and([
    compare("gte", "between")(at, value[0], meta),
    compare("lte", "between")(at, value[1], meta),
  ]);
};

const LOOKUPS: ReadonlyMap<string, PathLookup> = new Map<string, PathLookup>(Object.entries(
  {
    in: oneOf,
    notIn: (at, value, meta) => not(oneOf(at, value, meta)),
    gt: compare("gt", "gt"),
    gte: compare("gte", "gte"),
    lt: compare("lt", "lt"),
    lte: compare("lte", "lte"),
    between,
    contains: (at, value, meta) => binary("contains", at, json(value, meta)),
    containedBy: (at, value, meta) => binary("containedBy", at, json(value, meta)),
    hasKey: (at, value, meta) => lookup("hasKey", at, value, meta),
    hasAnyKey: (at, value, meta) => lookup("hasAnyKey", at, value, meta),
    hasAllKeys: (at, value, meta) => lookup("hasAllKeys", at, value, meta),
  } satisfies Record<string, PathLookup>,
));

/** The operators that look at a text; `contains` is that of JSON here. */
const TEXTS: ReadonlySet<string> = new Set([
  ...["icontains", "startsWith", "istartsWith", "endsWith", "iendsWith", "iexact"],
  ...["like", "ilike", "regex", "iregex"],
]);

/** The operators at a path. */
export const PATH_OPERATORS: readonly string[] = [
  ...["eq", "ne", "isNull"],
  ...LOOKUPS.keys(),
  ...[...operatorsOf("text")].filter((name) => TEXTS.has(name)),
];

/**
 * Reads a filter with a path: `{ path: ["a", "b"], eq: 1 }`. Nothing there and a JSON null are both
 * null to `eq`, `ne` and `isNull`.
 *
 * @throws {FieldError} an unknown operator
 * @throws {ValidationError} a path or value that does not fit
 */
export function lookupAtPath(
  column: Expression,
  filter: Readonly<Record<string, unknown>>,
  meta: ColumnMeta,
): Expression {
  const { path, ...operators } = filter;
  const names = Object.entries(operators);
  if (!isPath(path) || names.length === 0) {
    throw wrongValue(meta, "path", 'a list of keys beside an operator: { path: ["a", 0], eq: 1 }');
  }
  const base = comparable(column, meta);
  const keys = param(arrayCodec(TEXT).encode(path.map(String)));
  const at = binary("at", base, keys);
  const text = binary("textAt", base, keys);
  return and(names.map(([operator, value]) => {
    if (value === undefined) throw undefinedValue(`${meta.property}.${operator}`);
    if (isSql(value) || isExpr(value)) throw wrongValue(meta, operator, "a plain value at a path");
    return one(operator, value, at, text, meta);
  }));
}

function one(
  operator: string,
  value: unknown,
  at: Expression,
  text: Expression,
  meta: ColumnMeta,
): Expression {
  if (operator === "isNull") return lookup("isNull", text, value, textMeta(meta));
  if (operator === "eq" || operator === "ne") {
    const found = value === null
      ? lookup("isNull", text, true, textMeta(meta))
      : equals(at, value, meta);
    return operator === "eq" ? found : not(found);
  }
  if (TEXTS.has(operator)) return lookup(operator, text, value, textMeta(meta));
  const make = LOOKUPS.get(operator);
  if (make === undefined) throw unknownOperator(meta, operator, PATH_OPERATORS);
  return make(at, value, meta);
}

const TEXT = {
  name: "text",
  decode: (value: string): string => value,
  encode: (value: string): string => checkText(value, "text"),
};

function textMeta(meta: ColumnMeta): ColumnMeta {
  const type = { schema: "pg_catalog", name: "text", modifiers: [], dimensions: 0 };
  return new ColumnMeta(meta.property, fieldSpec("text", type, builtinCodec("text")!));
}

function isPath(path: unknown): path is readonly (string | number)[] {
  return Array.isArray(path) &&
    path.every((key) => typeof key === "string" || Number.isSafeInteger(key));
}
