/** The extension hstore. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";
import { checkText } from "./text.ts";

const NAME = "hstore";

const quoted = (text: string): string => `"${checkText(text, NAME).replace(/["\\]/g, "\\$&")}"`;

/** `hstore`: text keys with text or NULL values, read into an object without a prototype. */
export const hstore: Codec<
  Record<string, string | null>,
  Readonly<Record<string, string | null>>
> = {
  name: NAME,
  reads: [],
  decode(text) {
    const value: Record<string, string | null> = Object.create(null);
    let at = 0;
    const broken = (): Error => unreadable(NAME, "the text is broken off");
    const read = (): string => {
      if (text.charCodeAt(at) !== 34) throw broken();
      let word = "";
      let plain = ++at;
      for (;; at++) {
        if (at >= text.length) throw broken();
        const code = text.charCodeAt(at);
        if (code === 34) break;
        if (code === 92) {
          word += text.slice(plain, at);
          plain = ++at;
        }
      }
      word += text.slice(plain, at++);
      return word;
    };
    while (at < text.length) {
      const key = read();
      if (!text.startsWith("=>", at)) throw broken();
      at += 2;
      if (text.startsWith("NULL", at)) {
        value[key] = null;
        at += 4;
      } else value[key] = read();
      if (at < text.length) {
        if (!text.startsWith(", ", at)) throw broken();
        at += 2;
      }
    }
    return value;
  },
  encode(value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw refusal(NAME, `expected an object, got ${kindOf(value)}`);
    }
    // sorted, so that two objects with the same entries have the same text
    return Object.keys(value).sort().map((key) => {
      const item = value[key];
      return `${quoted(key)}=>${item === null ? "NULL" : quoted(item as string)}`;
    }).join(", ");
  },
};
