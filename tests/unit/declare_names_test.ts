import assert from "node:assert/strict";
import { test } from "node:test";
import {
  columnsInName,
  indexColumnNames,
  madeName,
  NamePool,
  storedName,
} from "../../migrations/declare/names.ts";

const long = "a".repeat(60);

test("madeName() joins a table, its columns and a label", () => {
  assert.equal(madeName("orders", null, "pkey"), "orders_pkey");
  assert.equal(madeName("orders", "customer_id", "fkey"), "orders_customer_id_fkey");
});

test("madeName() shortens the longer one of two names until 63 bytes hold them", () => {
  const made = madeName(long, "b".repeat(40), "fkey");
  assert.equal(made.length, 63);
  assert.equal(made, `${"a".repeat(29)}_${"b".repeat(28)}_fkey`);
  assert.equal(madeName(long, "id", "key"), `${"a".repeat(56)}_id_key`);
});

test("madeName() never cuts a character in two", () => {
  const made = madeName("é".repeat(40), null, "pkey");
  assert.equal(made, `${"é".repeat(29)}_pkey`);
  assert.ok(new TextEncoder().encode(made).length <= 63);
});

test("storedName() cuts what the server would cut", () => {
  assert.equal(storedName("x".repeat(70)).length, 63);
  assert.equal(storedName("short"), "short");
});

test("columnsInName() stops where a name is full", () => {
  assert.equal(columnsInName(["a", "b"]), "a_b");
  assert.equal(columnsInName(["x".repeat(50), "y".repeat(50)]).length, 63);
});

test("indexColumnNames() names expressions after what they call", () => {
  const keys = [
    ...["lower(name)", "(a + b)", "pg_catalog.upper(b)", '"Odd Fn"(c)', "((x)::text)"],
    ...["((a + b))::text", "(lower(y))::varchar(20)", "a || b::text"],
  ];
  assert.deepEqual(
    indexColumnNames([
      ...keys.map((expression) => ({ column: null, expression })),
      { column: "id", expression: null },
      { column: null, expression: "lower(other)" },
    ]),
    ["lower", "expr", "upper", "Odd Fn", "x", "text", "lower1", "expr1", "id", "lower2"],
  );
});

test("NamePool hands out no name twice in a schema", () => {
  const names = new NamePool();
  names.take("public", "t_a_key");
  assert.equal(names.make("public", "t", "a", "key"), "t_a_key1");
  assert.equal(names.make("public", "t", "a", "key"), "t_a_key2");
  assert.equal(names.make("other", "t", "a", "key"), "t_a_key");
});
