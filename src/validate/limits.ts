/** What a type refuses beyond what its codec does: by the text that would be sent. */
import type { TypeRef } from "../catalog/type_ref.ts";
import { numericFault } from "./decimal.ts";
import { cidrFault, inetFault, mac8Fault, macFault } from "./network.ts";
import { clockFault, dayFault, intervalFault } from "./time.ts";

/** Says why a type with these modifiers does not take a text; undefined where it does. */
export type Limit = (text: string, modifiers: readonly string[]) => string | undefined;

/** Blanks beyond the limit are cut by the server, as the standard of SQL wants it. */
function lengthFault(text: string, [most]: readonly string[]): string | undefined {
  const length = Number(most);
  if (most === undefined || text.length <= length) return undefined;
  const rest = Array.from(text).slice(length);
  return rest.every((one) => one === " ") ? undefined : `it has more than ${length} characters`;
}

function bitsOf(text: string): number | undefined {
  if (/^b?[01]*$/i.test(text)) return text.replace(/^b/i, "").length;
  if (/^x[0-9a-f]*$/i.test(text)) return (text.length - 1) * 4;
  return undefined;
}

function bitFault(text: string, [length]: readonly string[]): string | undefined {
  const bits = bitsOf(text);
  if (bits === undefined) return "the string holds more than 0 and 1";
  const fits = length === undefined || bits === Number(length);
  return fits ? undefined : `it has ${bits} bits instead of ${length}`;
}

function varbitFault(text: string, [most]: readonly string[]): string | undefined {
  const bits = bitsOf(text);
  if (bits === undefined) return "the string holds more than 0 and 1";
  return most === undefined || bits <= Number(most) ? undefined : `it has more than ${most} bits`;
}

function realFault(text: string): string | undefined {
  const value = Number(text);
  const single = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(single)) return "the number is too large for it";
  return value !== 0 && single === 0 ? "the number is too small for it" : undefined;
}

/** The most dimensions of a vector that is kept. */
const MOST_DIMENSIONS = 16_000;

function denseFault(largest: number): Limit {
  return (text) => {
    const items = JSON.parse(text) as number[];
    if (items.length === 0) return "a vector has at least one dimension";
    if (items.length > MOST_DIMENSIONS) return `it has more than ${MOST_DIMENSIONS} dimensions`;
    return items.some((item) => Math.abs(item) >= largest) ? "an element is too large" : undefined;
  };
}

function sparseFault(text: string): string | undefined {
  const [pairs = "", dimensions] = text.slice(1).split("}/");
  if (Number(dimensions) > 1_000_000_000) return "it has more than 1000000000 dimensions";
  const items = pairs === "" ? [] : pairs.split(",").map((pair) => Number(pair.split(":")[1]));
  if (items.filter((item) => item !== 0).length > MOST_DIMENSIONS) {
    return `it has more than ${MOST_DIMENSIONS} elements that are not zero`;
  }
  if (items.some((item) => !Number.isFinite(Math.fround(item)))) return "an element is too large";
  // the server drops zeros, and refuses what would become one
  return items.some((item) => item !== 0 && Math.fround(item) === 0)
    ? "an element is too small"
    : undefined;
}

/** From here on a number is none of 32 bits. */
const FLOAT_END = 2 ** 128 - 2 ** 103;

/** From here on a number is none of 16 bits. */
const HALF_END = 65_520;

const BUILT_IN: Readonly<Record<string, Limit>> = {
  varchar: lengthFault,
  bpchar: lengthFault,
  bit: bitFault,
  varbit: varbitFault,
  float4: realFault,
  numeric: numericFault,
  date: (text) => dayFault(text, "date"),
  timestamp: (text) => dayFault(text, "timestamp"),
  timestamptz: (text) => dayFault(text, "timestamptz"),
  time: clockFault,
  timetz: clockFault,
  interval: intervalFault,
  inet: inetFault,
  cidr: cidrFault,
  macaddr: macFault,
  macaddr8: mac8Fault,
};

const EXTENSION: Readonly<Record<string, Limit>> = {
  vector: denseFault(FLOAT_END),
  halfvec: denseFault(HALF_END),
  sparsevec: sparseFault,
};

/** Finds what a type refuses; undefined for a type that refuses nothing that its codec takes. */
export function limitOf({ schema, name }: TypeRef): Limit | undefined {
  const table = schema === "pg_catalog" ? BUILT_IN : schema === null ? EXTENSION : {};
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
