import assert from "node:assert/strict";
import { test } from "node:test";
import { junctionKeysOf } from "../../generator/emit/relations.ts";
import {
  builtin,
  catalogOf,
  contextFor,
  fileOf,
  keyOf,
  relationNames,
  simpleTable,
  type TableDraft,
} from "./emit_world.ts";

const to = (table: string, column: string, toColumns = ["id"]) => ({
  columns: [column],
  to: table,
  toColumns,
});

const junction = (
  name: string,
  one: string,
  other: string,
  keys = [`${one}_id`, `${other}_id`],
): TableDraft => ({
  name,
  columns: Object.fromEntries(keys.map((key) => [key, builtin("int4")])),
  primaryKey: keys,
  foreignKeys: [to(`${one}s`, keys[0]!), to(`${other}s`, keys[1]!)],
});

test("relationsOf() names the inverse by the plural of the source", () => {
  const catalog = catalogOf([
    simpleTable("orders"),
    { ...simpleTable("line_items", "order_id"), foreignKeys: [to("orders", "order_id")] },
  ]);
  assert.deepEqual(relationNames(catalog, "order"), ["lineItems: inverseForeignKey LineItem"]);
  assert.match(
    fileOf(catalog, "line_item"),
    /orderId: integer\(\)\.nullable\(\)\.references<Order>/,
  );
});

test("relationsOf() names each inverse by its column when several keys lead to one table", () => {
  const catalog = catalogOf([
    simpleTable("users"),
    {
      ...simpleTable("orders", "created_by", "updated_by"),
      foreignKeys: [to("users", "created_by"), to("users", "updated_by")],
    },
  ]);
  assert.deepEqual(relationNames(catalog, "user"), [
    "ordersByCreatedBy: inverseForeignKey Order",
    "ordersByUpdatedBy: inverseForeignKey Order",
  ]);
});

test("relationsOf() names a self reference by its column", () => {
  const catalog = catalogOf([
    { ...simpleTable("categories", "parent_id"), foreignKeys: [to("categories", "parent_id")] },
  ]);
  assert.deepEqual(relationNames(catalog, "category"), [
    "categoriesByParentId: inverseForeignKey Category",
  ]);
});

test("relationsOf() avoids the names of columns and reserved names", () => {
  const catalog = catalogOf([
    simpleTable("users", "orders"),
    { ...simpleTable("orders", "user_id"), foreignKeys: [to("users", "user_id")] },
    { ...simpleTable("filter", "user_id"), foreignKeys: [to("users", "user_id")] },
    { ...simpleTable("alls", "user_id"), foreignKeys: [to("users", "user_id")] },
  ]);
  assert.deepEqual(relationNames(catalog, "user"), [
    "alls: inverseForeignKey All",
    "filters: inverseForeignKey Filter",
    "ordersByUserId: inverseForeignKey Order",
  ]);
});

test("relationsOf() makes a relation of its own for a key of several columns", () => {
  const columns = { a: builtin("int4"), b: builtin("int4") };
  const catalog = catalogOf([
    { name: "parents", columns, primaryKey: ["a", "b"] },
    {
      name: "children",
      columns: { id: builtin("int4"), ...columns, c: builtin("int4") },
      primaryKey: ["id"],
      foreignKeys: [
        { columns: ["a", "b"], to: "parents", toColumns: ["a", "b"] },
        { columns: ["a", "c"], to: "parents", toColumns: ["a", "b"] },
      ],
    },
    {
      name: "pets",
      columns: { id: builtin("int4"), ...columns },
      primaryKey: ["id"],
      foreignKeys: [{ columns: ["b", "a"], to: "parents", toColumns: ["b", "a"] }],
    },
  ]);
  assert.deepEqual(relationNames(catalog, "child"), [
    "parentByAB: compositeForeignKey Parent",
    "parentByAC: compositeForeignKey Parent",
  ]);
  assert.deepEqual(relationNames(catalog, "pet"), ["parent: compositeForeignKey Parent"]);
  assert.match(fileOf(catalog, "pet"), /fields: \["b", "a"\], toFields: \["b", "a"\]/);
  assert.match(fileOf(catalog, "child"), /fields: \["a", "b"\], name:/);
});

