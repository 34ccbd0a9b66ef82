import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  count,
  CTE,
  exists,
  F,
  max,
  outerRef,
  Q,
  rowNumber,
  sql,
  subquery,
  sum,
  value,
  window,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());
  const ids = async (query: { all(): Promise<{ id: number }[]> }): Promise<number[]> =>
    (await query.all()).map((row) => row.id);

  on("exists() filters by rows of another query, also negated and two deep", async () => {
    const { Cust, Ord, Item } = await world.open();
    const paid = Ord.filter({ custId: outerRef("id"), status: "paid" });
    assert.deepEqual(await ids(Cust.filter(exists(paid)).orderBy("id")), [1, 2]);
    assert.deepEqual(await ids(Cust.filter(Q(exists(paid)).not())), [3]);
    assert.deepEqual(await ids(Cust.exclude(exists(paid))), [3]);
    // customers with an order above 19 that has an item of five
    const named = Item.filter({ ordId: outerRef("id"), n: 5 });
    const deep = Ord.filter({ custId: outerRef("id") }).filter(exists(named), { qty: { gt: 19 } });
    assert.deepEqual(await ids(Cust.filter(exists(deep))), [1]);
    const rows = await Cust.filter().annotate({ has: exists(paid) }).filter({ has: false }).all();
    assert.deepEqual(rows.map((row) => [row.id, row.has]), [[3, false]]);
  });

  on("outerRef() two deep names the query just around, and aliases do not clash", async () => {
    const { Ord, rows } = await world.open();
    // orders that are followed by one of the same customer that has no follower itself
    const after2 = Ord.filter({ custId: outerRef("custId"), id: { gt: outerRef("id") } });
    const after1 = Ord.filter({ custId: outerRef("custId"), id: { gt: outerRef("id") } })
      .filter(Q(exists(after2)).not(), { status: { ne: outerRef("status") } });
    const query = Ord.filter(exists(after1)).orderBy("id");
    const expected = await rows(sql`
      select id from ords a where exists (select 1 from ords b where b.cust_id = a.cust_id
        and b.id > a.id and b.status is distinct from a.status and not exists (
          select 1 from ords c where c.cust_id = b.cust_id and c.id > b.id)) order by id`);
    assert.deepEqual(await ids(query), expected.map(({ id }) => id));
    assert.equal(await query.count(), expected.length);
    assert.throws(() => after1.toSql(), { code: "no_outer_query" });
    await assert.rejects(after1.all(), { code: "no_outer_query" });
  });

  on("exists() works inside relation filters, having and case", async () => {
    const { Cust, Ord, Item, Region } = await world.open();
    const big = Item.filter({ ordId: outerRef("id"), n: { gte: 5 } });
    const bySome = Cust.filter({ ords: { some: Q(exists(big), { qty: { lt: 5 } }) } });
    const plain = (await Item.filter({ n: { gte: 5 }, ordId: { lt: 5 } }).prefetchRelated({
      ordId: true,
    }).all()).map((one) => one.getRelated("ordId")!.custId);
    assert.deepEqual(await ids(bySome.orderBy("id")), [...new Set(plain)].sort());
    const north = Region.filter({ custs: { some: { ords: { some: { id: 20 } } } } });
    assert.deepEqual(await ids(north), [1]);
    const count20 = await Ord.filter({ custId: { is: { regionId: { is: { name: "North" } } } } })
      .count();
    assert.equal(count20, 10);
  });

  on("subquery() gives a value that can be shown, filtered and ordered by", async () => {
    const { Cust, Ord } = await world.open();
    const most = subquery<number>(
      Ord.filter({ custId: outerRef("id") }).values("qty").orderBy("-qty").limit(1),
    );
    const total = subquery<string>(
      Ord.filter({ custId: outerRef("id") }).groupBy("custId").annotate({ s: sum("total") })
        .values("s"),
    );
    const query = Cust.filter().annotate({ most, total });
    const found = await query.orderBy("id").all();
    assert.deepEqual(found.map((row) => [row.id, row.most, row.total]), [
      [1, 20, "165.00"],
      [2, 19, "150.00"],
      [3, null, null],
    ]);
    assert.deepEqual(await ids(query.filter({ most: { gt: 19 } })), [1]);
    assert.deepEqual(await ids(query.filter({ most: 19 })), [2]);
    assert.deepEqual(await ids(query.filter({ most: { in: [19, 20] } }).orderBy("-most")), [1, 2]);
    assert.deepEqual(await ids(query.filter({ most: null })), [3]);
    assert.deepEqual(await ids(query.filter({ total: { gt: "150.5" } })), [1]);
    const above = Ord.filter({
      qty: {
        gt: subquery(
          Ord.filter().annotate({ m: max("qty") })
            .groupBy("status").values("m").having({ status: "paid" }),
        ),
      },
    });
    assert.deepEqual(await ids(above.orderBy("id")), [19, 20]);
    await assert.rejects(
      Cust.filter({ id: subquery(Ord.filter().values("custId")) }).all(),
      { code: "cardinality_violation" },
    );
  });

  on("in and notIn take a query; NULLs in it do not swallow rows", async () => {
    const { Cust, Ord, Region } = await world.open();
    const paying = Ord.filter({ status: "paid" }).values("custId");
    assert.deepEqual(await ids(Cust.filter({ id: { in: paying } }).orderBy("id")), [1, 2]);
    assert.deepEqual(await ids(Cust.filter({ id: { notIn: paying } })), [3]);
    const regions = Cust.filter().values("regionId");
    assert.deepEqual(await ids(Region.filter({ id: { in: regions } }).orderBy("id")), [1, 2]);
    const limited = Ord.filter().orderBy("-qty").limit(1).values("custId");
    assert.deepEqual(await ids(Cust.filter({ id: { in: limited } })), [1]);
    assert.deepEqual(
      await ids(Cust.filter({ id: { in: Cust.filter({ nick: "B" }).only("id") } })),
      [
        2,
      ],
    );
    const grouped = Ord.filter().groupBy("custId").annotate({ n: count() }).having({ n: 10 })
      .values("custId");
    assert.deepEqual(await ids(Cust.filter({ id: { in: grouped } }).orderBy("id")), [1, 2]);
    assert.throws(() => Cust.filter({ id: { in: Ord.filter() } }).toSql(), {
      code: "invalid_subquery",
    });
    assert.throws(() => Cust.filter({ id: { gt: paying } } as never).toSql(), {
      code: "unknown_operator",
    });
  });

  on("union(), intersect() and except() make a query of the whole", async () => {
    const { Ord } = await world.open();
    const low = Ord.filter({ id: { lte: 3 } });
    const odd = Ord.filter({ id: { in: [1, 3, 5] } });
    assert.deepEqual(await ids(low.union(odd).orderBy("-id")), [5, 3, 2, 1]);
    assert.deepEqual(await ids(low.union(odd, { all: true }).orderBy("id")), [1, 1, 2, 3, 3, 5]);
    assert.deepEqual(await ids(low.intersect(odd).orderBy("id")), [1, 3]);
    assert.deepEqual(await ids(low.except(odd)), [2]);
    const whole = low.union(odd).filter({ id: { gt: 1 } }).orderBy("-id").limit(2).offset(1);
    assert.deepEqual(await ids(whole), [3, 2]);
    assert.equal(await low.union(odd).count(), 4);
    assert.equal(await whole.count(), 2);
    assert.equal(await low.union(odd).filter({ id: 9 }).exists(), false);
    assert.deepEqual({ ...await low.union(odd).aggregate({ s: sum("qty") }) }, { s: 11 });
    assert.equal((await low.union(odd).last())!.id, 5);
    const limited = Ord.filter().orderBy("-id").limit(2).union(Ord.filter().orderBy("id").limit(1));
    assert.deepEqual(await ids(limited.orderBy("id")), [1, 19, 20]);
    const nested = low.union(odd.except(Ord.filter({ id: 5 }))).except(Ord.filter({ id: 2 }));
    assert.deepEqual(await ids(nested.orderBy("id")), [1, 3]);
    const [first] = await low.union(odd).orderBy("id").selectRelated("custId").all();
    assert.equal(first!.getRelated("custId")!.name, "Bob");
    const [row] = await low.union(odd).orderBy("id").prefetchRelated({ items: true }).all();
    assert.ok(row instanceof Ord);
    assert.ok(row.getRelated("items")!.length > 0);
  });

  on("union() keeps partial columns and the names that a query gave", async () => {
    const { Ord } = await world.open();
    const one = Ord.filter({ id: 1 }).annotate({ twice: F("qty").times(2), tag: value("a") });
    const two = Ord.filter({ id: 2 }).annotate({ twice: F("qty").times(3), tag: value("b") });
    const both = await one.union(two).orderBy("-twice").all();
    assert.deepEqual(both.map((row) => [row.id, row.twice, row.tag]), [[2, 6, "b"], [1, 2, "a"]]);
    assert.deepEqual(await one.values("twice").union(two.values("twice")).orderBy("twice").all(), [
      { twice: 2 },
      { twice: 6 },
    ]);
    const partial = Ord.filter({ id: 1 }).only("status").union(
      Ord.filter({ id: 2 }).only("status"),
    );
    assert.deepEqual(await partial.all(), [{ status: "draft" }]);
    const other = (): unknown => Ord.filter().union(Ord.filter().only("id") as never);
    assert.throws(other, { code: "invalid_set_operation" });
  });

  on("union() refuses another model's query and what is no query", async () => {
    const { Ord, Cust } = await world.open();
    const code = { code: "invalid_set_operation" };
    assert.throws(() => Ord.filter().union(Cust.filter() as never), code);
    assert.throws(() => Ord.filter().union(undefined as never), code);
    assert.throws(() => Ord.filter().intersect([] as never), code);
  });

  on("withCte() numbers the parameters of several expressions right", async () => {
    const { Ord } = await world.open();
    const one = new CTE("one", Ord.filter({ id: { lt: 10 }, status: "draft" }));
    const two = new CTE(
      "two",
      sql`select * from one where qty > ${3} and status = ${"draft"} and total < ${"10.5"}`,
    );
    const query = Ord.filter({ qty: { ne: 4 }, custId: 2 }).withCte(one, two).from("two")
      .orderBy("id").limit(5);
    assert.deepEqual(await ids(query), [5]);
    assert.equal(query.toSql().params, 7);
    assert.equal(await query.count(), 1);
    assert.equal(await query.exists(), true);
    assert.deepEqual({ ...await query.aggregate({ s: sum("qty") }) }, { s: 5 });
    const joined = Ord.filter(sql`${sql.id("t0", "id")} in (select id from two)`, {
      qty: { lt: 5 },
    })
      .withCte(one, two);
    assert.deepEqual(await ids(joined), [4]);
    assert.throws(() => Ord.filter().from("nope"), { code: "invalid_cte" });
    assert.throws(() => new CTE("", Ord.filter()), { code: "invalid_cte" });
    assert.throws(() => Ord.filter().withCte({} as never), { code: "invalid_cte" });
    assert.throws(() => Ord.filter().withCte(one, one), { code: "invalid_cte" });
  });

  on("withCte() takes recursive and materialized ones and hostile names", async () => {
    const { Ord } = await world.open();
    const step = new CTE(
      'r"; drop table ords; --',
      sql`select * from ords where id = ${20} union all
        select o.* from ords o join ${sql.id('r"; drop table ords; --')} r on o.id = r.id - ${5}`,
      { recursive: true },
    );
    const walk = Ord.filter({ qty: { gt: 1 } }).withCte(step).from(step.name);
    assert.deepEqual(await ids(walk.orderBy("-id")), [20, 15, 10, 5]);
    const kept = new CTE("kept", Ord.filter({ id: 3 }), { materialized: true });
    assert.match(Ord.filter().withCte(kept).from("kept").toSql().text, /as materialized \(/);
    assert.deepEqual(await ids(Ord.filter().withCte(kept).from("kept")), [3]);
    const loose = new CTE("loose", Ord.filter({ id: 4 }), { materialized: false });
    assert.deepEqual(await ids(Ord.filter().withCte(kept, loose).from("loose")), [4]);
    const rows = await Ord.filter().withCte(kept).from("kept").prefetchRelated({ items: true })
      .selectRelated("custId").all();
    assert.equal(rows[0]!.getRelated("custId")!.id, 2);
    const within = Ord.filter({ id: { in: Ord.filter().withCte(kept).from("kept").values("id") } });
    assert.deepEqual(await ids(within), [3]);
  });

  on("from() reads the groups of a CTE as rows", async () => {
    const { Ord, Cust } = await world.open();
    const per = new CTE(
      "per",
      Ord.filter({ id: { lte: 9 } }).groupBy("custId").annotate({ n: count(), most: max("qty") }),
    );
    const rows = await Ord.filter().from(per).filter({ n: { gt: 4 } }).orderBy("-most").all();
    assert.deepEqual(rows, [{ custId: 2, n: 5, most: 9 }]);
    assert.equal(await Ord.filter().from(per).count(), 2);
    assert.deepEqual(await Ord.filter().from(per).aggregate({ all: sum("n") }), { all: 9 });
    const busy = Cust.filter({
      id: { in: Ord.filter().from(per).filter({ n: 5 }).values("custId") },
    });
    assert.deepEqual((await busy.all()).map(({ name }) => name), ["Bob"]);
    // of another model, and named before
    const names = await Cust.filter().withCte(per).from(per).orderBy("n").valuesList("n", {
      flat: true,
    }).all();
    assert.deepEqual(names, [4, 5]);
    const whole = new CTE("whole", Ord.filter({ id: 3 }).selectRelated("custId"));
    const [ord] = await Ord.filter().from(whole).all();
    assert.ok(ord instanceof Ord);
    assert.equal(ord.getRelated("custId").name, "Bob");
    const numbered = new CTE(
      "numbered",
      Ord.filter().annotate({ place: window(rowNumber(), { orderBy: ["-qty"] }) }),
    );
    const [third] = await Ord.filter().from(numbered).filter({ place: 3 }).all();
    assert.deepEqual([third instanceof Ord, third?.qty, third?.place], [true, 18, 3]);
    const wrong = { code: "invalid_cte" };
    assert.throws(() => Ord.filter({ id: 1 }).from(per), wrong);
    assert.throws(() => Ord.filter().limit(1).from(per), wrong);
    assert.throws(() => Ord.filter().withCte(new CTE("per", Ord.filter())).from(per), wrong);
    assert.throws(() => Ord.filter().from(new CTE("raw", sql`select 1`) as never), wrong);
  });

  on("a query over windows is filtered through in and a CTE", async () => {
    const { Ord } = await world.open();
    const numbered = Ord.filter().annotate({
      place: window(rowNumber(), { partitionBy: "status", orderBy: "-qty" }),
    });
    const ranked = new CTE("ranked", numbered);
    const best = Ord.filter(sql`${sql.id("t0", "place")} = ${1}`).withCte(ranked).from("ranked");
    assert.deepEqual(await ids(best.orderBy("id")), [18, 20]);
  });
}
