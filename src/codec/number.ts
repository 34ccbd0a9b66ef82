/** Whole and floating-point numbers. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal } from "./refuse.ts";

function wholeText(value: unknown, type: string, least: number, most: number): string {
  if (typeof value !== "number") throw refusal(type, `expected a number, got ${kindOf(value)}`);
  if (!Number.isInteger(value)) throw refusal(type, "the number is not whole");
  if (value < least || value > most) {
    throw refusal(type, `the number is outside of ${least} to ${most}`);
  }
  return String(value);
}

const WHOLE = ["int2", "int4", "oid"];
const FLOAT = [...WHOLE, "float4", "float8"];

/** `int2`: a whole number of 16 bits. */
export const int2: Codec<number> = {
  name: "int2",
  reads: WHOLE,
  decode: Number,
  encode: (value) => wholeText(value, "int2", -32_768, 32_767),
};

/** `int4`: a whole number of 32 bits. */
export const int4: Codec<number> = {
  name: "int4",
  reads: WHOLE,
  decode: Number,
  encode: (value) => wholeText(value, "int4", -2_147_483_648, 2_147_483_647),
};

/** `oid`: a whole number of 32 bits without a sign. */
export const oid: Codec<number> = {
  name: "oid",
  reads: WHOLE,
  decode: Number,
  encode: (value) => wholeText(value, "oid", 0, 4_294_967_295),
};

const INT8_LEAST = -9_223_372_036_854_775_808n;
const INT8_MOST = 9_223_372_036_854_775_807n;

/** `int8`: a whole number of 64 bits, read as a `bigint`; a safe whole `number` may be written too. */
export const int8: Codec<bigint, bigint | number> = {
  name: "int8",
  reads: [...WHOLE, "int8"],
  decode: BigInt,
  encode(value) {
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value)) {
        throw refusal(
          "int8",
          "the number is not a whole number that JavaScript holds exactly",
          "Give a bigint, such as 9007199254740993n",
        );
      }
      return String(value);
    }
    if (typeof value !== "bigint") {
      throw refusal("int8", `expected a bigint or a number, got ${kindOf(value)}`);
    }
    if (value < INT8_LEAST || value > INT8_MOST) {
      throw refusal("int8", `the number is outside of ${INT8_LEAST} to ${INT8_MOST}`);
    }
    return value.toString();
  },
};

/** Writes a number as PostgreSQL's floating-point types read it, with the sign of zero. */
export function floatText(value: unknown, type: string): string {
  if (typeof value !== "number") throw refusal(type, `expected a number, got ${kindOf(value)}`);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** `float4`: a floating-point number of 32 bits, with NaN, the infinities and -0. */
export const float4: Codec<number> = {
  name: "float4",
  reads: FLOAT,
  decode: Number,
  encode: (value) => floatText(value, "float4"),
};

/** `float8`: a floating-point number of 64 bits, with NaN, the infinities and -0. */
export const float8: Codec<number> = {
  name: "float8",
  reads: FLOAT,
  decode: Number,
  encode: (value) => floatText(value, "float8"),
};
