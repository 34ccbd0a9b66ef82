/** The operators of what has keys: JSON objects and hstore. */
import { binary, param } from "../../ast/make.ts";
import type { BinaryOperator } from "../../ast/operators.ts";
import { arrayText } from "../../codec/array_text.ts";
import { textCodec } from "../../codec/text.ts";
import { baseLookups, compare } from "./base.ts";
import { type Lookup, type Lookups, wrongValue } from "./lookup.ts";
import { text } from "./text.ts";

const texts = (operator: BinaryOperator): Lookup => (column, value, meta) => {
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string")) {
    throw wrongValue(meta, operator, "a list of strings");
  }
  return binary(operator, column, param(arrayText(textCodec("text"), value)));
};

/** The operators that look for keys. */
export function keyOperators(): Readonly<Record<string, Lookup>> {
  return {
    hasKey: text("hasKey"),
    hasAnyKey: texts("hasAnyKey"),
    hasAllKeys: texts("hasAllKeys"),
  };
}

let made: Lookups | undefined;

/** The operators of hstore. */
export function hstoreLookups(): Lookups {
  return made ??= {
    operators: {
      ...baseLookups().operators,
      contains: compare("contains"),
      containedBy: compare("containedBy"),
      ...keyOperators(),
    },
  };
}
