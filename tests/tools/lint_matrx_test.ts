import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, roomOf, ROOMS } from "../../tools/ranks.ts";
import plugin from "../../tools/lint_matrx.ts";

/** The rules that a file breaks, in the order of the text. */
function broken(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ id }) => id.replace("matrx/", ""));
}

const bad: readonly (readonly [rule: string, path: string, source: string])[] = [
  ["web-standards", "src/query/a.ts", "export const a = (): string => Deno.cwd();"],
  ["web-standards", "src/query/a.ts", "export const a = (): unknown => Bun.version;"],
  ["web-standards", "src/query/a.ts", "export const a = (): unknown => process.env.HOME;"],
  ["web-standards", "src/codec/a.ts", "export const a = (b: string): unknown => Buffer.from(b);"],
  ["web-standards", "src/execute/a.ts", "export const a = (): void => { setImmediate(b); };"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => require('fs');"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => __dirname;"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => global;"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => window.name;"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => ({ b: process });"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => globalThis.process;"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => globalThis['Deno'];"],
  ["web-standards", "src/util/a.ts", "export const a = (): unknown => (globalThis as B).Deno;"],
  ["web-standards", "src/cache/a.ts", "setInterval(() => {}, 1000);"],
  ["web-standards", "src/cache/a.ts", "export const a: number = Math.random();"],
  ["imports", "src/query/a.ts", 'import { a } from "../model/a.ts"; a();'],
  ["imports", "src/errors/a.ts", 'import type { a } from "../util/a.ts"; export type B = a;'],
  ["imports", "src/execute/a.ts", 'import { a } from "../compile/a.ts"; a();'],
  ["imports", "src/execute/a.ts", 'export type A = import("../schema/a.ts").A;'],
  ["imports", "src/schema/a.ts", 'export const a = (): unknown => import("../query/a.ts");'],
  ["imports", "src/schema/a.ts", 'export { a } from "../query/a.ts"; export const b = 1;'],
  ["imports", "src/query/a.ts", 'import { a } from "../drivers/a.ts"; a();'],
  ["imports", "src/query/a.ts", 'import { a } from "../../generator/a.ts"; a();'],
  ["imports", "src/query/a.ts", 'import { a } from "../../tests/a.ts"; a();'],
  ["imports", "src/query/a.ts", 'import { a } from "node:fs"; a();'],
  ["imports", "src/query/a.ts", 'import { a } from "npm:pg@8.23.1"; a();'],
  ["imports", "src/query/a.ts", 'import { a } from "pg"; a();'],
  ["imports", "src/query/a.ts", 'import { a } from "./b"; a();'],
  ["imports", "src/drivers/a.ts", 'import { a } from "npm:pg"; a();'],
  ["imports", "src/drivers/a.ts", 'import { a } from "npm:pg@^8.0.0"; a();'],
  ["imports", "src/drivers/a.ts", 'import { a } from "../query/a.ts"; a();'],
  ["imports", "src/nowhere/a.ts", 'import { a } from "../errors/base.ts"; a();'],
  ["imports", "generator/introspect/a.ts", 'import { a } from "../emit/a.ts"; a();'],
  ["imports", "generator/emit/a.ts", 'import { a } from "../../src/query/a.ts"; a();'],
  ["imports", "cli/a.ts", 'import { a } from "jsr:@std/cli@1/parse-args"; a();'],
  ["imports", "tests/unit/a.ts", 'import { a } from "https://example.com/a.ts"; a();'],
  ["imports", "tools/a.ts", 'export const a = () => import("jsr:@std/cli@1");'],
  ["exports", "src/query/a.ts", "export default function a(): void {}"],
  ["exports", "mod.ts", 'export * from "./src/query/a.ts";'],
  ["exports", "src/query/mod.ts", 'export { a } from "./a.ts"; export { b } from "./b.ts";'],
  ["no-compiled-text", "src/model/a.ts", 'export const a = (): unknown => new Function("b");'],
  ["no-compiled-text", "generator/a.ts", 'export const a = (): unknown => eval("b");'],
  ["no-using", "src/execute/a.ts", "export function a(): void { using b = c(); b.d(); }"],
  ["no-using", "cli/a.ts", "export async function a() { await using b = c(); b.d(); }"],
  ["declare-fields", "tests/types/a.ts", 'class A extends model("orders", {}) { id!: string; }'],
  ["declare-fields", "examples/a.ts", "export class A extends OrderBase { id: string; }"],
  ["declare-fields", "examples/a.ts", "const A = class extends view(B, {}) { name?: string; };"],
  ["no-values-in-messages", "src/codec/a.ts", "throw new ValidationError(`No ${value}`, {});"],
  ["no-values-in-messages", "src/codec/a.ts", "throw new FieldError('No ' + String(value), {});"],
  [
    "no-values-in-messages",
    "src/query/a.ts",
    "throw new QueryError(`${JSON.stringify(a.params)}`);",
  ],
  [
    "no-values-in-messages",
    "src/query/a.ts",
    "throw new QueryError('a', { hint: `${params[0]}` });",
  ],
  ["no-values-in-messages", "src/drivers/a.ts", "throw new ConnectionError(`No ${a.url}`, {});"],
  ["no-values-in-messages", "cli/a.ts", "throw new UsageError(`No ${password}`);"],
  ["coded-errors", "src/query/a.ts", 'throw new Error("no");'],
  ["coded-errors", "generator/a.ts", 'throw new TypeError("no");'],
];

for (const [rule, path, source] of bad) {
  test(`${rule} does report in ${path} when it says ${source}`, () => {
    assert.deepEqual(broken(path, source), [rule]);
  });
}

const good: readonly (readonly [path: string, source: string])[] = [
  ["src/query/a.ts", 'import { a } from "../compile/a.ts"; import { b } from "./b.ts"; a(b);'],
  ["src/schema/a.ts", 'import type { a } from "../ast/sql.ts"; export type B = a;'],
  ["src/connect.ts", 'export const a = (): unknown => import("./drivers/node_pg.ts");'],
  ["src/connect.ts", "export const a = (): unknown => globalThis.Deno;"],
  ["src/util/host.ts", "export const a = (): unknown => globalThis.process?.getBuiltinModule;"],
  ["src/query/windows.ts", "export function window(a: number): number { return a; }"],
  ["src/query/a.ts", 'import { window } from "./windows.ts"; export const a = window(1);'],
  ["src/query/a.ts", "export const a = { process: 1, global: 2 }; a.process; a.global;"],
  ["src/query/a.ts", "export interface A { process: string; window(): void }"],
  ["src/query/a.ts", "export function a(): void { setTimeout(b, 1); Math.random(); }"],
  ["src/query/a.ts", 'export { a } from "./b.ts"; export const c = 1;'],
  ["src/drivers/a.ts", 'import pg from "npm:pg@8.23.1"; import { a } from "node:tls"; a(pg);'],
  ["generator/plan.ts", 'import { a } from "./emit/a.ts"; import { b } from "./b.ts"; a(b);'],
  ["cli/a.ts", 'import { a } from "../generator/mod.ts"; import { b } from "node:util"; a(b);'],
  ["tests/unit/a.ts", 'import { a } from "../../src/model/a.ts"; import b from "node:test"; a(b);'],
  ["tests/unit/a.ts", 'throw new Error("tests may"); export default 1;'],
  ["tests/types/a.ts", 'class A extends model("o", {}) { declare id: string; static a: string; }'],
  ["src/query/a.ts", "class Query extends QueryBase { readonly state: State; }"],
  ["src/cache/a.ts", "class Entry { key: string; constructor() { this.key = ''; } }"],
  ["src/codec/a.ts", "throw new ValidationError(`No ${field.name}`, { code: 'a', hint: 'b' });"],
  [
    "src/codec/a.ts",
    "throw new ValidationError(`Expected ${values.length} parts`, { code: 'a' });",
  ],
];

for (const [path, source] of good) {
  test(`the rules do nothing in ${path} when it says ${source}`, () => {
    assert.deepEqual(broken(path, source), []);
  });
}

test("declare-fields does mend what it reports", () => {
  const source = "class Order extends OrderBase { id!: string; }";
  const [found] = Deno.lint.runPlugin(plugin, "a.ts", source);
  assert.equal(found?.fix?.[0]?.text, "declare ");
});

test("ROOMS does hold only rooms that import lower ranks", () => {
  for (const [name, { rank, may }] of ROOMS) {
    if (may === "*") continue;
    for (const other of may) {
      const target = ROOMS.get(other);
      assert.ok(target !== undefined, `${name} names ${other}, which is no room`);
      assert.ok(target.rank < rank, `${name} imports ${other}, which is not lower`);
    }
  }
});

test("roomOf() does tell a folder, a file of src and a door apart", () => {
  assert.equal(roomOf("src/query/lookup/text.ts"), "src/query");
  assert.equal(roomOf("src/connect.ts"), "src/connect.ts");
  assert.equal(roomOf("generator/plan.ts"), "generator");
  assert.equal(roomOf("generator/options.ts"), "generator/options.ts");
  assert.equal(roomOf("generator/emit/model.ts"), "generator/emit");
  assert.equal(roomOf("cli/commands/generate.ts"), "cli");
  assert.equal(roomOf("mod.ts"), "mod.ts");
});

test("refusal() does leave tests and tools free", () => {
  assert.equal(refusal("tests/unit/a.ts", "src/model/a.ts"), undefined);
  assert.match(refusal("src/errors/a.ts", "src/util/a.ts") ?? "", /may not import src\/util/);
});
