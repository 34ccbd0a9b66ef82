import { RESERVED_NAMES } from "../../src/schema/reserved.ts";
import { camelCase, capitalize, snakeCase } from "../../src/util/casing.ts";
import type { Casing } from "../options.ts";

/** Words of the language that cannot name a variable, or cannot everywhere. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...["arguments", "as", "async", "await", "break", "case", "catch", "class", "const", "continue"],
  ...["debugger", "default", "delete", "do", "else", "enum", "eval", "export", "extends", "false"],
  ...["finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface"],
  ...["let", "new", "null", "of", "package", "private", "protected", "public", "return", "static"],
  ...["super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void"],
  ...["while", "with", "yield"],
]);

/** Words that may not name a property, by the rule that a keyword gets an alias. */
const PROPERTY_KEYWORDS: ReadonlySet<string> = new Set([
  ...["break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete"],
  ...["do", "else", "enum", "export", "extends", "false", "finally", "for", "function", "if"],
  ...["import", "in", "instanceof", "new", "null", "return", "super", "switch", "this", "throw"],
  ...["true", "try", "typeof", "var", "void", "while", "with", "await", "yield"],
]);

/** What every object inherits; a column of that name would break printing or comparing a row. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Longest identifier that is made of a name, in UTF-16 units; PostgreSQL's names have 63 bytes. */
const LONGEST = 100;

/** A short hash of a name: 8 hexadecimal digits, the same everywhere. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Turns any text into words joined by underscores: letters and digits of the basic plane only. */
function words(name: string): string {
  const plain = name.normalize("NFC").replace(/[^\p{L}\p{M}\p{Nd}_]|[\u{10000}-\u{10ffff}]/gu, "_");
  // a name that starts with a mark or a digit is no identifier
  return plain.replace(/^(_*)\p{M}+/u, "$1").slice(0, LONGEST);
}

/** Whether nothing but underscores came through. */
const isEmpty = (text: string): boolean => /^_*$/.test(text);

/** Names the property of a column or attribute; not yet free of collisions. */
export function propertyName(column: string, casing: Casing): string {
  const plain = words(column);
  if (isEmpty(plain)) return `column${capitalize(shortHash(column))}`;
  // underscores that stand for something else at the ends say nothing
  const trimmed = plain === column ? plain : plain.replace(/^_+|_+$/g, "");
  const named = casing === "camel" ? camelCase(trimmed) : trimmed;
  const name = /^\p{Nd}/u.test(named) ? `_${named}` : named;
  return isReservedProperty(name) ? `${name}_` : name;
}

/** Whether a property may not have a name. */
export function isReservedProperty(name: string): boolean {
  return RESERVED_NAMES.has(name) || PROPERTY_KEYWORDS.has(name) || INHERITED.has(name);
}

/** Joins words into a name with capitals: `order_item` is `OrderItem`. */
export function pascalCase(name: string): string {
  const plain = words(name);
  if (isEmpty(plain)) return `X${shortHash(name)}`;
  const joined = capitalize(camelCase(plain.replace(/^_+|_+$/g, "")));
  return /^\p{Nd}/u.test(joined) ? `T${joined}` : joined;
}

/** Names a variable after a class: `OrderItem` is `orderItem`. */
export function variableName(className: string): string {
  const name = camelCase(snakeCase(className));
  return KEYWORDS.has(name) ? `${name}_` : name;
}

/** Names the only instance of a class; scripts without capitals would give the class's own name. */
export function instanceName(className: string): string {
  const name = variableName(className);
  return name === className ? `${name}_` : name;
}

/** Whether a variable may not have a name. */
export function isKeyword(name: string): boolean {
  return KEYWORDS.has(name);
}
