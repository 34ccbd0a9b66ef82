/** The operators of vectors. */
import { binary, param } from "../../ast/make.ts";
import type { VectorOperator } from "../../ast/operators.ts";
import { baseLookups, encoded } from "./base.ts";
import { type Lookup, type Lookups, wrongValue } from "./lookup.ts";

const near: Lookup = (column, value, meta) => {
  const { to, within, metric = "cosine" } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const known = ["cosine", "l2", "inner", "l1"].find((one) => one === metric);
  if (to === undefined || typeof within !== "number" || known === undefined) {
    throw wrongValue(meta, "near", '{ to: vector, within: distance, metric: "cosine" }');
  }
  const distance = binary(known as VectorOperator, column, encoded(to, meta, "near"));
  return binary("lte", distance, param(String(within)));
};

let made: Lookups | undefined;

/** The operators of vectors. */
export function vectorLookups(): Lookups {
  return made ??= { operators: { ...baseLookups().operators, near } };
}
