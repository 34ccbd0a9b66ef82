/** `json` and `jsonb`. */
import type { ElementCodec } from "./array_text.ts";
import type { Codec } from "./codec.ts";
import { refusal } from "./refuse.ts";
import { checkText } from "./text.ts";

/** Whether a JSON text holds an escape, and not an escaped backslash followed by the same letters. */
function holdsEscape(text: string, escape: string): boolean {
  for (let at = text.indexOf(escape); at !== -1; at = text.indexOf(escape, at + 1)) {
    let before = at;
    while (before > 0 && text.charCodeAt(before - 1) === 92) before--;
    if ((at - before) % 2 === 0) return true;
  }
  return false;
}

function holdsBigint(value: unknown, seen: Set<object>): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  return Object.values(value).some((item) => holdsBigint(item, seen));
}

function stringify(value: unknown, type: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // anything else was thrown by a toJSON method of the caller's
    if (!(error instanceof TypeError)) throw error;
    if (holdsBigint(value, new Set())) {
      throw refusal(
        type,
        "a bigint is inside, which JSON.stringify cannot write",
        "Convert it to a string, or keep the column as text with jsonText",
      );
    }
    throw refusal(type, "the value cannot be written as JSON, because it contains itself");
  }
  if (text === undefined) {
    throw refusal(type, "undefined, functions and symbols have no JSON form", "Give null");
  }
  return text;
}

function wellFormed(value: unknown, type: "json" | "jsonb"): string {
  const text = stringify(value, type);
  // JSON.stringify writes these two escapes for nothing else
  if (holdsEscape(text, "\\ud")) throw refusal(type, "a string holds half of a surrogate pair");
  if (type === "jsonb" && holdsEscape(text, "\\u0000")) {
    throw refusal(type, "a string holds U+0000, which jsonb cannot store");
  }
  return text;
}

/** `json`: any JSON value, parsed. Whole numbers beyond 2^53 lose digits: see {@link jsonText}. */
export const json: ElementCodec<unknown> = {
  name: "json",
  reads: ["json", "jsonb"],
  element: { opaque: true },
  decode: JSON.parse,
  encode: (value) => wellFormed(value, "json"),
};

/** `jsonb`: any JSON value, parsed. Numbers beyond a double's precision lose digits: see {@link jsonText}. */
export const jsonb: ElementCodec<unknown> = {
  name: "jsonb",
  reads: ["json", "jsonb"],
  element: { opaque: true },
  decode: JSON.parse,
  encode: (value) => wellFormed(value, "jsonb"),
};

/** `json` and `jsonb` kept as JSON text, so that every digit of a number stays. */
export const jsonText: Codec<string> = {
  name: "jsonb",
  decode: (text) => text,
  encode: (value) => checkText(value, "jsonb"),
};
