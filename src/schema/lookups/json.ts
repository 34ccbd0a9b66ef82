import { binary, constant, param } from "../../ast/make.ts";
import type { BinaryOperator } from "../../ast/operators.ts";
import { jsonb } from "../../codec/json.ts";
import { baseLookups, call, textParam } from "./base.ts";
import { lookupAtPath } from "./json_path.ts";
import { keyOperators } from "./keys.ts";
import { castTo, type Lookup, type Lookups, wrongValue } from "./lookup.ts";
import { text } from "./text.ts";

const json = (operator: BinaryOperator): Lookup => (column, value, meta) =>
  binary(operator, column, param(meta.codec.encode(value)));

/** A JSON path, alone or with variables: whether it finds something. */
const path: Lookup = (column, value, meta) => {
  if (typeof value === "string") {
    return binary("jsonPath", column, textParam(value, meta, "jsonPath"));
  }
  const { path, vars } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof vars !== "object" || vars === null) {
    throw wrongValue(meta, "jsonPath", "a path as a string, or { path, vars }");
  }
  const found = castTo(textParam(path, meta, "jsonPath"), "jsonpath");
  const given = castTo(param(jsonb.encode(vars)), "jsonb");
  return call("jsonb_path_exists", [column, found, given, constant(true)]);
};

let made: Lookups | undefined;

/** The operators of JSON. */
export function jsonLookups(): Lookups {
  return made ??= {
    operators: {
      ...baseLookups().operators,
      contains: json("contains"),
      containedBy: json("containedBy"),
      ...keyOperators(),
      jsonPath: path,
      jsonPathMatches: text("matches"),
    },
    atPath: lookupAtPath,
  };
}
