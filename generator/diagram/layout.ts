/** Where the tables of a diagram stand. */
import { Graphviz } from "npm:@hpcc-js/wasm-graphviz@1.29.2";
import type { Entities, Entity } from "./entities.ts";
import { heightOf, widthOf } from "./measure.ts";

/** A table's place: its left upper corner and size, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The places of all tables, by id, and the size of the whole. */
export interface Layout {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly width: number;
  readonly height: number;
}

/** A point, in pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** So many tables are drawn in layers, parents to the left; more would make columns without an end. */
const MOST_IN_LAYERS = 40;

/** Graphviz measures in inches of 72 pixels. */
const INCH = 72;

/** The space around the whole, between tables, and between columns for the lines, in pixels. */
const MARGIN = 40;
const GAP = 24;
const AISLE = 130;

/** How much wider than high the whole should be. */
const RATIO = 1.6;

/** Finds a place for each table so that none covers another, and those that belong together are near. */
export async function layOut(content: Entities): Promise<Layout> {
  const linked = new Set(content.links.flatMap(({ from, to }) => from === to ? [] : [from, to]));
  const tied = content.entities.filter(({ id }) => linked.has(id));
  const boxes = new Map<string, Box>();
  if (tied.length > 0) {
    const graphviz = await Graphviz.load();
    const inLayers = tied.length <= MOST_IN_LAYERS;
    const engine = inLayers ? "dot" : "sfdp";
    const points = pointsOf(graphviz.layout(graphOf(tied, content), "plain", engine));
    const place = inLayers ? placeAsFound : placeInColumns;
    place(boxes, tied, points);
  }
  placeInRows(boxes, content.entities.filter(({ id }) => !linked.has(id)));
  return { boxes, width: rightOf(boxes) + MARGIN, height: bottomOf(boxes) + MARGIN };
}

function graphOf(tied: readonly Entity[], { links }: Entities): string {
  return [
    `digraph { graph [rankdir=RL; ranksep=1.1; nodesep=0.35; overlap=true; start=7]`,
    `node [shape=box, fixedsize=true, label=""]`,
    ...tied.map((entity) =>
      `${entity.id} [width=${widthOf(entity) / INCH}, height=${heightOf(entity) / INCH}]`
    ),
    ...links.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from} -> ${to}`),
    "}",
  ].join("\n");
}

/** The centres of the tables, as Graphviz found them; its y grows upwards. */
function pointsOf(plain: string): ReadonlyMap<string, Point> {
  const points = new Map<string, Point>();
  for (const line of plain.split("\n")) {
    const [word, id = "", x, y] = line.split(" ");
    if (word === "node") points.set(id, { x: Number(x) * INCH, y: -Number(y) * INCH });
  }
  return points;
}

function placeAsFound(
  boxes: Map<string, Box>,
  tied: readonly Entity[],
  points: ReadonlyMap<string, Point>,
): void {
  const corners = tied.map((entity) => {
    const [width, height] = [widthOf(entity), heightOf(entity)];
    const { x, y } = points.get(entity.id)!;
    return { id: entity.id, x: x - width / 2, y: y - height / 2, width, height };
  });
  const left = Math.min(...corners.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...corners.map(({ y }) => y)) - MARGIN;
  for (const { id, x, y, width, height } of corners) {
    boxes.set(id, { x: Math.round(x - left), y: Math.round(y - top), width, height });
  }
}

/**
 * Stands the tables in columns: which column is decided by how far to the right Graphviz put a table, and
 * the place in it by how far down.
 */
function placeInColumns(
  boxes: Map<string, Box>,
  tied: readonly Entity[],
  points: ReadonlyMap<string, Point>,
): void {
  const total = tied.reduce((sum, entity) => sum + heightOf(entity) + GAP, 0);
  const widest = tied.reduce((sum, entity) => sum + widthOf(entity), 0) / tied.length;
  const count = Math.max(1, Math.round(Math.sqrt(total * RATIO / (widest + AISLE))));
  const by = (axis: "x" | "y") => (a: Entity, b: Entity) =>
    points.get(a.id)![axis] - points.get(b.id)![axis];
  const rest = tied.toSorted(by("x"));
  let x = MARGIN;
  let filled = 0;
  for (let column = 1; rest.length > 0; column++) {
    const own: Entity[] = [];
    while (rest.length > 0 && (filled < total * column / count || own.length === 0)) {
      const entity = rest.shift()!;
      own.push(entity);
      filled += heightOf(entity) + GAP;
    }
    const width = Math.max(...own.map(widthOf));
    let y = MARGIN;
    for (const entity of own.toSorted(by("y"))) {
      const height = heightOf(entity);
      boxes.set(entity.id, { x, y, width: widthOf(entity), height });
      y += height + GAP;
    }
    x += width + AISLE;
  }
}

/** Stands tables that no foreign key ties to others in rows below the others. */
function placeInRows(boxes: Map<string, Box>, rest: readonly Entity[]): void {
  const area = rest.reduce((sum, one) => sum + (widthOf(one) + GAP) * (heightOf(one) + GAP), 0);
  const wide = Math.max(rightOf(boxes), Math.sqrt(area * RATIO), 600);
  let x = MARGIN;
  let y = boxes.size === 0 ? MARGIN : bottomOf(boxes) + 2 * MARGIN;
  let tallest = 0;
  for (const entity of rest.toSorted((a, b) => heightOf(a) - heightOf(b))) {
    const [width, height] = [widthOf(entity), heightOf(entity)];
    if (x > MARGIN && x + width > wide) {
      x = MARGIN;
      y += tallest + GAP;
      tallest = 0;
    }
    boxes.set(entity.id, { x, y, width, height });
    x += width + GAP;
    tallest = Math.max(tallest, height);
  }
}

function rightOf(boxes: ReadonlyMap<string, Box>): number {
  return Math.max(MARGIN, ...Array.from(boxes.values(), ({ x, width }) => x + width));
}

function bottomOf(boxes: ReadonlyMap<string, Box>): number {
  return Math.max(MARGIN, ...Array.from(boxes.values(), ({ y, height }) => y + height));
}
