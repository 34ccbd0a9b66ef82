import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf } from "../../migrations/objects/path.ts";
import { unsaidBy } from "../../migrations/objects/unsaid.ts";
import { makeCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";

// Only what decides where an object is written; the rest of each object plays no part.
const object = (parts: Record<string, unknown>) =>
  ({ comment: null, extension: null, ...parts }) as unknown as CatalogObject;
const path = (parts: Record<string, unknown>) =>
  pathOf(object(parts), (_, name) => name === "a_view");

test("pathOf() keeps what belongs together in one file", () => {
  const inShop = { schema: "shop", name: "total" };
  assert.equal(path({ kind: "function", ...inShop, signature: "" }), "shop/functions/total.sql");
  assert.equal(path({ kind: "aggregate", ...inShop, signature: "" }), "shop/functions/total.sql");
  assert.equal(path({ kind: "enum", ...inShop }), "shop/types/total.sql");
  assert.equal(path({ kind: "view", ...inShop }), "shop/views/total.sql");
  assert.equal(path({ kind: "sequence", ...inShop }), "shop/sequences.sql");
  assert.equal(path({ kind: "schema", name: "shop" }), "shop/schema.sql");
  assert.equal(path({ kind: "extension", name: "hstore", schema: "public" }), "extensions.sql");
  const trigger = { kind: "trigger", schema: "shop", name: "t" };
  assert.equal(path({ ...trigger, table: "orders" }), "shop/tables/orders.sql");
  assert.equal(path({ ...trigger, table: "a_view" }), "shop/views/a_view.sql");
  const statistics = { kind: "statistics", schema: "shop", name: "s" };
  assert.equal(
    path({ ...statistics, table: { schema: "shop", name: "orders" } }),
    "shop/tables/orders.sql",
  );
});

test("pathOf() writes privileges with what they are on", () => {
  const on = (kind: string, ...name: string[]) => path({ kind: "privilege", on: { kind, name } });
  assert.equal(on("table", "shop", "orders"), "shop/tables/orders.sql");
  assert.equal(on("column", "shop", "orders", "id"), "shop/tables/orders.sql");
  assert.equal(on("column", "shop", "a_view", "id"), "shop/views/a_view.sql");
  assert.equal(on("function", "shop", "total", "integer"), "shop/functions/total.sql");
  assert.equal(on("sequence", "shop", "ids"), "shop/sequences.sql");
  assert.equal(on("schema", "shop"), "shop/schema.sql");
  assert.equal(path({ kind: "default privilege", schema: null }), "privileges.sql");
  assert.equal(path({ kind: "default privilege", schema: "shop" }), "shop/schema.sql");
});

test("pathOf() never leaves the folder, and tells names apart that look alike", () => {
  const view = (schema: string, name: string) => path({ kind: "view", schema, name });
  const hostile = ["../../etc/passwd", "CON", "con", "a/b", "a\\b", ".", "", "é", "x".repeat(63)];
  const paths = hostile.map((name) => view(name, name));
  for (const one of paths) {
    assert.match(one, /^[a-z0-9_]*(?:-[0-9a-f]{8})?\/views\/[a-z0-9_]*(?:-[0-9a-f]{8})?\.sql$/);
  }
  const folded = new Set(paths.map((one) => one.toLowerCase()));
  assert.equal(folded.size, hostile.length);
  assert.equal(view("Shop", "X"), view("Shop", "X"));
});

test("unsaidBy() leaves out what generated models say, and what belongs to an extension", () => {
  const table = (name: string, more = {}) =>
    object({ kind: "table", schema: "s", name, partitionOf: null, ...more });
  const on = (kind: string, table: string, name: string, more = {}) =>
    object({ kind, schema: "s", table, name, ...more });
  const catalog = makeCatalog(180000, [
    table("t"),
    table("hidden"),
    table("part", { partitionOf: { schema: "s", table: "t", bound: "DEFAULT" } }),
    on("column", "t", "id"),
    on("column", "hidden", "id"),
    on("constraint", "t", "c", { local: true }),
    on("constraint", "part", "own", { local: true }),
    on("constraint", "part", "inherited", { local: false }),
    on("index", "t", "i", { parent: null }),
    on("index", "part", "own_i", { parent: null }),
    on("index", "part", "child_i", { parent: { schema: "s", name: "i" } }),
    on("trigger", "t", "tr"),
    object({ kind: "view", schema: "s", name: "v", comment: "said", options: { a: "b" } }),
    on("column", "v", "n", { comment: "said", default: "1" }),
    object({ kind: "enum", schema: "s", name: "own" }),
    object({ kind: "enum", schema: "s", name: "theirs", extension: "ext" }),
    object({ kind: "unmodelled", what: "thing", name: "x" }),
  ]);
  const unsaid = unsaidBy(catalog, [{ schema: "s", name: "hidden" }]);
  assert.deepEqual([...unsaid.objects.keys()], [
    'column "s"."hidden"."id"',
    'column "s"."v"."n"',
    'constraint "s"."part"."own"',
    'enum "s"."own"',
    'index "s"."part"."own_i"',
    'table "s"."hidden"',
    'trigger "s"."t"."tr"',
    'view "s"."v"',
  ]);
  const view = unsaid.objects.get('view "s"."v"')!;
  assert.deepEqual([view.comment, (view as unknown as { options: unknown }).options], [null, {}]);
  assert.equal(unsaid.objects.get('column "s"."v"."n"')!.comment, null);
});
