/**
 * Checks that what the exports offer has doc comments, by `deno doc --lint`.
 *
 * A property whose name and type say everything needs none; a declaration, function or method does.
 *
 * Usage: `deno run -A tools/check_docs.ts`
 */
import { conclude, packageConfig, ROOT } from "./project.ts";

const doors = Object.values(packageConfig().exports).filter((path) => path !== "./bin.ts");
const { stderr } = new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...doors],
  cwd: ROOT,
  env: { NO_COLOR: "1" },
  stdout: "null",
}).outputSync();

/** One finding: its rule, its message, its place, and the line of code below it. */
const FINDING = /^error\[([\w-]+)\]: (.*)\n\s*--> (.*)\n(?:\s*\|\s*\n)?\s*\d+ \| (.*)$/gm;
const PROPERTY = /^\s*(?:readonly )?\w+\??: /;

const text = new TextDecoder().decode(stderr);
const all = [...text.matchAll(FINDING)];
const announced = text.match(/^error\[/gm)?.length ?? 0;
const findings = all
  .filter(([, rule, , , code]) =>
    rule !== "private-type-ref" && !(rule === "missing-jsdoc" && PROPERTY.test(code!))
  )
  .map(([, rule, message, place, code]) => `${place}: ${rule}: ${message}: ${code!.trim()}`);
if (all.length !== announced) findings.push(`cannot read deno doc's findings:\n${text}`);
if (announced === 0 && /^error/m.test(text)) findings.push(text);
const hidden = all.filter(([, rule]) => rule === "private-type-ref").length;
console.log(`docs: ${doors.length} exports, ${hidden} references to types that are not exported`);
conclude("docs", findings.map((finding) => finding.replaceAll(`${ROOT}/`, "")));
