import assert from "node:assert/strict";
import { F, sql, transaction } from "../../mod.ts";
import { type CacheWorld, testCache } from "./cache_world.ts";

/** Ways to give the only shop the name `new`, each by another path of the engine. */
const WRITES: Readonly<Record<string, (world: CacheWorld) => Promise<unknown>>> = {
  "save()": async ({ Shop }) => {
    const row = await Shop.filter({ id: 1 }).get();
    row.name = "new";
    await row.save();
  },
  "update()": async ({ Shop }) => await (await Shop.get({ id: 1 })).update({ name: "new" }),
  "bulkUpdate()": async ({ Shop }) => {
    const row = await Shop.get({ id: 1 });
    row.name = "new";
    await Shop.bulkUpdate([row], ["name"]);
  },
  "updateWhere()": ({ Shop }) => Shop.updateWhere({ code: "a" }, { name: "new" }),
  "filter().update()": ({ Shop }) => Shop.filter({ code: "a" }).update({ name: "new" }),
  "upsert()": ({ Shop }) => Shop.upsert({ code: "a", name: "new" }, { conflict: ["code"] }),
  "bulkUpsert()": ({ Shop }) =>
    Shop.bulkUpsert([{ code: "b", name: "b" }, { code: "a", name: "new" }], { conflict: ["code"] }),
  "updateOrCreate()": ({ Shop }) => Shop.updateOrCreate({ code: "a" }, { name: "new" }),
  "raw()": ({ Shop }) =>
    Shop.raw(sql`update shops set name = 'new' returning *`, { touches: [Shop] }),
  "rawSql()": ({ Plain, Shop }) =>
    Plain.rawSql(sql`update shops set name = 'new'`, { touches: [Shop] }),
  "delete and insert": async ({ Shop }) => {
    await (await Shop.get({ id: 1 })).delete();
    await Shop.create({ id: 1, code: "a", name: "new" });
  },
  "bulkDelete() and bulkCreate()": async ({ Shop }) => {
    await Shop.bulkDelete([await Shop.get({ id: 1 })]);
    await Shop.bulkCreate([{ id: 1, code: "a", name: "new" }]);
  },
  "deleteWhere() and getOrCreate()": async ({ Shop }) => {
    await Shop.deleteWhere({ id: 1 });
    await Shop.getOrCreate({ code: "a" }, { id: 1, name: "new" });
  },
};

testCache("every write does make void what is cached", async (world) => {
  const { Shop, name } = world;
  const reset = async (): Promise<void> => {
    await Shop.deleteWhere({});
    await Shop.create({ id: 1, code: "a", name: "old" });
    for (let round = 0; round < 2; round++) {
      assert.equal((await Shop.get({ id: 1 })).name, "old");
      assert.equal((await Shop.get({ code: "a" })).name, "old");
    }
  };
  for (const [title, write] of Object.entries(WRITES)) {
    await reset();
    await write(world);
    assert.equal((await Shop.get({ id: 1 })).name, "new", title);
    assert.equal((await Shop.get({ code: "a" })).name, "new", title);
    await reset();
    await transaction(async (tx) => {
      await tx.savepoint(() => write(world));
    }, { database: name });
    assert.equal((await Shop.get({ id: 1 })).name, "new", `${title} in a transaction`);
    assert.equal((await Shop.get({ code: "a" })).name, "new", `${title} in a transaction`);
    await reset();
    const work = transaction(async () => {
      await write(world);
      throw new Error("back");
    }, { database: name });
    await assert.rejects(work, /back/);
    world.sent();
    assert.equal((await Shop.get({ id: 1 })).name, "old", `${title} rolled back`);
    assert.equal((await Shop.get({ code: "a" })).name, "old", `${title} rolled back`);
    assert.deepEqual(world.sent(), [], `${title} rolled back`);
  }
});

testCache("increment() and decrement() do make rows void", async ({ Item }) => {
  await Item.create({ id: 1, label: "l", price: 5 });
  assert.equal((await Item.get({ id: 1 })).price, 5);
  await Item.increment({ id: 1 }, { price: 2 });
  assert.equal((await Item.get({ id: 1 })).price, 7);
  await Item.decrement({ id: 1 }, { price: 1 });
  assert.equal((await Item.get({ id: 1 })).price, 6);
  const row = await Item.get({ id: 1 });
  await row.update({ price: F("price").plus(1) });
  const read = await Item.get({ id: 1 });
  assert.deepEqual([read.price, read.version], [7, row.version]);
});

