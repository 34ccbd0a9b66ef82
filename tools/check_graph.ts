/**
 * Checks how the library's files import each other: ranks, circles, the wall, files that
 * nothing reaches; and that deno.lock holds what they import and no more.
 *
 * Usage: `deno run -A tools/check_graph.ts`
 */
import { dirname, join } from "node:path/posix";
import { circles, type Edge, importsOf, reach } from "./graph.ts";
import { conclude, packageConfig, projectFiles, readProject } from "./project.ts";
import { isLibrary, isWalled, refusal, roomOf, TYPE_CIRCLES } from "./ranks.ts";

const files = projectFiles().filter((file) => isLibrary(file) && file.endsWith(".ts"));
const graph = importsOf(files);
const edges = graph.edges.filter((edge) => isLibrary(edge.from));
const between = edges.filter((edge) => isLibrary(edge.to));
const findings: string[] = [...graph.faults];

// what the command line loads by addresses is named in one file, for what packs the package
const LOADED_LATER = /\b(?:moduleOf|loadOwn<[^>]*>)\(\s*import\.meta\.url,\s*"(\.[^"]+)"/g;
const listed = new Set(edges.filter(({ from }) => from === "cli/all.ts").map(({ to }) => to));
// a literal import in a table of commands would be read whenever the program starts
const light = new Set(["cli/completions.ts"]);
for (const { from, to, kind } of edges) {
  if (kind !== "lazy" || !/^cli\/(?:.+\/)?commands\.ts$/.test(from) || light.has(to)) continue;
  findings.push(`${from} imports ${to} by a literal: load it with moduleOf()`);
}
for (const from of files.filter((file) => file.startsWith("cli/"))) {
  for (const [, path] of readProject(from).matchAll(LOADED_LATER)) {
    const to = join(dirname(from), path!);
    if (!listed.has(to)) findings.push(`${from} loads ${to}, which cli/all.ts does not name`);
  }
}

for (const { from, to } of edges) {
  if (/^(?:jsr|https?):/.test(to)) findings.push(`${from} imports ${to}`);
  else if (/^[a-z]+:/.test(to)) {
    if (isWalled(from)) findings.push(`${from} is walled and imports ${to}`);
  } else {
    const reason = refusal(from, to);
    if (reason !== undefined) findings.push(`${from} -> ${to}: ${reason}`);
  }
}

const of = (...kinds: readonly Edge["kind"][]): Edge[] =>
  between.filter((edge) => kinds.includes(edge.kind));
const valueCircles = circles(of("value"));
for (const circle of valueCircles) findings.push(`circle of imports: ${circle.join(" ")}`);
const typeCircles = circles(of("value", "type")).filter((circle) =>
  !valueCircles.some((other) => other.every((file) => circle.includes(file)))
);
for (const circle of typeCircles) {
  const allowed = TYPE_CIRCLES.some(({ files }) => circle.every((file) => files.includes(file)));
  if (!allowed) findings.push(`circle of type imports: ${circle.join(" ")}`);
}

const core = reach(["mod.ts"], edges, ["value", "type"]);
for (const file of core) {
  const inside = file === "mod.ts" || file === "src/connect.ts" || isWalled(file);
  if (!inside) findings.push(`the graph of mod.ts holds ${file}`);
}

const { exports } = packageConfig();
const doors = [...Object.values(exports).map((path) => path.slice(2)), "src/connect.ts"];
const reached = reach(doors, edges, ["value", "type", "lazy"]);
const free = projectFiles("tests", "tools", "examples").filter((file) => file.endsWith(".ts"));
const tested = new Set(importsOf(free).edges.map((edge) => edge.to));
const unreached = Map.groupBy(files.filter((file) => !reached.has(file)), roomOf);
for (const [room, lost] of unreached) {
  const names = lost.map((file) => tested.has(file) ? `${file} (by tests only)` : file);
  findings.push(`${room}: no export reaches ${names.join(" ")}`);
}

// `deno task` downloads all that the lock names, so what tests alone need has a lock of its own
const lock = JSON.parse(readProject("deno.lock")) as { specifiers: Record<string, string> };
const examples = importsOf(projectFiles("examples").filter((file) => file.endsWith(".ts"))).edges;
const wanted = [...edges, ...examples].map(({ to }) => to);
for (const specifier of Object.keys(lock.specifiers)) {
  if (wanted.some((to) => to === specifier || to.startsWith(`${specifier}/`))) continue;
  findings.push(`deno.lock holds ${specifier}, which neither the package nor an example imports`);
}

console.log(
  `graph: ${files.length} files, ${of("value").length} value imports, ${
    of("type").length
  } of types, ` +
    `${of("lazy").length} lazy, ${valueCircles.length} circles, ${typeCircles.length} of types; ` +
    `mod.ts loads ${core.size} files`,
);
conclude("graph", findings);
