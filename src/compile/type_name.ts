import type { TypeRef } from "../catalog/type_ref.ts";
import { quoteName } from "./output.ts";

/** Writes a type for a cast. The words of `interval` fields are its only modifiers that are not numbers. */
export function typeName(type: TypeRef): string {
  const name = quoteName(type.name);
  const qualified = type.schema === null ? name : `${quoteName(type.schema)}.${name}`;
  const numbers = type.modifiers.filter((modifier) => /^-?\d+$/.test(modifier));
  const modifiers = numbers.length === 0 ? "" : `(${numbers.join(", ")})`;
  return qualified + modifiers + "[]".repeat(Math.min(type.dimensions, 1));
}
