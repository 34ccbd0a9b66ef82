import assert from "node:assert/strict";
import { after, test } from "node:test";
import { count, F, outerRef, sql, subquery } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("selectRelated() joins nested foreign keys in one statement", async () => {
    const { Item, log } = await world.open();
    const rows = await Item.filter({ id: { lte: 3 } })
      .selectRelated({ ordId: { custId: { regionId: true } } }).orderBy("id").all();
    assert.equal(log.length, 1);
    const shown = rows.map((row) => {
      const ord = row.getRelated("ordId")!;
      const cust = ord.getRelated("custId")!;
      return [row.id, ord.id, cust.name, cust.getRelated("regionId")?.name];
    });
    assert.deepEqual(shown, [
      [1, 2, "Ann", "North"],
      [2, 3, "Bob", "South"],
      [3, 4, "Ann", "North"],
    ]);
  });

  on(
    "selectRelated() gives null for a missing row, and works with every other clause",
    async () => {
      const { Cust, Ord } = await world.open();
      const cy = await Cust.filter({ id: 3 }).selectRelated("regionId").get();
      assert.equal(cy.getRelated("regionId"), null);
      assert.equal(cy.hasRelated("regionId"), true);
      const query = Ord.filter({ id: { gt: 15 }, custId: { is: { name: "Ann" } } })
        .annotate({ twice: F("qty").times(2) }).selectRelated("custId").orderBy("-twice").limit(2);
      const rows = await query.all();
      assert.deepEqual(rows.map((row) => [row.id, row.twice, row.getRelated("custId")!.id]), [
        [20, 40, 1],
        [18, 36, 1],
      ]);
      assert.equal(await query.count(), 2);
      assert.equal(await query.exists(), true);
      assert.equal((await query.first())!.id, 20);
      const both = await Ord.filter({ id: 1 }).selectRelated("custId").selectRelated({
        custId: { regionId: true },
      }).get();
      assert.equal(both.getRelated("custId")!.getRelated("regionId")!.name, "South");
      const partial = Ord.filter().only("id").selectRelated("custId" as never);
      await assert.rejects(partial.all(), { code: "partial_rows_without_relations" });
      assert.throws(() => Cust.filter().selectRelated("ords" as never), {
        code: "relation_not_joinable",
      });
      assert.throws(() => Cust.filter().selectRelated("nope" as never), {
        code: "unknown_relation",
      });
    },
  );

  on("prefetchRelated() takes one statement for each relation and level", async () => {
    const { Region, log } = await world.open();
    const regions = await Region.filter().orderBy("id").prefetchRelated({
      custs: { ords: { items: true, marks: true } },
    }).all();
    assert.equal(log.length, 5);
    const ords = regions.flatMap((region) =>
      region.getRelated("custs").flatMap((cust) => cust.getRelated("ords"))
    );
    assert.equal(ords.length, 20);
    assert.equal(ords.flatMap((ord) => ord.getRelated("items")).length, 60);
    assert.equal(ords.flatMap((ord) => ord.getRelated("marks")).length, 10);
    for (const ord of ords) {
      for (const item of ord.getRelated("items")) assert.equal(item.ordId, ord.id);
    }
  });

  on(
    "prefetchRelated() takes a function that filters, orders, annotates and goes deeper",
    async () => {
      const { Cust, Item, log } = await world.open();
      const custs = await Cust.filter().orderBy("id").prefetchRelated({
        ords: (query) =>
          query.filter({ qty: { gt: 14 } }).orderBy("-qty").annotate({
            n: subquery<number>(
              Item.filter({ ordId: outerRef("id") }).groupBy("ordId").annotate({ n: count() })
                .values("n"),
            ),
          }).selectRelated("custId").prefetchRelated({
            items: (items) => items.filter({ n: { gt: 2 } }).orderBy("-n"),
          }),
        regionId: true,
      }).all();
      assert.equal(log.length, 4);
      assert.deepEqual(custs.map((cust) => cust.getRelated("ords").map((ord) => ord.id)), [
        [20, 18, 16],
        [19, 17, 15],
        [],
      ]);
      const [ord] = custs[0]!.getRelated("ords");
      assert.equal((ord as unknown as { n: number }).n, 3);
      assert.equal(ord!.getRelated("custId")!.name, "Ann");
      assert.deepEqual(ord!.getRelated("items").map((item) => item.n), [5, 4, 3]);
    },
  );

  on("prefetchRelated() refuses what would give wrong rows", async () => {
    const { Cust, Ord } = await world.open();
    const combined = Cust.filter().prefetchRelated({ ords: (query) => query.union(query) });
    await assert.rejects(combined.all(), { code: "invalid_relation_query" });
    const grouped = Cust.filter().prefetchRelated({
      ords: (query) => query.groupBy("status") as never,
    });
    await assert.rejects(grouped.all(), { code: "invalid_relation_query" });
    const other = Cust.filter().prefetchRelated({ ords: () => Ord.filter() });
    assert.equal((await other.all()).length, 3);
    const foreign = Cust.filter().prefetchRelated({ ords: () => Cust.filter() as never });
    await assert.rejects(foreign.all(), { code: "invalid_relation_query" });
    const nothing = Cust.filter().prefetchRelated({ ords: () => undefined as never });
    await assert.rejects(nothing.all(), { code: "invalid_relation_query" });
    assert.throws(() => Cust.filter().prefetchRelated({ nope: true } as never), {
      code: "unknown_relation",
    });
    assert.throws(() => Cust.filter().prefetchRelated({ ords: undefined } as never), {
      code: "invalid_prefetch",
    });
    const partial = Cust.filter().only("id").prefetchRelated({ ords: true });
    await assert.rejects(partial.all(), { code: "partial_rows_without_relations" });
  });

  on("raw() makes rows of any statement, and refuses incomplete ones", async () => {
    const { Ord } = await world.open();
    const rows = await Ord.raw(sql`
      select 1 as more, o.* from ords o where o.qty > ${18} and o.status = any(${["draft", "x"]})
      order by o.id desc`);
    assert.deepEqual(rows.map((row) => [row.id, row instanceof Ord]), [[20, true], [19, true]]);
    rows[0]!.rate = 2.5;
    await rows[0]!.save();
    assert.equal((await Ord.get({ id: 20 })).rate, 2.5);
    await rows[0]!.update({ rate: null });
    await assert.rejects(Ord.raw(sql`select id, qty from ords`), (error: Error) => {
      assert.match(error.message, /"cust_id", "status"/);
      return (error as Error & { code: string }).code === "incomplete_rows";
    });
    assert.deepEqual(await Ord.raw(sql`select * from ords where false`), []);
  });

  on("rawSql() decodes by the server's types and binds every value", async () => {
    const { Ord } = await world.open();
    const hostile = "'; drop table ords; --";
    const [row] = await Ord.rawSql<Record<string, unknown>>(sql`select ${hostile}::text as text,
      ${7}::int as n, 9007199254740993::int8 as big, 1.50::numeric as exact, true as flag,
      null::int as none, '{a,NULL}'::text[] as list, '{"a": [1]}'::jsonb as json,
      '2024-01-02T03:04:05Z'::timestamptz as at, '[1,5)'::int4range as range,
      '\\x01ff'::bytea as bytes, 'x' as "__proto__"`);
    const { __proto__: _, ...shown } = Object.getOwnPropertyDescriptors(row!);
    assert.equal(Object.getOwnPropertyDescriptor(row!, "__proto__")!.value, "x");
    assert.deepEqual(Object.keys(shown).length, 11);
    assert.equal(row!["text"], hostile);
    assert.equal(row!["n"], 7);
    assert.equal(row!["big"], 9007199254740993n);
    assert.equal(row!["exact"], "1.50");
    assert.equal(row!["flag"], true);
    assert.equal(row!["none"], null);
    assert.deepEqual(row!["list"], ["a", null]);
    assert.deepEqual(row!["json"], { a: [1] });
    assert.deepEqual(row!["at"], new Date("2024-01-02T03:04:05Z"));
    assert.deepEqual(row!["bytes"], new Uint8Array([1, 255]));
    const part = sql`status = ${"paid"}`;
    const both = sql`${part} and qty > ${9}`;
    const rows = await Ord.rawSql(sql`select ${sql.id("id")} from ords where ${both} order by 1`);
    assert.deepEqual(rows, [{ id: 12 }, { id: 15 }, { id: 18 }]);
    assert.equal((await Ord.rawSql(sql`update ords set rate = rate where id = ${1}`)).length, 0);
    const lost = undefined;
    await assert.rejects(async () => await Ord.rawSql(sql`select ${lost as never}`), {
      name: "ValidationError",
    });
  });
}
