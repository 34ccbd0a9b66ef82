/** How large a table is drawn. A monospaced font makes it known without a screen. */
import { type Entity, type EntityColumn, shortType, titleOf } from "./entities.ts";

/** The height of a column's line, in pixels. */
export const LINE = 18;
/** The height of a table's title, in pixels. */
export const TITLE = 28;
/** The space at the left and right of text, in pixels. */
export const PADDING = 10;

/** The width of a character of the titles and of the columns, in pixels. */
const TITLE_CHARACTER = 7.9;
const CHARACTER = 6.7;

/** Longer text is cut; the whole of it is shown when the mouse rests on it. */
const LONGEST_NAME = 40;
const LONGEST_TYPE = 28;

/** The width of a table, in pixels. */
export function widthOf(entity: Entity): number {
  const title = lengthOf(shortName(titleOf(entity))) * TITLE_CHARACTER;
  const name = longest(entity.columns.map((column) => nameText(column)));
  const type = longest(entity.columns.map((column) => typeText(column)));
  const columns = (name + type + 3) * CHARACTER;
  return Math.ceil(Math.max(title, columns, 100) + 2 * PADDING);
}

/** The height of a table, in pixels. */
export function heightOf(entity: Entity): number {
  return TITLE + entity.columns.length * LINE + (entity.columns.length === 0 ? 0 : 6);
}

/** What is shown of a name. */
export function shortName(name: string): string {
  return cut(name, LONGEST_NAME);
}

/** What is shown of a column's name: with its keys. */
export function nameText(column: EntityColumn): string {
  const mark = column.primary ? "# " : column.foreign ? "→ " : column.unique ? "! " : "  ";
  return mark + shortName(column.name);
}

/** What is shown of a column's type; `?` where it may be NULL. */
export function typeText(column: EntityColumn): string {
  return cut(shortType(column.type), LONGEST_TYPE) + (column.notNull ? "" : "?");
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(lengthOf));
}

/** Letters of wide scripts and emoji take two places. */
function lengthOf(text: string): number {
  let length = 0;
  for (const sign of text) length += sign.codePointAt(0)! > 0x2e80 ? 2 : 1;
  return length;
}

function cut(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join("")}…`;
}
