/** Composite types. */
import type { AnyCodec, Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";

/** An attribute of a composite type. */
export interface CompositeField {
  /** The name that its property has. */
  readonly name: string;
  /** The codec of its type. */
  readonly codec: AnyCodec;
}

/** The codec of a composite type. */
export interface CompositeCodec extends Codec<Composite, Readonly<Composite>> {
  /** The server must be told the type of a parameter: it cannot tell by comparing with a column. */
  readonly composite: true;
}

/** Tells whether a codec is that of a composite type. */
export function isCompositeCodec(codec: AnyCodec): codec is CompositeCodec {
  return "composite" in codec;
}

/** A composite value: one property per attribute, null for NULL. */
export type Composite = Record<string, unknown>;

const NEEDS_QUOTES = /^$|[\s"\\(),]/;

/** Quotes an attribute as the server does: quotes and backslashes are doubled. */
function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replace(/["\\]/g, "$&$&")}"` : text;
}

/**
 * Makes the codec of a composite type, whose attributes are given in the type's order.
 *
 * A value is a plain object; when an attribute is named `__proto__` it has no prototype. Writing
 * asks for every attribute, null for NULL.
 */
export function compositeCodec(
  name: string,
  fields: readonly CompositeField[],
): CompositeCodec {
  const bare = fields.some((field) => field.name === "__proto__");
  return {
    name,
    composite: true,
    decode(text) {
      const parts = fields.length === 0 && text === "()" ? [] : splitRecord(text, name);
      if (parts.length !== fields.length) {
        throw unreadable(
          name,
          `expected ${fields.length} attributes, got ${parts.length}`,
          "The type was changed in the database: generate the models again",
        );
      }
      const value: Composite = bare ? Object.create(null) : {};
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i]!;
        const part = parts[i]!;
        value[field.name] = part === null ? null : field.codec.decode(part);
      }
      return value;
    },
    encode(value) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw refusal(name, `expected an object, got ${kindOf(value)}`);
      }
      const parts = fields.map((field) => {
        const part = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
        if (part === undefined) {
          throw refusal(
            name,
            `the attribute ${JSON.stringify(field.name)} is missing`,
            "Give null for NULL",
          );
        }
        return part === null ? "" : quoted(field.codec.encode(part));
      });
      return `(${parts.join(",")})`;
    },
  };
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/** Cuts a record's text into its attributes; null for NULL. */
export function splitRecord(text: string, name: string): (string | null)[] {
  const last = text.length - 1;
  if (last < 1 || text.charCodeAt(0) !== 40 || text.charCodeAt(last) !== 41) {
    throw unreadable(name, "the text is no record");
  }
  const parts: (string | null)[] = [];
  let i = 1;
  for (;;) {
    if (i === last || text.charCodeAt(i) === COMMA) {
      parts.push(null);
    } else {
      let part = "";
      let plain = i;
      let inside = false;
      for (; i < last; i++) {
        const code = text.charCodeAt(i);
        if (code === COMMA && !inside) break;
        if (code === BACKSLASH) {
          part += text.slice(plain, i);
          plain = ++i;
        } else if (code === QUOTE) {
          part += text.slice(plain, i);
          plain = i + 1;
          if (inside && text.charCodeAt(i + 1) === QUOTE) i++; // a doubled quote is one quote
          else inside = !inside;
        }
      }
      if (inside || i > last) throw unreadable(name, "the record's text is broken off");
      parts.push(part + text.slice(plain, i));
    }
    if (i === last) return parts;
    i++;
  }
}
