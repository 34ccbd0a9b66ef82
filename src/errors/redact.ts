const MASK = "[redacted]";

/**
 * Text that may hold a value of a row: it prints as `[redacted]` and opens only on request.
 *
 * @example
 * ```ts
 * import { Redacted } from "@matrx/orm";
 *
 * const value = new Redacted("4711");
 * console.log(`${value}`, JSON.stringify({ value }), value.reveal()); // the last alone shows it
 * ```
 */
export class Redacted {
  readonly #text: string;

  /** Hides a text. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Gives the text itself. Never write it to a log. */
  reveal(): string {
    return this.#text;
  }

  /** The mask. */
  toString(): string {
    return MASK;
  }

  /** The mask. */
  toJSON(): string {
    return MASK;
  }
}

/** Shorter values are left in: they would mask half of every message. */
const SHORTEST = 3;

/**
 * Takes the values out of a message of the server.
 *
 * Class 22 quotes the offending input, so everything between its first and last quote goes. In other
 * messages each bound value goes, and each part of one that is an array or JSON, except where the
 * statement's own text holds it too.
 */
export function redactValues(
  message: string,
  sqlstate: string,
  text: string,
  params: readonly (string | null)[],
): string {
  let clean = message;
  if (sqlstate.startsWith("22") && !clean.includes("encoding")) {
    const from = clean.indexOf('"');
    const to = clean.lastIndexOf('"');
    if (from !== -1 && to > from) clean = `${clean.slice(0, from)}${MASK}${clean.slice(to + 1)}`;
  }
  for (const param of params) {
    for (const value of param === null ? [] : partsOf(param)) {
      if (value.length < SHORTEST || text.includes(value)) continue;
      clean = clean.replaceAll(value, MASK);
    }
  }
  return clean;
}

/** A value and, of an array, a row or JSON, what stands between its brackets and commas. */
function partsOf(param: string): string[] {
  if (!/^[{[(]/.test(param)) return [param];
  const parts = param.split(/[{}[\](),:"\\]+/).map((part) => part.trim());
  // the longest first: a part may hold another one
  return [param, ...new Set(parts)].sort((a, b) => b.length - a.length);
}
