/**
 * Checks every text of the project: no registry's host, no file that outgrew its one idea.
 *
 * Usage: `deno run -A tools/check_texts.ts`
 */
import { conclude, projectFiles, readProject } from "./project.ts";
import { isLibrary } from "./ranks.ts";

/** Hosts that a clone must not need; written apart so that this file does not name them. */
const HOSTS = [
  ["registry", "npmjs", "org"],
  ["npm", "jsr", "io"],
  ["jsr", "io"],
  ["deno", "land"],
  ["registry", "yarnpkg", "com"],
  ["esm", "sh"],
  ["unpkg", "com"],
].map((parts) => parts.join("."));

const LONGEST_FILE = 400;

/** What is a list of names, and no code. */
const LISTS: ReadonlySet<string> = new Set(["mod.ts"]);
const TEXT =
  /(?:\.(?:ts|mjs|js|json|jsonc|md|sql|yml|yaml|lock|sh)|^\.ci\/run|LICENSE|\.gitignore)$/;

const findings: string[] = [];
let texts = 0;
for (const file of projectFiles().filter((path) => TEXT.test(path))) {
  const text = readProject(file);
  texts++;
  for (const host of HOSTS) {
    const named = new RegExp(`(?<![\\w-])${host.replaceAll(".", "\\.")}(?![\\w-])`);
    if (named.test(text)) findings.push(`${file} names the host ${host}`);
  }
  const lines = text.split("\n").length - 1;
  if (isLibrary(file) && file.endsWith(".ts") && !LISTS.has(file) && lines > LONGEST_FILE) {
    findings.push(`${file} has ${lines} lines, more than ${LONGEST_FILE}`);
  }
}
console.log(`texts: ${texts} files`);
conclude("texts", findings);
