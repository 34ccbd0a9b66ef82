/** The operators of ranges. */
import { binary, constant } from "../../ast/make.ts";
import { call, compare, encoded, orderedLookups } from "./base.ts";
import { type Lookup, type Lookups, wrongValue } from "./lookup.ts";

/** A yes or no of a function. */
const told = (function_: string, operator: string): Lookup => (column, value, meta) => {
  if (typeof value !== "boolean") throw wrongValue(meta, operator, "true or false");
  const item = call(function_, [column]);
  return value ? item : binary("eq", item, constant(false));
};

/** A value as the range that holds it alone, so that ranges and multiranges take it alike. */
const point: Lookup = (column, value, meta) => {
  if (value === null) throw wrongValue(meta, "containsValue", "a value that is not null");
  const bounds = { lowerInclusive: true, upperInclusive: true, empty: false };
  const alone = { lower: value, upper: value, ...bounds };
  const many = meta.codec.name.includes("multirange");
  return binary("contains", column, encoded(many ? [alone] : alone, meta, "containsValue"));
};

let made: Lookups | undefined;

/** The operators of ranges and multiranges. */
export function rangeLookups(): Lookups {
  return made ??= {
    operators: {
      ...orderedLookups().operators,
      contains: compare("contains"),
      containedBy: compare("containedBy"),
      overlaps: compare("overlaps"),
      containsValue: point,
      isEmpty: told("isempty", "isEmpty"),
      adjacent: compare("adjacent"),
      strictlyLeft: compare("strictlyLeft"),
      strictlyRight: compare("strictlyRight"),
      notRightOf: compare("notRightOf"),
      notLeftOf: compare("notLeftOf"),
    },
  };
}
