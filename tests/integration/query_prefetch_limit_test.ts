import assert from "node:assert/strict";
import { after, test } from "node:test";
import { F } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("a limit in prefetchRelated() holds for each parent, in one statement", async () => {
    const { Ord, Item, log } = await world.open();
    const ords = await Ord.filter().orderBy("id").prefetchRelated({
      items: (items) => items.orderBy("-n", "id").limit(2),
    }).all();
    assert.equal(log.length, 2);
    for (const ord of ords) {
      const alone = await Item.filter({ ordId: ord.id }).orderBy("-n", "id").limit(2).all();
      assert.deepEqual(
        ord.getRelated("items").map(({ id, n }) => [id, n]),
        alone.map(({ id, n }) => [id, n]),
      );
      assert.equal(alone.length, 2);
    }
    const [one] = await Ord.filter({ id: 7 }).prefetchRelated({
      items: (items) => items.orderBy("-n").limit(1),
    }).all();
    assert.equal(one!.getRelated("items").length, 1);
  });

  on("an offset, distinct() and a filter go with it, on many-to-many as well", async () => {
    const { Ord, Mark, Item } = await world.open();
    const marks = await Mark.filter().orderBy("id").prefetchRelated({
      ords: (ords) => ords.filter({ qty: { gt: 2 } }).orderBy("-qty").offset(1).limit(2),
    }).all();
    for (const mark of marks) {
      const alone = await Ord.filter({ marks: { some: { id: mark.id } }, qty: { gt: 2 } })
        .orderBy("-qty").offset(1).limit(2).all();
      assert.deepEqual(mark.getRelated("ords").map(({ id }) => id), alone.map(({ id }) => id));
    }
    assert.equal(marks.flatMap((mark) => mark.getRelated("ords")).length, 5);
    const ords = await Ord.filter().orderBy("id").prefetchRelated({
      items: (items) => items.orderBy("n", "-id").distinct("n"),
    }).all();
    for (const ord of ords) {
      const alone = await Item.filter({ ordId: ord.id }).orderBy("n", "-id").distinct("n").all();
      assert.deepEqual(ord.getRelated("items").map(({ id }) => id), alone.map(({ id }) => id));
    }
    const none = await Ord.filter({ id: { lte: 2 } }).prefetchRelated({
      items: (items) => items.limit(0),
    }).all();
    assert.deepEqual(none.map((ord) => ord.getRelated("items")), [[], []]);
    const last = await Ord.filter({ id: { lte: 2 } }).orderBy("id").prefetchRelated({
      items: (items) => items.reverse().limit(1),
    }).all();
    assert.deepEqual(last.map((ord) => ord.getRelated("items").map(({ id }) => id)), [[60], [41]]);
  });

  on("named expressions, joins and deeper relations go with it", async () => {
    const { Cust, log } = await world.open();
    const custs = await Cust.filter().orderBy("id").prefetchRelated({
      ords: (ords) =>
        ords.annotate({ c0: F("qty").times(2), c1: F("id") }).orderBy("-c0").limit(2)
          .selectRelated({ custId: { regionId: true } })
          .prefetchRelated({ items: (items) => items.limit(1), marks: true }),
    }).all();
    assert.equal(log.length, 4);
    const [ann, bob, cy] = custs;
    const shown = ann!.getRelated("ords");
    assert.deepEqual(shown.map((ord) => [ord.id, ord.c0, ord.c1]), [[20, 40, 20], [18, 36, 18]]);
    assert.equal(shown[0]!.getRelated("custId").name, "Ann");
    assert.equal(shown[0]!.getRelated("custId").getRelated("regionId")?.name, "North");
    assert.deepEqual(shown.map((ord) => ord.getRelated("items").map(({ id }) => id)), [[19], [17]]);
    assert.deepEqual(bob!.getRelated("ords").map(({ id }) => id), [19, 17]);
    assert.deepEqual(cy!.getRelated("ords"), []);
    shown[0]!.rate = 9;
    await shown[0]!.save();
  });
}
