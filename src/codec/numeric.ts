/** `numeric`: exact decimals as strings. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal } from "./refuse.ts";

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,7}))?$/;

/** Larger exponents stay as they are: the server knows their limit, and the text stays short. */
const EXPANDED = 400;

/** Words as the server prints them, by what a caller may write in any case. */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ["nan", "NaN"],
  ["infinity", "Infinity"],
  ["+infinity", "Infinity"],
  ["-infinity", "-Infinity"],
  ["inf", "Infinity"],
  ["+inf", "Infinity"],
  ["-inf", "-Infinity"],
]);

/**
 * Writes a decimal as the server prints it: no exponent, no plus sign, no leading zeros; trailing
 * zeros are kept because they are part of the value's scale. Undefined for what is no decimal.
 */
export function canonicalDecimal(text: string): string | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return SPECIAL.get(text.toLowerCase());
  const [, sign, whole = "", fraction = "", exponent] = parts;
  if (whole === "" && fraction === "") return undefined;
  const shift = Number(exponent ?? 0);
  if (Math.abs(shift) > EXPANDED) return text;
  let digits = whole + fraction;
  let point = whole.length + shift;
  if (point < 0) {
    digits = "0".repeat(-point) + digits;
    point = 0;
  }
  if (point > digits.length) digits = digits.padEnd(point, "0");
  const before = digits.slice(0, point).replace(/^0+(?=.)/, "") || "0";
  const after = digits.slice(point);
  const plain = after === "" ? before : `${before}.${after}`;
  return sign === "-" && /[1-9]/.test(digits) ? `-${plain}` : plain;
}

/**
 * `numeric`: an exact decimal, read as a string so that no digit is lost.
 *
 * Reads what the server prints, with all digits of the scale, `NaN` and `Infinity`. A string, a
 * finite `number` or a `bigint` may be written: a number that is none comes from a sum gone wrong.
 */
export const numeric: Codec<string, string | number | bigint> = {
  name: "numeric",
  reads: ["numeric", "int2", "int4", "int8", "oid", "float4", "float8"],
  decode: (text) => text,
  encode(value) {
    if (typeof value === "bigint") return value.toString();
    if (typeof value !== "number" && typeof value !== "string") {
      throw refusal("numeric", `expected a string, number or bigint, got ${kindOf(value)}`);
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw refusal(
        "numeric",
        "the number is not finite",
        'Say "NaN" or "Infinity" as a string where it is meant',
      );
    }
    const text = canonicalDecimal(String(value).trim());
    if (text === undefined) throw refusal("numeric", "the string is not a decimal number");
    return text;
  },
};
