/** A catalog as an entity diagram. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { entitiesOf, type ShownColumns } from "./entities.ts";
import { htmlOf } from "./html.ts";
import { mermaidOf } from "./mermaid.ts";
import { svgOf } from "./svg.ts";

/** The forms of a diagram: Mermaid text, an SVG image, an HTML page. */
export type DiagramFormat = "mermaid" | "svg" | "html";

/** How a diagram is drawn. */
export interface DiagramOptions {
  readonly format: DiagramFormat;
  /** The title of an HTML page. */
  readonly title: string;
  /** Which columns are shown; default all. */
  readonly columns?: ShownColumns | undefined;
  /** Whether views are shown; default false. */
  readonly views?: boolean | undefined;
}

/** A diagram's text, and what it shows. */
export interface Diagram {
  readonly text: string;
  readonly tables: number;
  readonly foreignKeys: number;
}

/** Draws the tables of a catalog with their foreign keys. */
export async function diagram(catalog: Catalog, options: DiagramOptions): Promise<Diagram> {
  const { format, title, columns = "all", views = false } = options;
  const content = entitiesOf(catalog, columns, views);
  const counts = { tables: content.entities.length, foreignKeys: content.links.length };
  if (format === "mermaid") return { text: mermaidOf(content), ...counts };
  // only images need the layout and its engine
  const { layOut } = await import("./layout.ts");
  const layout = await layOut(content);
  if (format === "html") return { text: htmlOf(content, layout, title), ...counts };
  return { text: svgOf(content, layout), ...counts };
}
