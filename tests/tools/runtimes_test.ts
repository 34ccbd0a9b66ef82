import assert from "node:assert/strict";
import { test } from "node:test";
import { projectFiles, readProject } from "../../tools/project.ts";

/** The names of all tests, as patterns: what a name leaves open stands for anything. */
function testNames(): RegExp[] {
  const names: RegExp[] = [];
  for (const file of projectFiles("tests").filter((path) => path.endsWith("_test.ts"))) {
    for (const [, , name] of readProject(file).matchAll(/^\s*test\(\s*(["`])((?:(?!\1).)*)\1/gm)) {
      const parts = name!.split(/\$\{[^}]*\}/);
      names.push(new RegExp(`^${parts.map((part) => RegExp.escape(part)).join(".+")}$`));
    }
  }
  return names;
}

test("the table of what runs where does name tests that are there, one at least for each cell", () => {
  const [, section = ""] = /\n## Where it runs\n([^]*?)\n## /.exec(readProject("README.md")) ?? [];
  const proofs = new Map(
    [...section.matchAll(/^- (\w+): `(.*)`$/gm)].map(([, key, name]) => [key!, name!]),
  );
  assert.ok(proofs.size > 10, `${proofs.size} tests are named`);
  const names = testNames();
  for (const [key, name] of proofs) {
    assert.ok(names.some((pattern) => pattern.test(name)), `${key}: there is no test "${name}"`);
  }
  const rows = section.split("\n").filter((line) => line.startsWith("|")).slice(2)
    .map((line) => line.slice(1, -1).split("|").slice(1).map((cell) => cell.trim()));
  const used = new Set<string>();
  for (const cell of rows.flat()) {
    const keys = cell.match(/\b[A-Z]\d\b/g) ?? [];
    assert.ok(keys.length > 0 || cell.startsWith("no: "), `the cell "${cell}" names no test`);
    for (const key of keys) {
      assert.ok(proofs.has(key), `${key} is not told of`);
      used.add(key);
    }
  }
  assert.deepEqual([...proofs.keys()].filter((key) => !used.has(key)), []);
  assert.ok(rows.length >= 5 && rows.every((row) => row.length === 5));
});
