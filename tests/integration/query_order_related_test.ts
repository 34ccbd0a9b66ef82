import assert from "node:assert/strict";
import { after, test } from "node:test";
import { count, F } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("orderBy() follows foreign keys by one join", async () => {
    const { Ord, Item, Cust, log } = await world.open();
    const query = Ord.filter({ id: { lte: 6 } }).orderBy({ custId: "-name" }, "-id");
    assert.equal(query.toSql().text.match(/ join /g)?.length, 1);
    assert.deepEqual((await query.all()).map(({ id }) => id), [5, 3, 1, 6, 4, 2]);
    assert.equal(log.length, 1);
    const deep = await Item.filter({ id: { lte: 4 } })
      .orderBy({ ordId: { custId: { regionId: "-name" } } }, { ordId: "id" }).all();
    assert.deepEqual(deep.map(({ id }) => id), [2, 4, 1, 3]);
    const twice = Ord.filter().orderBy({ custId: "nick" }, { custId: "name" }, "id");
    assert.equal(twice.toSql().text.match(/ join /g)?.length, 1);
    const last = { field: "name", nulls: "last", descending: true } as const;
    const custs = await Cust.filter().orderBy({ regionId: last }, "id").all();
    assert.deepEqual(custs.map(({ id }) => id), [2, 1, 3]);
    const first = await Cust.filter().orderBy({ regionId: F("name").desc({ nulls: "first" }) })
      .all();
    assert.deepEqual(first.map(({ id }) => id), [3, 2, 1]);
    const byLength = await Cust.filter().orderBy({ regionId: F("id").times(-1) }).first();
    assert.equal(byLength?.id, 2);
  });

  on("an order over a related row goes with every other clause", async () => {
    const { Ord, Cust } = await world.open();
    const query = Ord.filter({ id: { lte: 4 } }).orderBy({ custId: "name" }, "id");
    const shown = await query.selectRelated("custId").all();
    assert.deepEqual(shown.map((ord) => [ord.id, ord.getRelated("custId").name]), [
      [2, "Ann"],
      [4, "Ann"],
      [1, "Bob"],
      [3, "Bob"],
    ]);
    const deeper = query.selectRelated({ custId: { regionId: true } });
    assert.equal(deeper.toSql().text.match(/ join /g)?.length, 2);
    assert.equal((await deeper.last())?.getRelated("custId").getRelated("regionId")?.name, "South");
    assert.deepEqual(await query.values("id").offset(1).limit(2).all(), [{ id: 4 }, { id: 1 }]);
    const named = await query.annotate({ n: F("qty") }).reverse().all();
    assert.deepEqual(named.map(({ id, n }) => [id, n]), [[3, 3], [1, 1], [4, 4], [2, 2]]);
    assert.equal(await query.count(), 4);
    assert.equal(await query.exists(), true);
    assert.deepEqual(
      (await query.limit(3).union(query.limit(1)).orderBy({ custId: "-name" }, "id")
        .all()).map(({ id }) => id),
      [1, 2, 4],
    );
    const streamed: number[] = [];
    for await (const ord of query) streamed.push(ord.id);
    assert.deepEqual(streamed, [2, 4, 1, 3]);
    const [ann] = await Cust.filter({ id: { in: [1, 2] } }).orderBy("id").prefetchRelated({
      ords: (ords) => ords.orderBy({ custId: "name" }, "-id").limit(1),
    }).all();
    assert.deepEqual(ann!.getRelated("ords").map(({ id }) => id), [20]);
    const some = Ord.filter().orderBy({ custId: "name" }, "id").limit(1).values("id");
    assert.equal(await Ord.filter({ id: { in: some } }).count(), 1);
    assert.equal(
      await Ord.filter().orderBy({ custId: "-name" }, "id").limit(1).update({ rate: 7 }),
      1,
    );
    assert.equal((await Ord.get({ id: 1 })).rate, 7);
  });

  on(
    "valuesList() gives lists of values in the order of their names, or values alone",
    async () => {
      const { Ord } = await world.open();
      const some = Ord.filter({ id: { lte: 2 } }).orderBy("id").annotate({
        twice: F("qty").times(2),
      });
      assert.deepEqual(await some.valuesList("twice", "status", "id").all(), [
        [2, "draft", 1],
        [4, "draft", 2],
      ]);
      assert.deepEqual(await some.valuesList("twice", { flat: true }).all(), [2, 4]);
      assert.equal(await some.valuesList("id", { flat: true }).last(), 2);
      const both = some.valuesList("id", "qty");
      assert.deepEqual(await both.union(both).orderBy("-id").all(), [[2, 2], [1, 1]]);
      assert.deepEqual(await both.values("id").first(), { id: 1 });
      assert.equal(await both.count(), 2);
      const streamed: unknown[] = [];
      for await (const id of some.valuesList("id", { flat: true })) streamed.push(id);
      assert.deepEqual(streamed, [1, 2]);
      const groups = await Ord.filter().groupBy("status").annotate({ n: count() }).orderBy("status")
        .valuesList("n", "status").all();
      assert.deepEqual(groups, [[14, "draft"], [6, "paid"]]);
      assert.throws(() => some.valuesList(), { code: "no_columns" });
      assert.throws(() => some.valuesList("nope" as never), { code: "unknown_field" });
      assert.throws(() => some.valuesList("id", { flatt: true } as never), {
        code: "unknown_option",
      });
      assert.equal((await Ord.getById(2)).id, 2);
      await assert.rejects(Ord.getById(99), { code: "does_not_exist" });
      await assert.rejects(Ord.getById({ ne: 1 } as never), { code: "invalid_value" });
    },
  );

  on("an order over a related row refuses what is none, before anything is sent", async () => {
    const { Ord, Cust, log } = await world.open();
    const wrong = (term: unknown) => () => Ord.filter().orderBy(term as never);
    assert.throws(wrong({ custId: "nam" }), { code: "unknown_field", hint: /"name"/ });
    assert.throws(wrong({ custid: "name" }), { code: "unknown_relation", hint: /"custId"/ });
    assert.throws(wrong({ items: "n" }), { code: "relation_not_joinable" });
    assert.throws(wrong({ custId: "name", id: "x" }), { code: "invalid_order" });
    assert.throws(wrong({}), { code: "invalid_order" });
    assert.throws(wrong({ custId: undefined }), { code: "invalid_order" });
    assert.throws(wrong({ field: "id", desc: true }), { code: "invalid_order" });
    assert.throws(wrong({ field: "id", descendin: true }), {
      code: "invalid_order",
      hint: /"descending"/,
    });
    assert.throws(wrong({ field: "id", descending: "no" }), { code: "invalid_order" });
    assert.throws(wrong("custId.name"), { code: "unknown_field" });
    assert.throws(() => Cust.filter().orderBy(["name"] as never), { code: "invalid_order" });
    assert.deepEqual(log, []);
  });
}
