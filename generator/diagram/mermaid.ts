/** A diagram as the text of a Mermaid entity relationship diagram. */
import { type Entities, type EntityColumn, type Link, shortType, titleOf } from "./entities.ts";

/**
 * Writes the entities as Mermaid (`erDiagram`).
 *
 * Mermaid takes letters, digits and a few signs in the names of columns and types; others become `_`,
 * and the column's own name stands in its comment.
 *
 * @see https://mermaid.js.org/syntax/entityRelationshipDiagram.html
 */
export function mermaidOf({ entities, links }: Entities): string {
  const lines = ["erDiagram"];
  for (const entity of entities) {
    lines.push(`  ${entity.id}["${textOf(titleOf(entity))}"] {`);
    lines.push(...entity.columns.map((column) => `    ${attributeOf(column)}`));
    lines.push("  }");
  }
  lines.push(...links.map((link) => `  ${relationshipOf(link)}`));
  return `${lines.join("\n")}\n`;
}

function attributeOf(column: EntityColumn): string {
  const keys = [
    ...(column.primary ? ["PK"] : []),
    ...(column.foreign ? ["FK"] : []),
    ...(column.unique ? ["UK"] : []),
  ];
  const name = wordOf(column.name);
  const notes = [
    ...(name === column.name ? [] : [column.name]),
    ...(column.notNull ? [] : ["nullable"]),
    ...(column.comment === null ? [] : [column.comment]),
  ];
  return [
    wordOf(shortType(column.type)),
    name,
    ...(keys.length === 0 ? [] : [keys.join(", ")]),
    ...(notes.length === 0 ? [] : [`"${commentOf(notes.join("; "))}"`]),
  ].join(" ");
}

function relationshipOf(link: Link): string {
  const parent = link.optional ? "|o" : "||";
  const child = link.single ? "o|" : "o{";
  return `${link.to} ${parent}--${child} ${link.from} : "${textOf(link.columns.join(", "))}"`;
}

/** A name that Mermaid reads as one word. */
function wordOf(name: string): string {
  const word = name.replaceAll(/[^\p{L}\p{N}_()[\]-]/gu, "_");
  return /^\p{L}/u.test(word) ? word : `c_${word}`;
}

/** Text between quotes, by Mermaid's own entity codes; a line break would end the statement. */
function textOf(text: string): string {
  return commentOf(text).replaceAll("#", "#35;").replaceAll("&", "#amp;")
    .replaceAll("<", "#lt;").replaceAll(">", "#gt;");
}

/** A comment takes no quote at all. */
function commentOf(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what must not get into the text
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ").replaceAll('"', "'");
}
