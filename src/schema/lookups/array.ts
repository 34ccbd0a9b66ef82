/** The operators of arrays. */
import { and, binary, constant, param } from "../../ast/make.ts";
import type { BinaryOperator } from "../../ast/operators.ts";
import { call, compare, encoded, listOf, negated, orderedLookups } from "./base.ts";
import { type Lookup, type Lookups, wrongValue } from "./lookup.ts";

/** An array of arrays would be one two-dimensional array, and ANY looks at its scalars. */
const oneOf: Lookup = (column, value, meta) => {
  const items = listOf(value, meta).map((one) => compare("eq")(column, one, meta));
  return items.length === 0 ? constant(false) : { kind: "group", operator: "or", items };
};

const NUMBERS: Readonly<Record<string, BinaryOperator>> = {
  eq: "eq",
  gt: "gt",
  gte: "gte",
  lt: "lt",
  lte: "lte",
};

/** A number that a function gives: the number itself, or operators. */
export const counted = (function_: string, name: string): Lookup => (column, value, meta) => {
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

let made: Lookups | undefined;

/** The operators of arrays. */
export function arrayLookups(): Lookups {
  return made ??= {
    operators: {
      ...orderedLookups().operators,
      in: oneOf,
      notIn: negated(oneOf),
      contains: compare("contains"),
      containedBy: compare("containedBy"),
      overlaps: compare("overlaps"),
      has: element,
      isEmpty: empty,
      length: counted("cardinality", "length"),
    },
  };
}
