import { binary } from "../../ast/make.ts";
import type { BinaryOperator } from "../../ast/operators.ts";
import { orderedLookups, textParam } from "./base.ts";
import { type Lookup, type Lookups, wrongValue } from "./lookup.ts";

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

/** An operator between the column and a text. */
export const text = (operator: BinaryOperator): Lookup => (column, value, meta) =>
  binary(operator, column, textParam(value, meta, operator));

let made: Lookups | undefined;

/** The operators of text. */
export function textLookups(): Lookups {
  return made ??= {
    operators: {
      ...orderedLookups().operators,
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
  };
}
