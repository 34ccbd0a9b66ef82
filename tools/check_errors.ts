/**
 * Checks that each error code of the library has a heading in docs/errors.md, and each heading a code.
 *
 * Usage: `deno run -A tools/check_errors.ts [--list]`; `--list` prints each code and a file that gives it.
 */
import { codeParameters, errorCodes } from "./error_codes.ts";
import { conclude, projectFiles, readProject } from "./project.ts";
import { isLibrary } from "./ranks.ts";

const DOCUMENT = "docs/errors.md";
const used = new Map<string, string>();
const sources = projectFiles().filter((path) => isLibrary(path) && path.endsWith(".ts"))
  .map((file) => ({ file, text: readProject(file) }));
const parameters = new Map(sources.flatMap(({ text }) => [...codeParameters(text)]));
for (const { file, text } of sources) {
  for (const code of errorCodes(text, parameters)) used.set(code, used.get(code) ?? file);
}
if (Deno.args.includes("--list")) {
  for (const [code, file] of [...used].sort()) console.log(`${code}\t${file}`);
  Deno.exit(0);
}
const sections = readProject(DOCUMENT).split(/^### /m).slice(1);
const told = new Map(sections.map((section) => {
  const [heading = "", ...body] = section.split("\n");
  return [heading.replaceAll("`", "").trim(), body.join("\n").trim()];
}));

const findings: string[] = [];
for (const [code, file] of used) {
  if (!told.has(code)) findings.push(`${DOCUMENT} has no heading for ${code} of ${file}`);
}
for (const [code, body] of told) {
  if (!used.has(code)) findings.push(`${DOCUMENT} tells of ${code}, which no file uses`);
  else if (!/\*\*Remedy\.\*\*/.test(body)) findings.push(`${DOCUMENT}: ${code} has no remedy`);
}
if (told.size !== sections.length) findings.push(`${DOCUMENT} has a heading twice`);
console.log(`error codes: ${used.size} in the code, ${told.size} in ${DOCUMENT}`);
conclude("error codes", findings);
