/** Booleans and UUIDs. */
import { type Codec, TEXTS } from "./codec.ts";
import { kindOf, refusal } from "./refuse.ts";

/** `bool`. */
export const bool: Codec<boolean> = {
  name: "bool",
  reads: ["bool"],
  decode: (text) => text.charCodeAt(0) === 116, // "t", and "true" out of a cast to text
  encode(value) {
    if (typeof value !== "boolean") {
      throw refusal("bool", `expected a boolean, got ${kindOf(value)}`);
    }
    return value ? "t" : "f";
  },
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DIGITS = /^[0-9a-f]{32}$/;

/** `uuid`: a string in lower case with hyphens; braces, upper case and missing hyphens may be written. */
export const uuid: Codec<string> = {
  name: "uuid",
  reads: ["uuid", ...TEXTS],
  decode: (text) => text,
  encode(value) {
    if (typeof value !== "string") {
      throw refusal("uuid", `expected a string, got ${kindOf(value)}`);
    }
    if (UUID.test(value)) return value;
    const plain = value.trim().toLowerCase();
    const bare = plain.startsWith("{") && plain.endsWith("}") ? plain.slice(1, -1) : plain;
    const hex = bare.replaceAll("-", "");
    if (!DIGITS.test(hex)) throw refusal("uuid", "the string is not a UUID");
    const cut = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    return `${cut.join("-")}-${hex.slice(20)}`;
  },
};
