/** `bytea`. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";

const HEX = "0123456789abcdef";

/** The two digits of every byte, made when they are first needed. */
let pairs: readonly string[] | undefined;

function makePairs(): readonly string[] {
  return Array.from({ length: 256 }, (_, byte) => HEX.charAt(byte >> 4) + HEX.charAt(byte & 15));
}

/** How many bytes are joined at once. */
const SLICE = 8192;

/** The value of a hexadecimal digit that the server printed. */
function digit(code: number): number {
  return code < 58 ? code - 48 : (code | 32) - 87;
}

function readHex(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) >> 1);
  for (let i = 0, at = 2; i < bytes.length; i++, at += 2) {
    bytes[i] = digit(text.charCodeAt(at)) << 4 | digit(text.charCodeAt(at + 1));
  }
  return bytes;
}

/** Reads `bytea_output = escape`: a backslash doubled or with three octal digits, other bytes as ASCII. */
function readEscape(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; length++) {
    let code = text.charCodeAt(at++);
    if (code > 127) throw unreadable("bytea", "the text holds more than ASCII");
    if (code === 92) {
      if (text.charCodeAt(at) === 92) at++;
      else {
        code = parseInt(text.slice(at, at + 3), 8);
        if (Number.isNaN(code)) throw unreadable("bytea", "the text is broken off");
        at += 3;
      }
    }
    bytes[length] = code;
  }
  return bytes.slice(0, length);
}

/** `bytea`: bytes. Reads both of the server's output formats. */
export const bytea: Codec<Uint8Array> = {
  name: "bytea",
  reads: ["bytea"],
  decode(text) {
    const hex = text.charCodeAt(0) === 92 && text.charCodeAt(1) === 120;
    return hex ? readHex(text) : readEscape(text);
  },
  encode(value) {
    if (!(value instanceof Uint8Array)) {
      throw refusal("bytea", `expected a Uint8Array, got ${kindOf(value)}`);
    }
    const digits = pairs ??= makePairs();
    const parts = ["\\x"];
    for (let from = 0; from < value.length; from += SLICE) {
      let part = "";
      for (const byte of value.subarray(from, from + SLICE)) part += digits[byte];
      parts.push(part);
    }
    return parts.join("");
  },
};
