import assert from "node:assert/strict";
import { transaction } from "../../mod.ts";
import { testCache } from "./cache_world.ts";

testCache("get() does read a row once", async ({ Shop, sent }) => {
  const made = await Shop.create({ code: "a", name: "Ann" });
  sent();
  const first = await Shop.get({ id: made.id });
  assert.deepEqual(sent(), ["get"]);
  const second = await Shop.get({ id: made.id });
  assert.equal((await Shop.getOrNull({ id: made.id }))?.name, "Ann");
  assert.equal((await Shop.getById(made.id)).name, "Ann");
  assert.deepEqual(sent(), []);
  assert.notEqual(first, second);
  assert.ok(second instanceof Shop);
  first.name = "changed in memory";
  assert.equal((await Shop.get({ id: made.id })).name, "Ann");
  assert.equal((await Shop.get({ id: made.id }, { useCache: false })).name, "Ann");
  assert.deepEqual(sent(), ["get"]);
  // a row from a cache is a row like any other
  second.name = "Bea";
  await second.save();
  assert.equal((await Shop.get({ id: made.id })).name, "Bea");
  assert.deepEqual(sent(), ["save", "get"]);
});

testCache("getOrNull() does not keep that there is none", async ({ Shop, Place, sent }) => {
  assert.equal(await Shop.getOrNull({ id: 7 }), null);
  assert.equal(await Shop.getOrNull({ code: "x" }), null);
  assert.equal(await Place.getOrNull({ a: 1, b: 2 }), null);
  await Shop.create({ id: 7, code: "x" });
  await Place.create({ a: 1, b: 2 });
  assert.equal((await Shop.getOrNull({ id: 7 }))?.code, "x");
  assert.equal((await Shop.getOrNull({ code: "x" }))?.id, 7);
  assert.equal((await Place.getOrNull({ a: 1, b: 2 }))?.val, null);
  sent();
  await assert.rejects(Shop.get({ id: 8 }), { code: "does_not_exist" });
  await assert.rejects(Shop.get({ id: 8 }), { code: "does_not_exist" });
  assert.deepEqual(sent(), ["get", "get"]);
});

testCache("get() does find rows by unique keys", async ({ Shop, Place, sent }) => {
  await Shop.create({ id: 1, code: "a", city: "Rome", street: "Via" });
  await Place.create({ a: 1, b: 2, val: "x" });
  sent();
  for (let round = 0; round < 2; round++) {
    assert.equal((await Shop.get({ code: "a" })).id, 1);
    assert.equal((await Shop.get({ street: "Via", city: "Rome" })).id, 1);
    assert.equal((await Shop.get({ id: 1 })).code, "a");
    assert.equal((await Place.get({ b: 2, a: 1 })).val, "x");
  }
  assert.deepEqual(sent(), ["get", "get", "get"]);
  // the key moves to another row
  await Shop.updateWhere({ id: 1 }, { code: "b" });
  await Shop.create({ id: 2, code: "a" });
  assert.equal((await Shop.get({ id: 1 })).code, "b");
  sent();
  assert.equal((await Shop.get({ code: "a" })).id, 2);
  assert.equal((await Shop.get({ code: "b" })).id, 1);
  assert.equal((await Shop.get({ code: "a" })).id, 2);
  assert.deepEqual(sent(), ["get", "get"]);
});

testCache("get() by anything else does go to the database", async ({ Shop, Item, Plain, sent }) => {
  await Shop.create({ id: 1, code: "a", name: "Ann", city: "Rome" });
  await Item.create({ id: 1, label: "l" });
  await Plain.create({ id: 1, val: "x" });
  sent();
  for (let round = 0; round < 2; round++) {
    await Shop.get({ name: "Ann" });
    await Shop.get({ city: "Rome" });
    await Shop.get({ id: 1, name: "Ann" });
    await Shop.get({ code: { startsWith: "a" } });
    await Shop.get({ id: { eq: 1 } });
    await Item.get({ label: "l" });
    await Plain.get({ id: 1 });
    await Shop.filter({ id: 1 }).get();
  }
  assert.equal(sent().length, 16);
  assert.equal(await Shop.getOrNull({ id: 1, name: "Bob" }), null);
});

