import assert from "node:assert/strict";
import { test } from "node:test";
import type { EmittedFile } from "../../generator/emit/emitters.ts";
import { hashOfFile, MANIFEST_PATH, readManifest } from "../../generator/manifest.ts";
import {
  conflictsOf,
  type ExistingOutput,
  type FilePlan,
  KEEP_OFF,
  planFiles,
} from "../../generator/plan.ts";
import { ConfigurationError } from "../../src/errors/base.ts";

const format = (text: string) => `${text.trim()}\n`;
const options = { format, version: "1" };
const empty: ExistingOutput = { files: new Map(), manifest: null };

const generated = (name: string, text: string): EmittedFile => ({
  path: `generated/${name}.ts`,
  once: false,
  text,
});
const once = (name: string): EmittedFile => ({ path: `${name}.ts`, once: true, text: "mine" });

/** What the folder holds after a plan. */
function after(plan: FilePlan, before: ExistingOutput = empty): ExistingOutput {
  const files = new Map(before.files);
  let { manifest } = before;
  for (const { path, action, text } of plan.files) {
    if (path === MANIFEST_PATH) manifest = text ?? manifest;
    else if (action === "remove") files.delete(path);
    else if (text !== null) files.set(path, text);
  }
  return { files, manifest };
}

const actions = (plan: FilePlan) => plan.files.map(({ path, action }) => `${action} ${path}`);

const wanted = [generated("order", "a "), once("order"), generated("mod", "index")];
const first = planFiles(wanted, empty, options);
const there = after(first);

function edited(path: string, text: string): ExistingOutput {
  return { ...there, files: new Map([...there.files, [path, text]]) };
}

test("planFiles() creates everything when the folder is empty", () => {
  assert.deepEqual(actions(first), [
    "create generated/mod.ts",
    "create generated/order.ts",
    "write-once order.ts",
    `create ${MANIFEST_PATH}`,
  ]);
  assert.equal(first.files[1]!.text, `${KEEP_OFF}a\n`, "texts are formatted");
});

test("planFiles() keeps everything and formats nothing when nothing changed", () => {
  const again = planFiles(wanted, there, {
    ...options,
    format: () => assert.fail("an unchanged file was formatted"),
  });
  assert.deepEqual(actions(again), [
    "keep generated/mod.ts",
    "keep generated/order.ts",
    "keep order.ts",
    `keep ${MANIFEST_PATH}`,
  ]);
});

test("planFiles() replaces a generated file when its source changed", () => {
  const plan = planFiles([generated("order", "b"), ...wanted.slice(1)], there, options);
  assert.deepEqual(actions(plan).slice(0, 3), [
    "keep generated/mod.ts",
    "replace generated/order.ts",
    "keep order.ts",
  ]);
  const entry = readManifest(after(plan, there).manifest!).files.get("generated/order.ts")!;
  assert.equal(entry.output, hashOfFile(`${KEEP_OFF}b\n`));
});

test("planFiles() keeps a file whose text does not change when another version writes it", () => {
  const plan = planFiles(wanted, there, { ...options, version: "2" });
  assert.deepEqual(actions(plan), [
    "keep generated/mod.ts",
    "keep generated/order.ts",
    "keep order.ts",
    `replace ${MANIFEST_PATH}`,
  ]);
});

test("planFiles() reports a conflict when a generated file was changed by hand", () => {
  const before = edited("generated/order.ts", "mine");
  assert.deepEqual(conflictsOf(planFiles(wanted, before, options)), ["generated/order.ts"]);
  const forced = planFiles(wanted, before, { ...options, force: true });
  assert.deepEqual(conflictsOf(forced), []);
  assert.equal(after(forced, before).files.get("generated/order.ts"), `${KEEP_OFF}a\n`);
});

test("planFiles() takes a file of the same text for its own when the manifest is gone", () => {
  const plan = planFiles(wanted, { ...there, manifest: null }, options);
  assert.deepEqual(actions(plan).slice(0, 2), ["keep generated/mod.ts", "keep generated/order.ts"]);
});

test("planFiles() never touches the user's file", () => {
  const plan = planFiles(wanted, edited("order.ts", "changed"), { ...options, force: true });
  assert.ok(actions(plan).includes("keep order.ts"));
});

test("planFiles() removes the generated file of a dropped table and reports the user's", () => {
  const plan = planFiles([generated("mod", "index")], there, options);
  assert.ok(actions(plan).includes("remove generated/order.ts"));
  assert.deepEqual(plan.orphans, [{ path: "order.ts", why: "dropped" }]);
  assert.ok(!readManifest(after(plan, there).manifest!).files.has("generated/order.ts"));
});

test("planFiles() reports a conflict when the file of a dropped table was changed by hand", () => {
  const plan = planFiles([generated("mod", "x")], edited("generated/order.ts", "mine"), options);
  assert.deepEqual(conflictsOf(plan), ["generated/order.ts"]);
});

test("planFiles() creates a generated file again when it was deleted", () => {
  const files = new Map(there.files);
  files.delete("generated/order.ts");
  const plan = planFiles(wanted, { ...there, files }, options);
  assert.ok(actions(plan).includes("create generated/order.ts"));
});

test("readManifest() refuses what is no manifest, or points out of the folder", () => {
  const entry = { source: "a", output: "b" };
  const model = { schema: "public", name: "a", className: "A", file: "a" };
  const texts = [
    "{",
    "[]",
    `{"format":1}`,
    `{"format":3,"files":{}}`,
    `{"format":1,"files":{"generated/a.ts":{}}}`,
    JSON.stringify({ format: 1, files: { "generated/../../x.ts": entry } }),
    JSON.stringify({ format: 1, files: { "order.ts": entry } }),
    JSON.stringify({ format: 1, files: { "/etc/passwd": entry } }),
    JSON.stringify({ format: 2, files: {}, scope: { schemas: "public" } }),
    JSON.stringify({ format: 2, files: {}, models: [{ ...model, className: "A {} //" }] }),
    JSON.stringify({ format: 2, files: {}, models: [{ ...model, file: "../../x" }] }),
    JSON.stringify({ format: 2, files: {}, models: [{ ...model, relations: { a: "b: c" } }] }),
  ];
  for (const text of texts) {
    assert.throws(() => readManifest(text), (error) => {
      return error instanceof ConfigurationError && error.code === "invalid_manifest";
    });
  }
});

test("planFiles() keeps files whose line endings alone were changed", () => {
  const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
  const files = new Map([...there.files].map(([path, text]) => [path, crlf(text)]));
  const plan = planFiles(wanted, { files, manifest: crlf(there.manifest!) }, options);
  assert.deepEqual(plan.files.filter(({ action }) => action !== "keep"), []);
});

test("planFiles() reports the user's file in each run while it imports what is gone", () => {
  const importing = edited("order.ts", 'import { OrderBase } from "./generated/order.ts";\n');
  const index = [generated("mod", "index")];
  const dropped = planFiles(index, importing, options);
  assert.deepEqual(dropped.orphans, [{ path: "order.ts", why: "dropped" }]);
  const left = after(dropped, importing);
  assert.deepEqual(planFiles(index, left, options).orphans, [{ path: "order.ts", why: "stale" }]);
  const reasons = new Map([["generated/order.ts", "out_of_scope"]] as const);
  assert.deepEqual(planFiles(index, importing, { ...options, reasons }).orphans, [
    { path: "order.ts", why: "out_of_scope" },
  ]);
  const rewritten = new Map([...left.files, ["order.ts", "export class Order {}\n"]]);
  assert.deepEqual(planFiles(index, { ...left, files: rewritten }, options).orphans, []);
});
