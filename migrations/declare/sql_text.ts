import { SqlIdentifier, SqlValue } from "../../src/ast/sql.ts";
import { isSql } from "../../src/ast/fragment.ts";
import { quoteName } from "../../src/compile/output.ts";
import { ConfigurationError } from "../../src/errors/base.ts";

/** What is being written, for messages: `the check of public.orders`. */
export type Place = string;

/**
 * Writes a fragment as SQL text for DDL, which takes no parameters: values become literals, names are
 * quoted.
 *
 * @throws {ConfigurationError} a value has no literal of its own: write it into the text, or cast it
 */
export function sqlText(
  fragment: { readonly texts: readonly string[]; readonly values: readonly unknown[] },
  place: Place,
): string {
  let text = fragment.texts[0] ?? "";
  fragment.values.forEach((value, index) => {
    text += itemText(value, place) + (fragment.texts[index + 1] ?? "");
  });
  return text;
}

function itemText(value: unknown, place: Place): string {
  if (isSql(value)) return sqlText(value, place);
  if (value instanceof SqlIdentifier) return value.path.map(quoteName).join(".");
  if (value instanceof SqlValue) {
    const encoded = value.value === null ? null : value.codec.encode(value.value);
    return encoded === null ? "NULL" : textLiteral(encoded);
  }
  switch (typeof value) {
    case "string":
      return textLiteral(value);
    case "number":
      if (Number.isFinite(value)) return String(value);
      return textLiteral(value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN");
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value === null) return "NULL";
      if (value instanceof Date) return `${textLiteral(value.toISOString())}::timestamptz`;
      throw new ConfigurationError(`Cannot write a value of ${place} into a definition`, {
        code: "value_without_literal",
        hint: "Write it as SQL, or bind it with sql.value(value, codec)",
      });
  }
}

/** Writes a text as a literal of SQL. */
export function textLiteral(text: string): string {
  const doubled = text.replaceAll("'", "''");
  // with a backslash in it the plain form depends on a setting of the server
  return text.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
