/** A diagram as one HTML page that needs nothing from outside: zoom, search, the columns of a table. */
import { type Entities, titleOf } from "./entities.ts";
import type { Layout } from "./layout.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { svgOf, text } from "./svg.ts";

/** Writes the page. `title` is plain text. */
export function htmlOf(content: Entities, layout: Layout, title: string): string {
  const { entities, links } = content;
  const data = {
    entities: entities.map((entity) => ({ ...entity, title: titleOf(entity) })),
    links,
  };
  const counts = `${entities.length} ${entities.length === 1 ? "table" : "tables"}, ` +
    `${links.length} ${links.length === 1 ? "foreign key" : "foreign keys"}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1><span class="counts">${counts}</span>
<input id="search" type="search" placeholder="Find a table or column ( / )" autocomplete="off" spellcheck="false" aria-label="Find a table or column">
<span class="buttons"><button id="in" title="Zoom in ( + )">+</button><button id="out" title="Zoom out ( - )">&minus;</button><button id="fit" title="Show all ( 0 )">Fit</button></span>
</header>
<ul id="found" hidden></ul>
<main id="stage">
${svgOf(content, layout)}</main>
<aside id="panel" hidden></aside>
<script type="application/json" id="data">${jsonText(data)}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** JSON that cannot end the script element it stands in, nor open a comment there. */
function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
