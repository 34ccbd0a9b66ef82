import assert from "node:assert/strict";
import { test } from "node:test";
import { commentOf, exampleIn, examplesOf, offered } from "../../tools/examples.ts";

const SHOWN = "/**\n * Does it.\n *\n * @example\n * ```ts\n * a();\n * ```\n */\n";

test("offered() does tell what has an example, and what has none", () => {
  const files: Readonly<Record<string, string>> = {
    "mod.ts": 'export { a, b, type C, NoError } from "./src/one.ts";\nexport const d = 1;\n',
    "src/one.ts": `${SHOWN}export function a(): void;\n/** Does it. */\nexport function a(x?: 1) {}
/** Is one. */
export class b {}
/** Is none. */
export class NoError extends OrmError {}
`,
  };
  const found = offered(["mod.ts", "mod.ts"], (path) => files[path]!);
  assert.deepEqual(found.map(({ name, example }) => `${name} ${example}`), [
    ...["a runs", "b none", "NoError error", "d none"],
  ]);
});

test("exampleIn() does tell an example that is not run", () => {
  const comment = commentOf(`${SHOWN}export const a = 1;`, "a")!;
  assert.equal(exampleIn(comment), "runs");
  assert.equal(exampleIn(comment.replace("```ts", "```ts ignore")), "ignored");
  assert.equal(exampleIn(comment.replace("@example", "")), "none");
});

test("commentOf() does give the comment right before a declaration alone", () => {
  const text = `${SHOWN}const inner = 1;\n\nexport async function a(): void {}\n`;
  assert.equal(commentOf(text, "a"), undefined);
});

test("examplesOf() does make a module of each example that is run", () => {
  const text = `/**
 * Does it.
 *
 * @example
 * \`\`\`ts
 * import { a } from "@matrx/orm";
 *
 * export const b = a();
 *
 * console.log(b);
 * \`\`\`
 * @example
 * \`\`\`ts ignore
 * c();
 * \`\`\`
 */
`;
  assert.deepEqual(examplesOf(text), [{
    line: 5,
    module: `import { a } from "@matrx/orm";

export async function run(): Promise<void> {
const b = a();

console.log(b);
}
`,
  }]);
});
