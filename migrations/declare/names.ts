/** The names that PostgreSQL chooses where none is given. */

/** The most bytes of a name. */
const MOST = 63;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** Cuts a text to so many bytes without breaking a character. */
function clip(text: string, most: number): string {
  let cut = "";
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > most) break;
    cut += character;
  }
  return cut;
}

/** A name as the server stores it: cut to 63 bytes. */
export function storedName(name: string): string {
  return clip(name, MOST);
}

/**
 * Joins a table's name, a column's (or none) and a label with `_`; while that is too long, the longer
 * one of the two names gets shorter.
 */
export function madeName(table: string, column: string | null, label: string): string {
  const room = MOST - bytesOf(label) - 1 - (column === null ? 0 : 1);
  let first = bytesOf(table);
  let second = column === null ? 0 : bytesOf(column);
  while (first + second > room) {
    if (first > second) first--;
    else second--;
  }
  const parts = [clip(table, first), ...(column === null ? [] : [clip(column, second)]), label];
  return parts.join("_");
}

/** Joins the columns of a key as they enter its name; what exceeds 63 bytes is cut off by `madeName`. */
export function columnsInName(columns: readonly string[]): string {
  let joined = "";
  for (const column of columns) {
    if (joined !== "") joined += "_";
    joined += column;
    if (bytesOf(joined) > MOST) break;
  }
  return clip(joined, MOST);
}

/**
 * The column names that an index of keys is named after: an expression is `expr`, or the function that
 * it calls; a second one of a name gets a number.
 */
export function indexColumnNames(
  keys: readonly { readonly column: string | null; readonly expression: string | null }[],
): string[] {
  const used = new Set<string>();
  return keys.map(({ column, expression }) => {
    const wished = column ?? expressionName(expression ?? "");
    let name = storedName(wished);
    for (let number = 1; used.has(name); number++) {
      const end = String(number);
      name = clip(wished, MOST - end.length) + end;
    }
    used.add(name);
    return name;
  });
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_][\w$]*)`;
const CALL = new RegExp(`^(?:${NAME}\\s*\\.\\s*)?(${NAME})\\s*\\(`, "i");
const COLUMN = new RegExp(`^(?:${NAME}\\s*\\.\\s*)*(${NAME})$`, "i");
const CAST = new RegExp(
  `^(.+)::\\s*(?:${NAME}\\s*\\.\\s*)?(${NAME})[a-z ]*(?:\\([\\d, ]*\\))?(?:\\[\\])*$`,
  "is",
);

/** What the server would name a column that an expression gives, as far as its text tells. */
function expressionName(expression: string): string {
  const text = unwrapped(expression);
  const cast = CAST.exec(text);
  if (cast !== null && isOne(cast[1]!.trim())) {
    // the name of what is cast, where it has one
    const inner = unwrapped(cast[1]!);
    const name = COLUMN.exec(inner)?.[1] ?? calledIn(inner) ?? cast[2]!;
    return plain(name);
  }
  return plain(calledIn(text) ?? "expr");
}

/** The function that is all of an expression, or null. */
function calledIn(text: string): string | null {
  const call = CALL.exec(text);
  return call !== null && endsWithCall(text, call[0].length - 1) ? call[1]! : null;
}

function plain(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

function unwrapped(expression: string): string {
  let text = expression.trim();
  while (isWrapped(text)) text = text.slice(1, -1).trim();
  return text;
}

/** Whether a text is one name, one call or one pair of parentheses: then a cast behind it is of all of it. */
function isOne(text: string): boolean {
  return isWrapped(text) || COLUMN.test(text) || calledIn(text) !== null;
}

/** Whether a text is one pair of parentheses and what is between them. */
function isWrapped(text: string): boolean {
  return text.startsWith("(") && endsWithCall(text, 0);
}

/** Whether the parenthesis at a place is closed by the text's last character. */
function endsWithCall(text: string, open: number): boolean {
  let depth = 0;
  let quote = "";
  for (let at = open; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== "") {
      if (character === quote) quote = "";
      continue;
    }
    if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return at === text.length - 1;
  }
  return false;
}

/** Hands out names that no other object of the same schema has. */
export class NamePool {
  readonly #taken = new Set<string>();

  /** Notes that a name is given. */
  take(schema: string, name: string): void {
    this.#taken.add(relationKey(schema, name));
  }

  /** Makes a name that is free, by a number at the end of its label, and notes it. */
  make(schema: string, table: string, column: string | null, label: string): string {
    let name = madeName(table, column, label);
    for (let number = 1; this.#taken.has(relationKey(schema, name)); number++) {
      name = madeName(table, column, label + number);
    }
    this.take(schema, name);
    return name;
  }
}

/** Names a relation in a map. */
export function relationKey(schema: string, name: string): string {
  // a NUL cannot stand in a name
  return `${schema}\0${name}`;
}
