import type { TypeRef } from "../../src/catalog/type_ref.ts";

/** Writes a type with all its dimensions; the server prints one pair of brackets for any number. */
export function typeText(type: TypeRef, formatted: string): string {
  return formatted + "[]".repeat(Math.max(0, type.dimensions - 1));
}
