/** Cursors as text: the key of a row in an order, safe in a URL, and checked when it comes back. */
import { ValidationError } from "../errors/base.ts";

/** The key of a row: its values in the server's own words. */
export type CursorKey = readonly (string | null)[];

/** A short number of a text, by which a changed one is told; no secret is in it. */
export function markOf(text: string): string {
  // FNV-1a
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

function sumOf(order: string, key: CursorKey): string {
  return markOf(`${order} ${JSON.stringify(key)}`);
}

/** Writes a cursor; `order` is the mark of the order in which the key stands. */
export function writeCursor(order: string, key: CursorKey): string {
  const bytes = new TextEncoder().encode(JSON.stringify([order, sumOf(order, key), ...key]));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Reads a cursor of an order with a number of terms.
 *
 * @throws {ValidationError} it is none, was changed, or is one of another model or order
 */
export function readCursor(text: string, order: string, terms: number): CursorKey {
  const [made, , ...key] = parse(text);
  if (typeof made !== "string" || !isKey(key)) throw invalidCursor();
  // written again it is the same text, its sum included
  if (writeCursor(made, key) !== text) throw invalidCursor();
  if (made === order && key.length === terms) return key;
  throw new ValidationError("The cursor is one of another order or model", {
    code: "cursor_of_another_order",
    hint: "Use it with the model and the orderBy() of the page that gave it",
  });
}

function isKey(key: readonly unknown[]): key is CursorKey {
  return key.every((one) => one === null || typeof one === "string");
}

function parse(text: string): readonly unknown[] {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** The error of a text that is no cursor. */
export function invalidCursor(cause?: unknown): ValidationError {
  return new ValidationError("The cursor is not one that a page gave, or it was changed", {
    code: "invalid_cursor",
    hint: "Give the startCursor or endCursor of a page as it is, or null for the first page",
    ...(cause === undefined ? {} : { cause }),
  });
}