testCache("rows that a foreign key deletes or changes are void too", async (world) => {
  const { Shop, Item, Note, ItemTag, Tag } = world;
  const fill = async (): Promise<void> => {
    await Shop.deleteWhere({});
    await Note.deleteWhere({}, { hard: true });
    await Tag.deleteWhere({});
    await Shop.create({ id: 1, code: "a" });
    await Item.create({ id: 1, label: "l", shopId: 1 });
    await Note.create({ id: 1, itemId: 1 });
    await Tag.create({ id: 1 });
    await ItemTag.create({ itemId: 1, tagId: 1 });
    assert.equal((await Item.get({ id: 1 })).shopId, 1);
    assert.equal((await Note.get({ id: 1 })).itemId, 1);
    assert.equal((await ItemTag.get({ itemId: 1, tagId: 1 })).tagId, 1);
  };
  await fill();
  await Shop.updateWhere({ id: 1 }, { id: 9 });
  assert.equal((await Item.get({ id: 1 })).shopId, 9);
  await (await Shop.get({ id: 9 })).delete();
  assert.equal(await Item.getOrNull({ id: 1 }), null);
  assert.equal((await Note.get({ id: 1 })).itemId, null);
  assert.equal(await ItemTag.getOrNull({ itemId: 1, tagId: 1 }), null);
  await fill();
  await Shop.deleteWhere({ code: "a" });
  assert.equal(await Item.getOrNull({ id: 1 }), null);
  assert.equal((await Note.get({ id: 1 })).itemId, null);
  await fill();
  world.sent();
  await Shop.updateWhere({ id: 1 }, { name: "other" });
  await Item.get({ id: 1 });
  assert.deepEqual(world.sent(), ["updateWhere"]);
});

testCache("the methods of many-to-many relations do make the junction void", async (world) => {
  const { Item, Tag, ItemTag } = world;
  const item = await Item.create({ id: 1, label: "l" });
  await Tag.bulkCreate([{ id: 1 }, { id: 2 }]);
  await item.addM2m("tags", 1);
  assert.equal((await ItemTag.get({ itemId: 1, tagId: 1 })).tagId, 1);
  await item.setM2m("tags", [2]);
  assert.equal(await ItemTag.getOrNull({ itemId: 1, tagId: 1 }), null);
  assert.equal((await ItemTag.get({ itemId: 1, tagId: 2 })).tagId, 2);
  await item.removeM2m("tags", 2);
  assert.equal(await ItemTag.getOrNull({ itemId: 1, tagId: 2 }), null);
  await item.addM2m("tags", 1, 2);
  await ItemTag.get({ itemId: 1, tagId: 2 });
  await item.clearM2m("tags");
  assert.equal(await ItemTag.getOrNull({ itemId: 1, tagId: 2 }), null);
});

testCache("a row that was read before a write does not come back", async ({ Shop, sent }) => {
  await Shop.create({ id: 1, code: "a", name: "0" });
  for (let round = 1; round <= 20; round++) {
    const name = String(round);
    // reads on their way while the row is written: what they bring may be old
    const reads = [Shop.get({ id: 1 }), Shop.get({ code: "a" })];
    const write = Shop.updateWhere({ id: 1 }, { name });
    const more = [Shop.get({ id: 1 }), Shop.get({ code: "a" })];
    await write;
    assert.equal((await Shop.get({ id: 1 })).name, name);
    assert.equal((await Shop.get({ code: "a" })).name, name);
    await Promise.all([...reads, ...more]);
    assert.equal((await Shop.get({ id: 1 })).name, name);
    assert.equal((await Shop.get({ code: "a" })).name, name);
  }
  sent();
  await Shop.get({ id: 1 });
  assert.deepEqual(sent(), []);
});

testCache("functions after a commit do see what was committed", async ({ Shop, name }) => {
  await Shop.create({ id: 1, code: "a", name: "old" });
  await Shop.get({ id: 1 });
  const seen: (string | null)[] = [];
  await transaction(async (tx) => {
    tx.afterCommit(async () => void seen.push((await Shop.get({ id: 1 })).name));
    await Shop.updateWhere({ id: 1 }, { name: "new" });
  }, { database: name });
  assert.deepEqual(seen, ["new"]);
});

testCache("a nested transaction that is undone does leave the cache", async (world) => {
  const { Shop, name, sent } = world;
  await Shop.create({ id: 1, code: "a", name: "old" });
  await Shop.get({ id: 1 });
  sent();
  await transaction(async (tx) => {
    const nested = tx.savepoint(async () => {
      await Shop.updateWhere({ id: 1 }, { name: "never" });
      throw new Error("back");
    });
    await assert.rejects(nested, /back/);
  }, { database: name });
  assert.equal((await Shop.get({ id: 1 })).name, "old");
  assert.deepEqual(sent(), ["updateWhere"]);
});
