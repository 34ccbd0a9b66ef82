import assert from "node:assert/strict";
import { check, foreignKey, index, integer, model, sql, text, unique } from "../../mod.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { testDeclared } from "./declared.ts";

class Shelf extends model("shelves", { id: integer().primaryKey() }) {}
class Item extends model("items", {
  id: integer().primaryKey(),
  shelfId: foreignKey<Shelf>(() => Shelf, { onDelete: "cascade", onUpdate: "restrict" }),
  code: text().unique(),
  kind: text().default("book"),
  number: integer(),
}, {
  indexes: [index("kind", "number")],
  constraints: [unique(["kind", "code"]), check(sql`number > 0`)],
}) {}

testDeclared(
  "indexes, unique keys, checks, actions and defaults reach the database",
  [Shelf, Item],
  async ({ live }) => {
    await Shelf.create({ id: 1 });
    const item = await Item.create({ id: 1, shelfId: 1, code: "a", number: 1 });
    assert.equal(item.kind, "book");
    await assert.rejects(Item.create({ id: 2, shelfId: 1, code: "a", number: 1 }), {
      name: "UniqueViolationError",
    });
    await assert.rejects(item.update({ number: 0 }), { name: "CheckViolationError" });
    await assert.rejects(Shelf.updateWhere({ id: 1 }, { id: 2 }), {
      name: "ForeignKeyViolationError",
    });
    await Shelf.deleteWhere({ id: 1 });
    assert.equal(await Item.count(), 0);
    const indexes = objectsOf(live, "index").map(({ name }) => name);
    assert.ok(indexes.includes("items_kind_number_idx"), indexes.join());
  },
);
