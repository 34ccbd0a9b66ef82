/** Whether a range's bounds are in order, and whether it has a form that PostgreSQL can keep. */
import type { TypeRef } from "../catalog/type_ref.ts";
import type { RangeInput } from "../codec/range.ts";
import { compareDecimals } from "./decimal.ts";
import { instantOf } from "./time.ts";

type Compare = (one: string, other: string) => number | undefined;

const compareInstants: Compare = (one, other) => {
  const [a, b] = [instantOf(one), instantOf(other)];
  return a === undefined || b === undefined ? undefined : a === b ? 0 : a < b ? -1 : 1;
};

const COMPARE: Readonly<Record<string, Compare>> = {
  int4: compareDecimals,
  int8: compareDecimals,
  numeric: compareDecimals,
  timestamp: compareInstants,
  timestamptz: compareInstants,
  date: compareInstants,
};

/** The largest whole number of a type, behind which no next one comes. */
const LAST: Readonly<Record<string, string>> = {
  int4: "2147483647",
  int8: "9223372036854775807",
};

/** Says why a range is refused, whose bounds are given as texts. */
export function rangeFault(
  range: RangeInput<unknown>,
  lower: string | null,
  upper: string | null,
  bound: TypeRef,
): string | undefined {
  const { lowerInclusive = true, upperInclusive = false } = range;
  const compare = bound.schema === "pg_catalog" ? COMPARE[bound.name] : undefined;
  const order = lower === null || upper === null ? -1 : compare?.(lower, upper);
  if (order !== undefined && order > 0) return "its lower bound is above its upper bound";
  const isEmpty = order === 0 && !(lowerInclusive && upperInclusive);
  const last = bound.schema === "pg_catalog" ? LAST[bound.name] : undefined;
  if (last === undefined || isEmpty) return undefined;
  // whole numbers are kept with their lower bound inside and their upper one outside
  const beyond = (lower === last && !lowerInclusive) || (upper === last && upperInclusive);
  return beyond
    ? "no number comes after its bound, which PostgreSQL would have to write"
    : undefined;
}
