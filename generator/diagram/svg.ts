/** A diagram as SVG. */
import { type Entities, type Entity, type Link, titleOf } from "./entities.ts";
import type { Box, Layout } from "./layout.ts";
import { LINE, nameText, PADDING, shortName, TITLE, typeText } from "./measure.ts";

const STYLE = `
.matrx text { font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2933; white-space: pre; }
.matrx .title { font-size: 13px; font-weight: 600; fill: #fff; }
.matrx .box { fill: #fff; stroke: #9aa5b1; }
.matrx .head { fill: #334e68; }
.matrx .view .head { fill: #52606d; }
.matrx .type { fill: #627d98; text-anchor: end; }
.matrx .primary { font-weight: 600; }
.matrx .link { fill: none; stroke: #829ab1; stroke-width: 1.3; opacity: 0.75; }
.matrx marker path { fill: #fff; stroke: #627d98; }
`;

/** How far a line runs straight from a table, in pixels. */
const STRAIGHT = 34;

/** Draws the entities at their places as one SVG element, which needs nothing from outside. */
export function svgOf({ entities, links }: Entities, layout: Layout): string {
  const { width, height, boxes } = layout;
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="matrx" role="img" aria-label="Entity diagram" ` +
    `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>${STYLE}</style>`,
    `<defs>${MARKERS}</defs>`,
    `<g class="links">`,
    ...links.map((link) => drawLink(link, byId, boxes)),
    `</g>`,
    `<g class="tables">`,
    ...entities.map((entity) => drawEntity(entity, boxes.get(entity.id)!)),
    `</g>`,
    `</svg>`,
    "",
  ].join("\n");
}

/** The ends of lines, in crow's foot notation; the table begins at their right edge. */
const MARKERS = [
  marker("one", "M16 0 V12 M12 0 V12"),
  marker("zero-or-one", "M16 0 V12 M12 6 a4 4 0 1 1 -8 0 a4 4 0 1 1 8 0"),
  marker("zero-or-more", "M20 0 L10 6 L20 12 M10 6 H20 M10 6 a4 4 0 1 1 -8 0 a4 4 0 1 1 8 0"),
].join("");

function marker(id: string, path: string): string {
  return `<marker id="matrx-${id}" viewBox="0 -1 20 14" refX="20" refY="6" markerWidth="20" ` +
    `markerHeight="14" markerUnits="userSpaceOnUse" orient="auto-start-reverse">` +
    `<path d="${path}"/></marker>`;
}

function drawEntity(entity: Entity, { x, y, width, height }: Box): string {
  const title = titleOf(entity);
  const kind = entity.kind === "table" ? "table" : "view";
  const lines = entity.columns.map((column, index) => {
    const at = TITLE + 13 + index * LINE;
    const key = column.primary ? ` class="primary"` : "";
    return `<g class="column" data-name="${text(column.name)}">` +
      hover([`${column.name} ${column.type}`, column.notNull ? "not null" : null, column.comment]) +
      `<text x="${PADDING}" y="${at}"${key}>${text(nameText(column))}</text>` +
      `<text class="type" x="${width - PADDING}" y="${at}">${text(typeText(column))}</text></g>`;
  });
  return `<g class="entity ${kind}" id="${entity.id}" data-name="${text(title)}" ` +
    `transform="translate(${x} ${y})">` +
    `<rect class="box" width="${width}" height="${height}" rx="4"/>` +
    `<path class="head" d="M0 ${TITLE} V4 a4 4 0 0 1 4 -4 H${
      width - 4
    } a4 4 0 0 1 4 4 V${TITLE} Z"/>` +
    hover([title, entity.comment]) +
    `<text class="title" x="${PADDING}" y="19">${text(shortName(title))}</text>` +
    `${lines.join("")}</g>`;
}

function drawLink(
  link: Link,
  entities: ReadonlyMap<string, Entity>,
  boxes: ReadonlyMap<string, Box>,
): string {
  const from = boxes.get(link.from)!;
  const to = boxes.get(link.to)!;
  const start = lineOf(entities.get(link.from)!, from, link.columns[0]!);
  const end = lineOf(entities.get(link.to)!, to, link.references[0]!);
  const [a, b] = sides(from, to);
  const x1 = a === 1 ? from.x + from.width : from.x;
  const x2 = b === 1 ? to.x + to.width : to.x;
  const d = `M${x1} ${start} h${a * 20} C${x1 + a * (20 + STRAIGHT)} ${start} ` +
    `${x2 + b * (20 + STRAIGHT)} ${end} ${x2 + b * 20} ${end} H${x2}`;
  const many = link.single ? "zero-or-one" : "zero-or-more";
  const one = link.optional ? "zero-or-one" : "one";
  return `<path class="link" data-from="${link.from}" data-to="${link.to}" d="${d}" ` +
    `marker-start="url(#matrx-${many})" marker-end="url(#matrx-${one})">` +
    hover([`${link.name}: ${link.columns.join(", ")} → ${link.references.join(", ")}`]) +
    `</path>`;
}

/** On which side a line leaves and arrives: 1 = right, -1 = left. */
function sides(from: Box, to: Box): readonly [number, number] {
  if (from === to) return [1, 1];
  if (to.x + to.width + 40 <= from.x) return [-1, 1];
  if (from.x + from.width + 40 <= to.x) return [1, -1];
  return [1, 1];
}

/** The height at which a line meets a table: that of the column, or of the title where it is not shown. */
function lineOf(entity: Entity, box: Box, column: string): number {
  const index = entity.columns.findIndex(({ name }) => name === column);
  return box.y + (index < 0 ? TITLE / 2 : TITLE + 9 + index * LINE);
}

function hover(lines: readonly (string | null)[]): string {
  return `<title>${text(lines.filter((line) => line !== null).join("\n"))}</title>`;
}

/** Text inside SVG or HTML, also inside a quoted attribute: it is never markup. */
export function text(value: string): string {
  // deno-lint-ignore no-control-regex -- XML cannot hold them
  return value.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
