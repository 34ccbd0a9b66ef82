/** The operators that most columns have, and what others are made with. */
import { binary, constant, param } from "../../ast/make.ts";
import type { Expression } from "../../ast/nodes.ts";
import type { BinaryOperator } from "../../ast/operators.ts";
import { arrayText } from "../../codec/array_text.ts";
import { isCompositeCodec } from "../../codec/composite.ts";
import { checkText } from "../../codec/text.ts";
import { type LookedUp, type Lookup, type Lookups, wrongValue } from "./lookup.ts";

/** Turns an operator around. */
export const negated = (lookup: Lookup): Lookup => (column, value, meta) => ({
  kind: "not",
  item: lookup(column, value, meta),
});

const isNull = (item: Expression, negated = false): Expression => ({
  kind: "isNull",
  negated,
  item,
});

/** A text as a parameter. */
export const textParam = (value: unknown, meta: LookedUp, operator: string): Expression => {
  if (typeof value !== "string") throw wrongValue(meta, operator, "a string");
  return param(checkText(value, "text"));
};

/** A value of the column's type as a parameter. */
export const encoded = (value: unknown, meta: LookedUp, operator: string): Expression => {
  if (value === null) throw wrongValue(meta, operator, "a value that is not null; say isNull");
  return typed(meta.encode(value), meta, 0);
};

/** A parameter, with its type where the server does not take it from the column. */
const typed = (text: string | null, { codec, type }: LookedUp, dimensions: number): Expression =>
  isCompositeCodec(codec)
    ? { kind: "cast", item: param(text), type: { ...type, dimensions } }
    : param(text);

/** An operator between the column and a value of its type. */
export const compare = (operator: BinaryOperator): Lookup => (column, value, meta) =>
  binary(operator, column, encoded(value, meta, operator));

const equals: Lookup = (column, value, meta) =>
  value === null ? isNull(column) : compare("eq")(column, value, meta);

/** The list of values of `in`. */
export function listOf(value: unknown, meta: LookedUp): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongValue(meta, "in", "a list");
  if (value.includes(null)) throw wrongValue(meta, "in", "a list without null; add isNull");
  return value;
}

const oneOf: Lookup = (column, value, meta) => {
  const list = listOf(value, meta);
  if (list.length === 0) return constant(false);
  return binary("eqAny", column, typed(arrayText(meta.codec, list), meta, 1));
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

/** A call of a function of `pg_catalog`. */
export const call = (name: string, args: readonly Expression[]): Expression => ({
  kind: "call",
  name,
  args,
});

let base: Lookups | undefined;
let ordered: Lookups | undefined;

/** The operators of values that are equal or not. */
export function baseLookups(): Lookups {
  return base ??= {
    operators: {
      eq: equals,
      ne: negated(equals),
      in: oneOf,
      notIn: negated(oneOf),
      isNull: nullness,
    },
  };
}

/** The operators of values that have an order. */
export function orderedLookups(): Lookups {
  return ordered ??= {
    operators: {
      ...baseLookups().operators,
      gt: compare("gt"),
      gte: compare("gte"),
      lt: compare("lt"),
      lte: compare("lte"),
      between,
    },
  };
}
