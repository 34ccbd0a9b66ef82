import { ValidationError } from "../errors/base.ts";
import { arrayText } from "./array_text.ts";
import { bytea } from "./bytes.ts";
import type { AnyCodec, ServerTyped } from "./codec.ts";
import { jsonb } from "./json.ts";
import { float8, int8 } from "./number.ts";
import { codecByOid } from "./registry.ts";
import { bool } from "./simple.ts";
import { textCodec } from "./text.ts";
import { timestamptz } from "./timestamp.ts";

/**
 * Writes a value by its JavaScript type, for `sql` fragments: the server reads it as the type that its
 * place asks for. Arrays become PostgreSQL arrays, plain objects JSON.
 *
 * @throws {ValidationError} undefined, a function, a symbol, or a value that no type takes
 */
export function nativeParam(value: unknown): string | null {
  return value === null ? null : native.encode(value);
}

/** For what has no type that is known here: writes by the JavaScript type, reads by the server's. */
export const native: ServerTyped = {
  name: "value",
  decode: (text: string): string => text,
  encode: (value: unknown): string =>
    Array.isArray(value) ? arrayText(native, value) : codecOf(value).encode(value),
  byOid: codecByOid,
};

function codecOf(value: unknown): AnyCodec {
  switch (typeof value) {
    case "string":
      return textCodec("text");
    case "number":
      return float8;
    case "bigint":
      return int8;
    case "boolean":
      return bool;
    case "object":
      if (value instanceof Date) return timestamptz;
      return value instanceof Uint8Array ? bytea : jsonb;
  }
  throw new ValidationError(`A value of type ${typeof value} cannot be bound`, {
    code: "invalid_parameter",
    hint: "Bind a string, number, bigint, boolean, Date, Uint8Array, array, plain object or null",
  });
}
