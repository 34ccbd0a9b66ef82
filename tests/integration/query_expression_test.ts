import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  abs,
  caseWhen,
  cast,
  coalesce,
  concat,
  dateTrunc,
  decimal,
  doublePrecision,
  extract,
  F,
  fn,
  greatest,
  integer,
  least,
  length,
  lower,
  now,
  nullif,
  Q,
  round,
  sql,
  text,
  trim,
  upper,
  value,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("functions give the values and types that the server gives", async () => {
    const { Ord } = await world.open();
    const [one] = await Ord.filter({ id: 8 }).annotate({
      rated: coalesce("rate", value(0.5)),
      most: greatest("qty", value(3)),
      fewest: least("qty", value(3)),
      not8: nullif("qty", value(8)),
      not9: nullif("qty", value(9)),
      loud: upper("status"),
      quiet: lower(upper("status")),
      size: length("status"),
      bare: trim(concat(value("  "), "status", value(" "))),
      label: concat("status", value("'; drop table ords; --"), "qty"),
      away: abs(F("qty").minus(10)),
      whole: round("total"),
      tenth: round(F("total").dividedBy(7), 1),
      float: cast("total", doublePrecision()),
      exact: cast("qty", decimal(10, 3)),
      word: cast("qty", text()),
      month: dateTrunc("month", "createdAt"),
      year: extract("year", "createdAt"),
      epoch: extract("epoch", "createdAt"),
      here: now(),
      repeated: fn("repeat", text(), "status", value(2)),
      found: fn("strpos", integer(), "status", value("a")),
    }).all();
    assert.ok(one !== undefined);
    assert.equal(one.rated, 0.5);
    assert.equal(one.most, 8);
    assert.equal(one.fewest, 3);
    assert.equal(one.not8, null);
    assert.equal(one.not9, 8);
    assert.equal(one.loud, "DRAFT");
    assert.equal(one.quiet, "draft");
    assert.equal(one.size, 5);
    assert.equal(one.bare, "draft");
    assert.equal(one.label, "draft'; drop table ords; --8");
    assert.equal(one.away, 2);
    assert.equal(one.whole, "12");
    assert.equal(one.tenth, "1.7");
    assert.equal(one.float, 12);
    assert.equal(one.exact, "8.000");
    assert.equal(one.word, "8");
    assert.deepEqual(one.month, new Date("2024-03-01T00:00:00Z"));
    assert.equal(one.year, 2024);
    assert.equal(one.epoch, Date.parse("2024-03-21T00:00:00Z") / 1000);
    assert.ok(one.here instanceof Date);
    assert.equal(one.repeated, "draftdraft");
    assert.equal(one.found, 3);
  });

  on("a string is a column for a function, and a value only when said so", async () => {
    const { Cust } = await world.open();
    const [row] = await Cust.filter({ id: 1 }).annotate({
      shown: concat("name", value(" - "), "name"),
      null: coalesce("nick", "name"),
    }).all();
    assert.equal(row!.shown, "Ann - Ann");
    assert.equal(row!.null, "Ann");
    assert.throws(() => Cust.filter().annotate({ x: lower("nope") }), { code: "unknown_field" });
    assert.throws(() => Cust.filter().annotate({ x: lower('name") --') }), {
      code: "unknown_field",
    });
  });

  on("F() counts in filters, orders and both sides of arithmetic", async () => {
    const { Ord } = await world.open();
    const ids = async (query: { all(): Promise<{ id: number }[]> }): Promise<number[]> =>
      (await query.all()).map((row) => row.id);
    assert.deepEqual(await ids(Ord.filter({ qty: F("id").times(1) }).orderBy("id").limit(2)), [
      1,
      2,
    ]);
    const more = Ord.filter({ total: { gt: F("qty").times(1.4) }, qty: { lt: F("custId") } });
    assert.deepEqual(await ids(more.orderBy("id")), [1]);
    const tens = Ord.filter(Q({ qty: { gte: F("custId").times(10) } })).orderBy("id");
    assert.deepEqual(await ids(tens), [10, 12, 14, 16, 18, 20]);
    const far = value(20).minus(F("qty"));
    assert.deepEqual(await ids(Ord.filter().orderBy(far).limit(2)), [20, 19]);
    const nested = F("qty").plus(F("id").times(2)).minus(F("custId").dividedBy(2)).modulo(5);
    const [row] = await Ord.filter({ id: 7 }).annotate({ nested }).all();
    assert.equal(row!.nested, (7 + 14 - 1) % 5);
    const rates = Ord.filter({ rate: { ne: F("rate") } });
    assert.equal(await rates.count(), 0);
    assert.deepEqual(
      await ids(Ord.filter({ id: { lte: 4 } }).orderBy(F("rate").asc({ nulls: "first" }), "id")),
      [4, 1, 2, 3],
    );
    assert.deepEqual(
      await ids(Ord.filter({ id: { lte: 4 } }).orderBy({ field: "rate", nulls: "first" })),
      [4, 1, 2, 3],
    );
    const words = { nulls: "last; drop table ords" } as never;
    assert.throws(() => Ord.filter().orderBy(F("rate").asc(words)), { code: "invalid_order" });
    assert.throws(() => Ord.filter().orderBy({ field: "rate", nulls: words } as never), {
      code: "invalid_order",
    });
  });

  on("arithmetic reads fractions, big numbers and dates as what they are", async () => {
    const { Ord } = await world.open();
    const [row] = await Ord.filter({ id: 4 }).annotate({
      half: F("qty").times(0.5),
      big: F("qty").plus(2n ** 40n),
      late: cast(F("createdAt").plus(sql`interval '1 day'`), text()),
      days: cast(F("due").minus(sql`date '2024-01-01'`), integer()),
      third: cast(F("qty"), doublePrecision()).dividedBy(3),
    }).all();
    assert.equal(Number(row!.half), 2);
    assert.equal(BigInt(row!.big as unknown as bigint), 4n + 2n ** 40n);
    assert.match(row!.late, /^2024-02-11/);
    assert.equal(row!.days, 4);
    assert.equal(row!.third, 4 / 3);
    assert.throws(() => Ord.filter().annotate({ x: F("qty").plus(undefined as never) }), {
      code: "undefined_value",
    });
  });

  on("caseWhen() gives the first that holds, otherwise, or null", async () => {
    const { Ord } = await world.open();
    const rows = await Ord.filter({ id: { in: [1, 6, 20] } }).annotate({
      size: caseWhen({ qty: { gt: 10 } }, "large").when(Q({ qty: { gt: 5 } }), "middle")
        .otherwise("small"),
      known: caseWhen({ status: "paid" }, F("qty")),
      chosen: caseWhen(sql`${sql.id("t0", "qty")} = ${20}`, F("total")).otherwise(F("rate")),
      flag: caseWhen({ rate: null }, true).otherwise(false),
    }).orderBy("id").all();
    assert.deepEqual(rows.map(({ size, known, flag }) => [size, known, flag]), [
      ["small", null, false],
      ["middle", 6, false],
      ["large", null, true],
    ]);
    assert.equal(
      await Ord.filter().annotate({
        size: caseWhen({ qty: { gt: 10 } }, "large").otherwise("small"),
      }).filter({ size: "large" }).count(),
      10,
    );
    const undefinedCase = (): unknown =>
      Ord.filter().annotate({ x: caseWhen({ qty: undefined }, "x") } as never);
    assert.throws(undefinedCase, { code: "undefined_filter_value" });
  });

  on("names that nobody knows are refused before anything is sent", async () => {
    const { Ord, log } = await world.open();
    assert.throws(() => dateTrunc("moth" as never, "createdAt"), { code: "unknown_date_part" });
    assert.throws(() => extract("year from now()) --" as never, "createdAt"), {
      code: "unknown_date_part",
    });
    await assert.rejects(
      Ord.filter().annotate({ x: fn('repeat"(', text(), "status") }).all(),
      { code: "undefined_function" },
    );
    assert.equal(log.length, 1);
  });
}
