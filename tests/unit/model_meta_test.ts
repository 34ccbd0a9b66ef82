import assert from "node:assert/strict";
import { test } from "node:test";
import {
  check,
  foreignKey,
  index,
  integer,
  inverseForeignKey,
  manyToMany,
  model,
  sql,
  text,
  timestamptz,
  unique,
  version,
} from "../../mod.ts";
import { relationsOf } from "../../src/schema/relation_meta.ts";

class Customer extends model("customers", {
  id: integer().primaryKey(),
  orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
}) {}

class Tag extends model("tags", { id: integer().primaryKey() }) {}

class Order extends model("orders", {
  region: text(),
  number: integer(),
  customerId: foreignKey<Customer>(() => Customer),
  code: text().unique(),
  version: version(),
  deletedAt: timestamptz().nullable(),
  tags: manyToMany<Tag>(() => Tag, {
    through: "order_tags",
    source: ["region", "number"],
    target: "tag",
  }),
}, {
  schema: "sales",
  database: "reporting",
  primaryKey: ["region", "number"],
  softDelete: true,
  cacheTimeout: 30,
  indexes: [index("code")],
  constraints: [unique(["code", "number"]), check(sql`number > 0`)],
}) {}

test("meta tells all that a model declares", () => {
  const { meta } = Order;
  assert.deepEqual([meta.schema, meta.table, meta.database], ["sales", "orders", "reporting"]);
  assert.equal(meta.kind, "table");
  assert.deepEqual(meta.columns.map(({ property, name }) => [property, name]), [
    ["region", "region"],
    ["number", "number"],
    ["customerId", "customer_id"],
    ["code", "code"],
    ["version", "version"],
    ["deletedAt", "deleted_at"],
  ]);
  assert.deepEqual(meta.primaryKey.map(({ property }) => property), ["region", "number"]);
  assert.equal(meta.version?.property, "version");
  assert.equal(meta.softDelete?.property, "deletedAt");
  assert.equal(meta.cacheLife, 30_000);
  assert.equal(meta.indexes.length, 1);
  assert.equal(meta.constraints.length, 2);
  assert.deepEqual(meta.relationNames(), ["customerId", "tags"]);
});

test("meta tells of every relation with its target", () => {
  const told = (model: typeof Customer | typeof Order) =>
    relationsOf(model.meta).map(({ name, kind, target }) => [name, kind, target.meta.table]);
  assert.deepEqual(told(Order), [["customerId", "fk", "customers"], ["tags", "m2m", "tags"]]);
  assert.deepEqual(told(Customer), [["orders", "ifk", "orders"]]);
});
