import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ROOT } from "../../tools/project.ts";

const page = readFileSync(join(ROOT, "docs/parity.md"), "utf8");

/** A line of the page: its number, whether it is ticked, and the tests that it names. */
interface Entry {
  readonly id: string;
  readonly ticked: boolean;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

/** The entries of a page; formatting may break each of them over several lines. */
function entriesOf(text: string): Entry[] {
  const items = text.split(/^(?=- \[|#|\|)/m).filter((part) => part.startsWith("- ["));
  return items.map((item) => {
    const line = item.replace(/\s+/g, " ");
    const tests = [...line.matchAll(/`([\w/.-]+\.ts)`: `([^`]+)`/g)]
      .map(([, file, name]) => ({ file: file!, name: name! }));
    const id = /\*\*(P-\d{3})\*\*/.exec(line)?.[1] ?? line;
    return { id, ticked: line.startsWith("- [x] "), tests };
  });
}

/** The names of the tests in a file: `${}` is shown as …, and on which server it runs is left out. */
function testNames(source: string): Set<string> {
  const literals = source.matchAll(/\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g);
  return new Set(Array.from(literals, ([, plain, template]) => {
    const name = plain ?? template!;
    return name.replace(/,? on \$\{kind\}$/, "").replace(/\$\{[^}]*\}/g, "…");
  }));
}

const entries = entriesOf(page);
const sources = new Map<string, Set<string> | null>();

function namesIn(file: string): Set<string> | null {
  let names = sources.get(file);
  if (names === undefined) {
    const path = join(ROOT, "tests", file);
    names = existsSync(path) ? testNames(readFileSync(path, "utf8")) : null;
    sources.set(file, names);
  }
  return names;
}

test("docs/parity.md does name a test that exists for each ticked line", () => {
  const faults = entries.flatMap(({ id, ticked, tests }) => [
    ...(ticked && tests.length === 0 ? [`${id} names no test`] : []),
    ...tests.flatMap(({ file, name }) => {
      const names = namesIn(file);
      if (names === null) return [`${id}: there is no tests/${file}`];
      return names.has(name) ? [] : [`${id}: tests/${file} has no test "${name}"`];
    }),
  ]);
  assert.deepEqual(faults, []);
  assert.ok(entries.length > 50);
  assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);
});

const data = process.env.MATRX_DATA ?? join(ROOT, "../shared/data");
const list = join(data, "../parity.md");
const skip = existsSync(list) ? false : `no list of behaviours in ${list}: set MATRX_DATA`;

test("docs/parity.md does leave out no behaviour of the list", { skip }, () => {
  const wanted = [...readFileSync(list, "utf8").matchAll(/\*\*(P-\d{3})\*\* SEED/g)]
    .map(([, id]) => id!);
  const told = new Set(entries.map(({ id }) => id));
  assert.deepEqual(wanted.filter((id) => !told.has(id)), []);
});