testCache("rows of queries and partial rows do not enter a cache", async ({ Shop, sent }) => {
  await Shop.create({ id: 1, code: "a", name: "Ann" });
  await Shop.filter().only("id", "code").all();
  await Shop.filter().all();
  sent();
  assert.equal((await Shop.get({ id: 1 })).name, "Ann");
  assert.deepEqual(sent(), ["get"]);
});

testCache("fetchFk() does use the cache of the other model", async ({ Shop, Item, sent }) => {
  await Shop.create({ id: 1, code: "a" });
  const item = await Item.create({ label: "l", shopId: 1 });
  const other = await Item.create({ label: "m", shopId: 1 });
  sent();
  assert.equal((await item.fetchFk("shopId"))?.code, "a");
  assert.equal((await other.fetchFk("shopId"))?.code, "a");
  assert.equal((await Shop.get({ id: 1 })).code, "a");
  assert.deepEqual(sent(), ["fetch.shopId"]);
  assert.equal((await other.fetchFk("shopId", { useCache: false }))?.code, "a");
  assert.deepEqual(sent(), ["fetch.shopId"]);
  await Shop.updateWhere({ id: 1 }, { code: "z" });
  assert.equal((await item.fetchFk("shopId"))?.code, "z");
});

testCache("lookups that miss do share one statement", async ({ Shop, sent }) => {
  await Shop.bulkCreate([{ id: 1, code: "a" }, { id: 2, code: "b" }]);
  sent();
  const rows = await Promise.all([1, 2, 1, 2, 1].map((id) => Shop.get({ id })));
  assert.deepEqual(rows.map(({ code }) => code), ["a", "b", "a", "b", "a"]);
  assert.equal(new Set(rows).size, 5);
  assert.deepEqual(sent(), ["get"]);
  // and while it is under way
  await Shop.updateWhere({}, { name: "x" });
  sent();
  const early = Shop.get({ id: 1 });
  await Promise.resolve().then(() => {}).then(() => {}).then(() => {});
  assert.deepEqual((await Promise.all([early, Shop.get({ id: 1 })])).map(({ name }) => name), [
    "x",
    "x",
  ]);
  assert.deepEqual(sent(), ["get"]);
});

testCache("a deleted row is not shown", async ({ Note, sent }) => {
  const note = await Note.create({ id: 1, body: "x" });
  assert.equal((await Note.get({ id: 1 })).body, "x");
  await note.delete();
  assert.equal(await Note.getOrNull({ id: 1 }), null);
  assert.equal((await Note.filter({ id: 1 }).withDeleted().get()).body, "x");
  assert.equal(await Note.getOrNull({ id: 1 }), null);
  await note.restore();
  sent();
  assert.equal((await Note.get({ id: 1 })).body, "x");
  assert.equal((await Note.get({ id: 1 })).body, "x");
  assert.deepEqual(sent(), ["get"]);
  await Note.deleteWhere({ id: 1 });
  assert.equal(await Note.getOrNull({ id: 1 }), null);
});

testCache("a transaction does read past the cache", async ({ Shop, name, sent }) => {
  await Shop.create({ id: 1, code: "a", name: "old" });
  await Shop.get({ id: 1 });
  sent();
  await transaction(async (tx) => {
    await Shop.using(tx).updateWhere({ id: 1 }, { name: "new" });
    assert.equal((await Shop.using(tx).get({ id: 1 })).name, "new");
    assert.equal((await Shop.get({ id: 1 })).name, "new");
  }, { database: name });
  assert.deepEqual(sent(), ["updateWhere", "get", "get"]);
  assert.equal((await Shop.get({ id: 1 })).name, "new");
  const gone = transaction(async () => {
    await Shop.updateWhere({ id: 1 }, { name: "never" });
    await Shop.create({ id: 2, code: "never" });
    assert.equal((await Shop.get({ id: 2 })).code, "never");
    throw new Error("back");
  }, { database: name });
  await assert.rejects(gone, /back/);
  assert.equal((await Shop.get({ id: 1 })).name, "new");
  assert.equal(await Shop.getOrNull({ id: 2 }), null);
});
