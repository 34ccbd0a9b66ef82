import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  arrayAgg,
  avg,
  boolAnd,
  boolOr,
  count,
  dateTrunc,
  F,
  FieldError,
  jsonAgg,
  max,
  min,
  rowNumber,
  stddev,
  stringAgg,
  sum,
  ValidationError,
  value,
  variance,
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

  on("groupBy() gives one row for each group with every aggregate", async () => {
    const { Ord } = await world.open();
    const groups = await Ord.filter().groupBy("status").annotate({
      n: count(),
      rated: count("rate"),
      kinds: count("custId", { distinct: true }),
      total: sum("total"),
      qty: sum("qty"),
      mean: avg("qty"),
      exact: avg("total"),
      low: min("createdAt"),
      high: max("qty"),
      spread: stddev("rate"),
      square: variance("rate"),
      ids: arrayAgg("id", { orderBy: ["-id"] }),
      names: stringAgg("status", "|", { distinct: true }),
      json: jsonAgg("id", { orderBy: ["id"], filter: { id: { lte: 3 } } }),
      all: boolAnd(value(true)),
      some: boolOr(value(false)),
    }).orderBy("status").all();
    assert.deepEqual(groups.map((one) => one.status), ["draft", "paid"]);
    const paid = groups[1]!;
    assert.deepEqual(Object.keys(paid), [
      ...["status", "n", "rated", "kinds", "total", "qty", "mean", "exact", "low", "high"],
      ...["spread", "square", "ids", "names", "json", "all", "some"],
    ]);
    assert.equal(paid.n, 6);
    assert.equal(paid.rated, 5);
    assert.equal(paid.kinds, 2);
    assert.equal(paid.total, "94.50");
    assert.equal(paid.qty, 63);
    assert.equal(paid.mean, 10.5);
    assert.equal(paid.exact, "15.7500000000000000");
    assert.ok(paid.low instanceof Date);
    assert.equal(paid.high, 18);
    assert.equal(typeof paid.spread, "number");
    assert.equal(typeof paid.square, "number");
    assert.deepEqual(paid.ids, [18, 15, 12, 9, 6, 3]);
    assert.equal(paid.names, "paid");
    assert.deepEqual(paid.json, [3]);
    assert.equal(paid.all, true);
    assert.equal(paid.some, false);
  });

  on("groupBy() groups by an expression, by several names, and counts its groups", async () => {
    const { Ord, rows, sql } = await world.open();
    const months = Ord.filter().annotate({ month: dateTrunc("month", "createdAt") })
      .groupBy("month", "status").annotate({ n: count() });
    const expected = await rows(sql`
      select date_trunc('month', created_at) as month, status, count(*)::int4 as n
      from ords group by 1, 2 order by 1 desc, 2`);
    const found = await months.orderBy("-month", "status").all();
    assert.deepEqual(found.map(({ month, status, n }) => ({ month, status, n })), expected);
    assert.equal(await months.count(), expected.length);
    assert.equal(await months.exists(), true);
    assert.equal(await Ord.filter({ id: -1 }).groupBy("status").exists(), false);
    assert.equal(await Ord.filter({ id: -1 }).groupBy("status").count(), 0);
    const byExpression = await months.orderBy(F("month").desc(), F("status").asc()).all();
    assert.deepEqual(byExpression.map(({ n }) => n), expected.map(({ n }) => n));
  });

  on("having() filters by the name of an aggregate, beside filter()", async () => {
    const { Ord } = await world.open();
    const groups = Ord.filter({ qty: { gt: 2 } }).groupBy("custId").annotate({ total: sum("qty") });
    assert.deepEqual(await groups.having({ total: { gt: 104 } }).all(), [
      { custId: 1, total: 108 },
    ]);
    const several = groups.annotate({ n: count() }).having({ n: 9 }, { total: { lt: 108 } });
    assert.deepEqual(await several.all(), [{ custId: 2, total: 99, n: 9 }]);
    assert.equal(await several.count(), 1);
    assert.deepEqual(await groups.having({ custId: 2 }).values("total").all(), [{ total: 99 }]);
  });

  on("values() with groupBy() shows what it names, in its order by aggregates", async () => {
    const { Ord } = await world.open();
    const groups = await Ord.filter().groupBy("status", "custId")
      .annotate({ n: count(), total: sum("qty") }).values("status", "total").orderBy("-n", "-total")
      .all();
    assert.deepEqual(groups.map((one) => Object.keys(one)), Array(4).fill(["status", "total"]));
    assert.deepEqual(groups[0], { status: "draft", total: 74 });
  });

  on("aggregate() computes over the rows, their limit, their groups and their names", async () => {
    const { Ord, Cust } = await world.open();
    const all = await Ord.filter().aggregate({
      n: count(),
      paid: count("id", { filter: { status: "paid" } }),
      total: sum("total"),
      last: max("id"),
    });
    assert.deepEqual({ ...all }, { n: 20, paid: 6, total: "315.00", last: 20 });
    const few = await Ord.filter().orderBy("-id").limit(3).aggregate({
      n: count(),
      low: min("id"),
    });
    assert.deepEqual({ ...few }, { n: 3, low: 18 });
    const skipped = await Ord.filter().orderBy("id").offset(15).aggregate({ low: min("id") });
    assert.deepEqual({ ...skipped }, { low: 16 });
    const none = await Ord.filter({ id: -1 }).aggregate({ n: count(), s: sum("qty") });
    assert.deepEqual({ ...none }, { n: 0, s: null });
    const groups = Ord.filter().groupBy("status").annotate({ n: count() });
    assert.deepEqual({ ...await groups.aggregate({ most: max("n"), k: count() }) }, {
      most: 14,
      k: 2,
    });
    const numbered = Ord.filter().annotate({ place: window(rowNumber(), { orderBy: "-id" }) });
    assert.deepEqual({ ...await numbered.aggregate({ top: max("place") }) }, { top: 20 });
    const twice = Ord.filter().annotate({ twice: F("qty").times(2) });
    assert.deepEqual({
      ...await twice.filter({ twice: { gt: 38 } }).aggregate({ s: sum("twice") }),
    }, {
      s: 40,
    });
    const joined = await Ord.filter().selectRelated("custId").aggregate({ n: count() });
    assert.deepEqual({ ...joined }, { n: 20 });
    const distinct = Ord.filter().values("status").distinct();
    assert.deepEqual({ ...await distinct.aggregate({ n: count() }) }, { n: 2 });
    assert.deepEqual({ ...await Cust.filter().aggregate({ nick: count("nick") }) }, { nick: 1 });
    await assert.rejects(Ord.filter().aggregate({}), { code: "invalid_expression" });
  });

  on("annotate() adds names that filter, order and further names can use", async () => {
    const { Ord } = await world.open();
    const rows = await Ord.filter().annotate({ twice: F("total").times(2) })
      .annotate({ more: F("twice").plus(1) }).filter({ more: { gte: "58" } }).orderBy("-more")
      .all();
    assert.deepEqual(rows.map((row) => [row.id, row.twice, row.more]), [
      [20, "60.00", "61.00"],
      [19, "57.00", "58.00"],
    ]);
    assert.ok(rows[0] instanceof Ord);
    assert.equal(await Ord.filter().annotate({ n: F("qty") }).filter({ n: 3 }).count(), 1);
    assert.equal(await Ord.filter().annotate({ n: F("qty") }).filter({ n: 3 }).exists(), true);
    const clash = (): unknown => Ord.filter().annotate({ status: F("qty") } as never);
    assert.throws(clash, (error: unknown) => error instanceof FieldError);
    const unknown = (): unknown => Ord.filter().annotate({ x: F("nothing" as never) });
    assert.throws(unknown, (error: FieldError) => error.code === "unknown_field");
    assert.throws(() => Ord.filter().annotate({ x: 1 } as never), ValidationError);
  });

  on("a row with annotations is saved by its columns alone", async () => {
    const { Cust } = await world.open();
    const [row] = await Cust.filter({ id: 3 }).annotate({ twice: F("id").times(2) }).all();
    assert.equal(row!.twice, 6);
    row!.nick = "C";
    await row!.save();
    assert.equal((await Cust.get({ id: 3 })).nick, "C");
    await row!.update({ nick: null });
    assert.equal((await Cust.get({ id: 3 })).nick, null);
  });

  on("values() gives plain rows of columns and names, all columns without names", async () => {
    const { Ord, Cust } = await world.open();
    const rows = await Ord.filter({ id: { lte: 2 } }).annotate({ twice: F("qty").times(2) })
      .values("twice", "id").orderBy("id").all();
    assert.deepEqual(rows, [{ id: 1, twice: 2 }, { id: 2, twice: 4 }]);
    assert.deepEqual(await Ord.filter({ id: 1 }).annotate({ t: F("qty") }).values("t").all(), [
      { t: 1 },
    ]);
    assert.deepEqual(await Cust.filter({ id: 1 }).values().all(), [
      { id: 1, name: "Ann", nick: null, regionId: 1 },
    ]);
    assert.throws(() => Ord.filter().values("nope" as never), { code: "unknown_field" });
  });

  on("distinct() drops equal rows, and keeps the first of each combination by name", async () => {
    const { Ord } = await world.open();
    const statuses = Ord.filter().values("status").distinct();
    assert.deepEqual(await statuses.orderBy("status").all(), [
      { status: "draft" },
      { status: "paid" },
    ]);
    assert.equal(await statuses.count(), 2);
    assert.equal(await statuses.offset(1).exists(), true);
    assert.equal(await statuses.offset(2).exists(), false);
    assert.equal(await statuses.limit(1).count(), 1);
    const latest = Ord.filter().distinct("custId").orderBy("custId", "-qty");
    assert.deepEqual((await latest.all()).map((row) => row.id), [20, 19]);
    assert.equal(await latest.count(), 2);
    assert.equal(await latest.offset(2).exists(), false);
    const parity = Ord.filter().annotate({ parity: F("qty").modulo(2) }).distinct("parity")
      .orderBy("parity", "qty");
    assert.deepEqual((await parity.all()).map((row) => [row.parity, row.id]), [[0, 2], [1, 1]]);
    assert.throws(() => Ord.filter().distinct("nope" as never), { code: "unknown_field" });
  });

  on("a query is a value: what is made from it leaves it as it was", async () => {
    const { Ord } = await world.open();
    const base = Ord.filter({ status: "paid" });
    const before = base.toSql();
    base.filter({ id: 1 }).orderBy("-id").limit(1).annotate({ x: F("id") }).groupBy("status");
    assert.deepEqual(base.toSql(), before);
    assert.equal(await base.count(), 6);
  });
}
