import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  count,
  cumeDist,
  denseRank,
  F,
  firstValue,
  type FrameOptions,
  lag,
  lastValue,
  lead,
  lower,
  nthValue,
  ntile,
  percentRank,
  rank,
  rowNumber,
  sql,
  sum,
  value,
  window,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

const FRAMES: readonly (readonly [FrameOptions, string])[] = [
  [{}, "rows between unbounded preceding and current row"],
  [
    { mode: "rows", from: { preceding: 2 }, to: "current row" },
    "rows between 2 preceding and current row",
  ],
  [
    { from: { preceding: 1 }, to: { following: value(1) } },
    "rows between 1 preceding and 1 following",
  ],
  [
    { from: "current row", to: "unbounded following" },
    "rows between current row and unbounded following",
  ],
  [{ from: { following: 1 }, to: { following: 2 } }, "rows between 1 following and 2 following"],
  [
    { mode: "range", from: "unbounded preceding", to: "current row" },
    "range between unbounded preceding and current row",
  ],
  [
    { mode: "range", from: { preceding: 3 }, to: { following: 1 } },
    "range between 3 preceding and 1 following",
  ],
  [
    { mode: "groups", from: { preceding: 1 }, to: "current row" },
    "groups between 1 preceding and current row",
  ],
  [
    { mode: "groups", from: "current row", to: { following: 2 } },
    "groups between current row and 2 following",
  ],
  [
    { from: { preceding: 1 }, to: { following: 1 }, exclude: "current row" },
    "rows between 1 preceding and 1 following exclude current row",
  ],
  [
    { mode: "groups", from: { preceding: 1 }, to: { following: 1 }, exclude: "group" },
    "groups between 1 preceding and 1 following exclude group",
  ],
  [
    { mode: "groups", from: { preceding: 1 }, to: { following: 1 }, exclude: "ties" },
    "groups between 1 preceding and 1 following exclude ties",
  ],
];

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("window() runs every function over partitions in an order", async () => {
    const { Ord, rows } = await world.open();
    const over = { partitionBy: "status", orderBy: ["custId", "-id"] };
    const tied = { partitionBy: ["status"], orderBy: "custId" };
    const found = await Ord.filter().annotate({
      number: window(rowNumber(), over),
      rank: window(rank(), tied),
      dense: window(denseRank(), tied),
      percent: window(percentRank(), tied),
      share: window(cumeDist(), tied),
      tile: window(ntile(3), over),
      before: window(lag("qty"), over),
      before2: window(lag("qty", 2, value(-1)), over),
      next: window(lead("qty"), over),
      next3: window(lead("total", 3, value(0)), over),
      first: window(firstValue("id"), over),
      last: window(lastValue("id"), over),
      second: window(nthValue("id", 2), over),
      running: window(sum("qty"), over),
      peers: window(count(), { partitionBy: F("qty").modulo(3) }),
      some: window(count("id", { filter: { status: "paid" } }), {}),
    }).orderBy("id").all();
    const plain = await rows(sql`select
      (row_number() over w)::int4 as number, (rank() over t)::int4 as rank,
      (dense_rank() over t)::int4 as dense, percent_rank() over t as percent,
      cume_dist() over t as share, ntile(3) over w as tile, lag(qty) over w as before,
      lag(qty, 2, -1) over w as before2, lead(qty) over w as next,
      lead(total, 3, 0) over w as next3, first_value(id) over w as first,
      last_value(id) over w as last, nth_value(id, 2) over w as second,
      (sum(qty) over w)::int4 as running, (count(*) over (partition by qty % 3))::int4 as peers,
      (count(id) filter (where status = 'paid') over ())::int4 as some
      from ords window w as (partition by status order by cust_id, id desc),
        t as (partition by status order by cust_id)
      order by id`);
    const names = Object.keys(plain[0]!);
    const picked = found.map((row) =>
      Object.fromEntries(
        names.map((name) => [name, (row as unknown as Record<string, unknown>)[name]]),
      )
    );
    assert.deepEqual(picked, plain);
  });

  FRAMES.forEach(([frame, words], index) => {
    on(`window() takes frame ${index}: ${words}`, async () => {
      const { Ord, database } = await world.open();
      // rows need an order without ties, groups show with ties alone
      const [orderBy, order] = frame.mode === "range"
        ? ["qty", "qty"]
        : frame.mode === "groups"
        ? ["custId", "cust_id"]
        : [["custId", "id"], "cust_id, id"];
      const ordered = await Ord.filter().annotate({
        s: window(sum("qty"), { partitionBy: "status", orderBy, frame }),
      }).orderBy("id").all();
      const plain = await database.driver.query({
        text:
          `select sum(qty) over (partition by status order by ${order} ${words}) from ords order by id`,
        params: [],
      });
      assert.deepEqual(
        ordered.map((row) => row.s === null ? null : String(row.s)),
        plain.rows.map(([s]) => s),
      );
    });
  });

  on("a window cannot be filtered directly, but as a query's rows it can", async () => {
    const { Ord } = await world.open();
    const numbered = Ord.filter().annotate({
      place: window(rowNumber(), { partitionBy: "status", orderBy: "-qty" }),
    });
    const best = await numbered.orderBy("place", "status").limit(2).all();
    assert.deepEqual(best.map((row) => [row.status, row.id]), [["draft", 20], ["paid", 18]]);
    await assert.rejects(numbered.filter({ place: 1 }).all(), { name: "SqlSyntaxError" });
  });

  on("window() refuses words, bounds and functions that it does not know", async () => {
    const { Ord } = await world.open();
    const made = (frame: unknown): unknown =>
      Ord.filter().annotate({ x: window(sum("qty"), { orderBy: "id", frame: frame as never }) });
    const code = { code: "invalid_window" };
    assert.throws(() => made({ mode: "rows; drop" }), code);
    assert.throws(() => made({ from: "1 preceding" }), code);
    assert.throws(() => made({ exclude: "all" }), code);
    assert.throws(() => made({ from: {} }), code);
    assert.throws(() => Ord.filter().annotate({ x: window(F("qty")) }), code);
    assert.throws(() => Ord.filter().annotate({ x: window(rank(), { orderBy: "nope" }) }), {
      code: "unknown_field",
    });
    await assert.rejects(
      Ord.filter().annotate({ x: window(lower("status"), {}) }).all(),
      { name: "SqlSyntaxError" },
    );
  });
}
