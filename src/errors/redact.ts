const MASK = "[redacted]";

/** Text that may hold a value of a row: it prints as `[redacted]` and opens only on request. */
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
 * messages each bound value goes, except where the statement's own text holds it too.
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
  for (const value of params) {
    if (value === null || value.length < SHORTEST || text.includes(value)) continue;
    clean = clean.replaceAll(value, MASK);
  }
  return clean;
}
