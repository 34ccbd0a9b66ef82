/** Types whose values come and go as the server's own text. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal } from "./refuse.ts";

/**
 * Gives back a string that PostgreSQL can hold.
 *
 * @throws {ValidationError} it is no string, or holds U+0000 or half of a surrogate pair
 */
export function checkText(value: unknown, type: string): string {
  if (typeof value !== "string") throw refusal(type, `expected a string, got ${kindOf(value)}`);
  if (value.includes("\0")) {
    throw refusal(type, "the string holds U+0000, which PostgreSQL cannot store");
  }
  if (!value.isWellFormed()) {
    throw refusal(
      type,
      "the string holds half of a surrogate pair",
      "Cut strings between code points, or repair it with toWellFormed()",
    );
  }
  return value;
}

const same = (text: string): string => text;

/** Makes the codec of a type whose values are text, for every type that is not known better. */
export function textCodec(name: string): Codec<string> {
  return { name, decode: same, encode: (value) => checkText(value, name) };
}
