import { ValidationError } from "../errors/base.ts";
import { arrayCodec } from "./array.ts";
import type { AnyCodec } from "./codec.ts";
import { builtinCodec } from "./registry.ts";

/** The type by which a JavaScript value is written where no column says one. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "float8"],
  ["bigint", "int8"],
  ["boolean", "bool"],
]);

/**
 * Writes a value by its JavaScript type, for `sql` fragments: the server reads it as the type that its
 * place asks for. Arrays become PostgreSQL arrays, plain objects JSON.
 *
 * @throws {ValidationError} undefined, a function, a symbol, or a value that no type takes
 */
export function nativeParam(value: unknown): string | null {
  return value === null ? null : native.encode(value);
}

/** Takes values by their JavaScript type; gives texts as they are. */
export const native: AnyCodec = {
  name: "value",
  decode: (text: string): string => text,
  encode(value: unknown): string {
    return codecOf(value).encode(value);
  },
};

function codecOf(value: unknown): AnyCodec {
  const name = TYPES.get(typeof value) ?? objectType(value);
  if (name === "array") return arrayCodec(native);
  const codec = name === undefined ? undefined : builtinCodec(name);
  if (codec !== undefined) return codec;
  throw new ValidationError(`A value of type ${typeof value} cannot be bound`, {
    code: "invalid_parameter",
    hint: "Bind a string, number, bigint, boolean, Date, Uint8Array, array, plain object or null",
  });
}

function objectType(value: unknown): string | undefined {
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "timestamptz";
  if (value instanceof Uint8Array) return "bytea";
  return typeof value === "object" ? "jsonb" : undefined;
}
