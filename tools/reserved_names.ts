/**
 * Writes RESERVED_NAMES.md from the list that models are held to.
 *
 * Usage: `deno run -A tools/reserved_names.ts [--check]`; `--check` writes nothing and fails on a difference.
 */
import { RESERVED_NAMES } from "../src/schema/reserved.ts";
import { conclude, readProject, ROOT } from "./project.ts";

const FILE = "RESERVED_NAMES.md";

/** Makes the document's text. */
export function reservedNames(): string {
  const names = [...RESERVED_NAMES].sort();
  return `# Reserved names

No field or relation of a model may have one of these names. Most are methods of rows (\`save\`), of
models (\`create\`) or of queries (\`orderBy\`), now or later; \`then\`, \`catch\` and \`finally\` would make
a row look like a promise to \`await\`; \`constructor\`, \`prototype\` and \`__proto__\` belong to the
language. A model that uses one is refused when it is defined, with the error \`reserved_name\`.

The column keeps its name; only the property takes another:

\`\`\`ts
filter_: text().column("filter"),
\`\`\`

The generator appends such a \`_\` by itself. This list is made by \`deno task reserved\` from
\`src/schema/reserved.ts\`.

${names.map((name) => `- \`${name}\``).join("\n")}
`;
}

if (import.meta.main) {
  if (Deno.args.includes("--check")) {
    const same = readProject(FILE) === reservedNames();
    conclude("reserved names", same ? [] : [`${FILE} is old: run deno task reserved`]);
  } else {
    Deno.writeTextFileSync(`${ROOT}/${FILE}`, reservedNames());
  }
}
