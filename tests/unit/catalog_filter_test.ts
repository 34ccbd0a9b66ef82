import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCatalog } from "../../src/catalog/catalog.ts";
import { filterTables } from "../../src/catalog/filter.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";

// Only what the filter reads; the rest of each object plays no part.
const object = (parts: Record<string, unknown>) => parts as unknown as CatalogObject;
const relation = (kind: string, schema: string, name: string) => object({ kind, schema, name });
const on = (kind: string, schema: string, table: string, name: string) =>
  object({ kind, schema, table, name });

const catalog = makeCatalog(180000, [
  object({ kind: "schema", name: "public" }),
  relation("table", "public", "orders"),
  relation("table", "public", "order_items"),
  relation("table", "audit", "orders"),
  relation("table", "public", "a.b"),
  relation("view", "public", "order_view"),
  relation("materialized view", "public", "order_sums"),
  relation("enum", "public", "status"),
  on("column", "public", "orders", "id"),
  on("constraint", "public", "orders", "orders_pkey"),
  on("index", "audit", "orders", "i"),
  on("trigger", "public", "order_items", "t"),
  object({
    kind: "sequence",
    schema: "public",
    name: "orders_id_seq",
    ownedBy: { schema: "public", table: "orders", column: "id" },
  }),
  object({ kind: "sequence", schema: "public", name: "free", ownedBy: null }),
  object({
    kind: "statistics",
    schema: "public",
    name: "stats",
    table: { schema: "public", name: "order_items" },
  }),
]);

const all = Array.from(catalog.objects.keys());
const left = (filter: Parameters<typeof filterTables>[1]) =>
  Array.from(filterTables(catalog, filter).objects.keys());
const relations = (filter: Parameters<typeof filterTables>[1]) =>
  left(filter).filter((name) => /^(table|view|materialized view) /.test(name));

test("filterTables() keeps everything without a list", () => {
  assert.deepEqual(left({}), all);
});

test("filterTables() takes tables by name in any schema, with what belongs to them", () => {
  assert.deepEqual(left({ include: ["orders"] }), [
    `column "public"."orders"."id"`,
    `constraint "public"."orders"."orders_pkey"`,
    `enum "public"."status"`,
    `index "audit"."orders"."i"`,
    `schema "public"`,
    `sequence "public"."free"`,
    `sequence "public"."orders_id_seq"`,
    `table "audit"."orders"`,
    `table "public"."orders"`,
  ]);
});

test("filterTables() takes tables by schema and name, and by pattern", () => {
  assert.deepEqual(relations({ include: ["audit.orders"] }), [`table "audit"."orders"`]);
  assert.deepEqual(relations({ include: ["public.order*"] }), [
    `materialized view "public"."order_sums"`,
    `table "public"."order_items"`,
    `table "public"."orders"`,
    `view "public"."order_view"`,
  ]);
  assert.deepEqual(relations({ include: ["a.b"] }), [`table "public"."a.b"`]);
  assert.deepEqual(relations({ include: ["a*i*.*s"] }), [`table "audit"."orders"`]);
  assert.deepEqual(relations({ include: [] }), []);
});

test("filterTables() drops tables with what belongs to them", () => {
  const dropped = left({ exclude: ["order_items", "order_view"] });
  assert.deepEqual(all.filter((name) => !dropped.includes(name)), [
    `statistics "public"."stats"`,
    `table "public"."order_items"`,
    `trigger "public"."order_items"."t"`,
    `view "public"."order_view"`,
  ]);
  assert.deepEqual(left({ exclude: ["tmp_*"] }), all);
});

test("filterTables() takes other characters than * literally", () => {
  for (
    const entry of ["order.", "order?", "[o]rders", "(orders)", "orders|x", "^orders$", "ORDERS"]
  ) {
    assert.throws(() => filterTables(catalog, { include: [entry] }), ConfigurationError);
  }
});

test("filterTables() names the nearest table for an unknown one", () => {
  const refusal = (filter: Parameters<typeof filterTables>[1]) => {
    try {
      filterTables(catalog, filter);
    } catch (error) {
      assert.ok(error instanceof ConfigurationError);
      return `${error.code}: ${error.message}. ${error.hint}`;
    }
    return "accepted";
  };
  assert.equal(
    refusal({ include: ["odrers"] }),
    `unknown_table: Cannot find a table named "odrers". Did you mean "orders"?`,
  );
  assert.equal(
    refusal({ exclude: ["publik.order_items"] }),
    `unknown_table: Cannot find a table named "publik.order_items". Did you mean "public.order_items"?`,
  );
  assert.match(refusal({ include: ["zzz*"] }), /^unknown_table: .*case-sensitive/);
});

test("filterTables() refuses both lists", () => {
  assert.throws(
    () => filterTables(catalog, { include: ["orders"], exclude: ["orders"] }),
    (error) => error instanceof ConfigurationError && error.code === "conflicting_options",
  );
});

test("nearest() finds swaps, slips and other case, and nothing far", () => {
  const names = ["users", "orders", "order_items"];
  assert.equal(nearest("sures", names), undefined);
  assert.equal(nearest("usres", names), "users");
  assert.equal(nearest("Orders", names), "orders");
  assert.equal(nearest("order_itms", names), "order_items");
  assert.equal(nearest("x", names), undefined);
  assert.equal(nearest("users", []), undefined);
  assert.equal(nearest("ab", ["ac", "ad"]), "ac");
  assert.equal(nearest("a", ["a"]), "a");
});
