/** The lookups at a path inside a JSON column. */
import { and, binary, param } from "../../ast/make.ts";
import type { Expression } from "../../ast/nodes.ts";
import type { BinaryOperator } from "../../ast/operators.ts";
import { arrayText } from "../../codec/array_text.ts";
import { textCodec } from "../../codec/text.ts";
import { baseLookups, call, listOf, negated } from "./base.ts";
import { keyOperators } from "./keys.ts";
import {
  comparable,
  type LookedUp,
  type Lookup,
  undefinedValue,
  unknownOperator,
  wrongValue,
} from "./lookup.ts";
import { textLookups } from "./text.ts";

const json = (value: unknown, meta: LookedUp): Expression => param(meta.codec.encode(value));

const equals: Lookup = (at, value, meta) => binary("eq", at, json(value, meta));

const oneOf: Lookup = (at, value, meta) =>
  binary("eqAny", at, param(arrayText(meta.codec, listOf(value, meta))));

/** JSON orders values of all types in one row, so a comparison is one of values of one type alone. */
const compare = (operator: BinaryOperator, name: string): Lookup => (at, value, meta) => {
  const type = typeof value === "bigint" ? "number" : typeof value;
  if (type !== "number" && type !== "string") throw wrongValue(meta, name, "a number or a string");
  const typed = call("jsonb_typeof", [at]);
  return and([binary("eq", typed, param(type)), binary(operator, at, json(value, meta))]);
};

const between: Lookup = (at, value, meta) => {
  if (!Array.isArray(value) || value.length !== 2) {
    throw wrongValue(meta, "between", "a list of two values");
  }
  return and([
    compare("gte", "between")(at, value[0], meta),
    compare("lte", "between")(at, value[1], meta),
  ]);
};

let made: Readonly<Record<string, Lookup>> | undefined;

/** The operators over the JSON value at a path. */
function jsonOperators(): Readonly<Record<string, Lookup>> {
  return made ??= {
    in: oneOf,
    notIn: negated(oneOf),
    gt: compare("gt", "gt"),
    gte: compare("gte", "gte"),
    lt: compare("lt", "lt"),
    lte: compare("lte", "lte"),
    between,
    contains: (at, value, meta) => binary("contains", at, json(value, meta)),
    containedBy: (at, value, meta) => binary("containedBy", at, json(value, meta)),
    ...keyOperators(),
  };
}

/** The operators that look at a text; `contains` is that of JSON here. */
const TEXTS: readonly string[] = [
  ...["icontains", "startsWith", "istartsWith", "endsWith", "iendsWith", "iexact"],
  ...["like", "ilike", "regex", "iregex"],
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
  meta: LookedUp,
): Expression {
  const { path, ...operators } = filter;
  const names = Object.entries(operators);
  if (!isPath(path) || names.length === 0) {
    throw wrongValue(meta, "path", 'a list of keys beside an operator: { path: ["a", 0], eq: 1 }');
  }
  const base = comparable(column, meta);
  const keys = param(arrayText(textCodec("text"), path.map(String)));
  const at = binary("at", base, keys);
  const text = binary("textAt", base, keys);
  return and(names.map(([operator, value]) => {
    if (value === undefined) throw undefinedValue(`${meta.property}.${operator}`);
    return one(operator, value, at, text, meta);
  }));
}

function one(
  operator: string,
  value: unknown,
  at: Expression,
  text: Expression,
  meta: LookedUp,
): Expression {
  const { isNull } = baseLookups().operators;
  const equal: Lookup = (_, value, meta) =>
    value === null ? isNull!(text, true, meta) : equals(at, value, meta);
  if (operator === "isNull") return isNull!(text, value, meta);
  if (operator === "eq") return equal(at, value, meta);
  if (operator === "ne") return negated(equal)(at, value, meta);
  if (TEXTS.includes(operator)) return textLookups().operators[operator]!(text, value, meta);
  const operators = jsonOperators();
  if (Object.hasOwn(operators, operator)) return operators[operator]!(at, value, meta);
  throw unknownOperator(meta, operator, pathOperators());
}

/** The names of the operators at a path. */
export function pathOperators(): readonly string[] {
  return ["eq", "ne", "isNull", ...Object.keys(jsonOperators()), ...TEXTS];
}

function isPath(path: unknown): path is readonly (string | number)[] {
  return Array.isArray(path) &&
    path.every((key) => typeof key === "string" || Number.isSafeInteger(key));
}