test("relationsOf() keeps a second key over one column beside the column", () => {
  const catalog = catalogOf([
    simpleTable("users"),
    simpleTable("filters"),
    {
      ...simpleTable("notes", "owner_id"),
      foreignKeys: [
        { ...to("users", "owner_id"), name: "a" },
        { ...to("filters", "owner_id"), name: "b" },
      ],
    },
  ]);
  assert.deepEqual(relationNames(catalog, "note"), ["filter_: compositeForeignKey Filter"]);
  assert.match(fileOf(catalog, "note"), /ownerId: .*references<User>/);
});

test("relationsOf() finds a many-to-many on both sides of a pure junction", () => {
  const catalog = catalogOf([
    simpleTable("posts"),
    simpleTable("tags"),
    junction("post_tags", "post", "tag"),
  ]);
  assert.deepEqual(relationNames(catalog, "post"), [
    "postTags: inverseForeignKey PostTag",
    "tags: manyToMany Tag",
  ]);
  assert.deepEqual(relationNames(catalog, "tag"), [
    "postTags: inverseForeignKey PostTag",
    "posts: manyToMany Post",
  ]);
});

test("relationsOf() names the two sides of a self junction by the column they lead to", () => {
  const follows: TableDraft = {
    ...junction("follows", "user", "user", ["follower_id", "followee_id"]),
  };
  const catalog = catalogOf([simpleTable("users"), follows]);
  assert.deepEqual(relationNames(catalog, "user").filter((name) => name.includes("manyToMany")), [
    "usersByFollowerId: manyToMany User",
    "usersByFolloweeId: manyToMany User",
  ]);
});

test("relationsOf() names each many-to-many by its junction when several lead to one table", () => {
  const catalog = catalogOf([
    simpleTable("posts"),
    simpleTable("users"),
    junction("likes", "post", "user"),
    junction("views", "post", "user"),
  ]);
  assert.deepEqual(relationNames(catalog, "post").filter((name) => name.includes("manyToMany")), [
    "usersThroughLike: manyToMany User",
    "usersThroughView: manyToMany User",
  ]);
});

test("junctionKeysOf() refuses a table that is more than a junction", () => {
  const tables: Record<string, TableDraft> = {
    pure: junction("pure", "a", "b"),
    "with a default": {
      ...junction("j", "a", "b"),
      columns: {
        a_id: builtin("int4"),
        b_id: builtin("int4"),
        at: { notNull: true, default: "now()" },
        note: builtin("text"),
      },
    },
    "with a key of its own": {
      ...simpleTable("j"),
      columns: {
        id: { notNull: true, default: "nextval('x')" },
        a_id: { notNull: true },
        b_id: { notNull: true },
      },
      foreignKeys: [to("as", "a_id"), to("bs", "b_id")],
      more: [keyOf("unique", { table: "j" }, ["b_id", "a_id"])],
    },
    "with a required column": {
      ...junction("j", "a", "b"),
      columns: { a_id: builtin("int4"), b_id: builtin("int4"), n: { notNull: true } },
    },
    "without a key over both": {
      ...simpleTable("j", "a_id", "b_id"),
      foreignKeys: [to("as", "a_id"), to("bs", "b_id")],
    },
    "with a third key": {
      ...junction("j", "a", "b"),
      columns: { a_id: builtin("int4"), b_id: builtin("int4"), c_id: builtin("int4") },
      foreignKeys: [to("as", "a_id"), to("bs", "b_id"), to("cs", "c_id")],
    },
    "with a wider key": {
      ...junction("j", "a", "b"),
      columns: { a_id: builtin("int4"), b_id: builtin("int4"), n: builtin("int4") },
      primaryKey: ["a_id", "b_id", "n"],
    },
  };
  const found = Object.fromEntries(
    Object.entries(tables).map(([name, draft]) => {
      const [source] = contextFor(catalogOf([draft])).sources;
      return [name, junctionKeysOf(source!) !== null];
    }),
  );
  assert.deepEqual(found, {
    pure: true,
    "with a default": true,
    "with a key of its own": true,
    "with a required column": false,
    "without a key over both": false,
    "with a third key": false,
    "with a wider key": false,
  });
});

test("relationsOf() keeps the names of other relations when a table is added", () => {
  const before = [simpleTable("users"), {
    ...simpleTable("orders", "user_id"),
    foreignKeys: [to("users", "user_id")],
  }];
  const more = { ...simpleTable("aaa", "user_id"), foreignKeys: [to("users", "user_id")] };
  const names = relationNames(catalogOf([...before, more]), "user");
  assert.ok(names.includes("orders: inverseForeignKey Order"), String(names));
});
