import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  closeDatabase,
  F,
  integer,
  model,
  registerDatabase,
  sql,
  text,
  transaction,
} from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { type ServerKind, serverKinds, testServer } from "../support/servers.ts";
import { script } from "./model_world.ts";
import { trade } from "./query_world.ts";

const MOST: Readonly<Record<ServerKind, number>> = { pg18: 300_000, pg15: 60_000, pglite: 60_000 };

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const big = MOST[kind];
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("for await reads every row once in the query's order", async () => {
    const { Ord } = await world.open();
    const seen: number[] = [];
    for await (const row of Ord.filter({ id: { gt: 2 } }).orderBy("-id")) {
      assert.ok(row instanceof Ord);
      seen.push(row.id);
    }
    assert.deepEqual(seen, Array.from({ length: 18 }, (_, index) => 20 - index));
    for (const batchSize of [1, 3, 18, 19, 500]) {
      let n = 0;
      for await (const _ of Ord.filter({ id: { gt: 2 } }).stream({ batchSize })) n++;
      assert.equal(n, 18, `${batchSize}`);
    }
    for await (const _ of Ord.filter({ id: -1 })) assert.fail("there is no row");
    for (const batchSize of [0, -1, 1.5, NaN, "1"]) {
      const stream = Ord.filter().stream({ batchSize: batchSize as number });
      await assert.rejects(stream.next(), { code: "invalid_batch_size" });
    }
  });

  on("stream() loads relations batch by batch, and partial rows", async () => {
    const { Ord, log } = await world.open();
    const names: string[] = [];
    const query = Ord.filter().orderBy("id").selectRelated("custId").prefetchRelated({
      items: true,
    });
    for await (const row of query.stream({ batchSize: 10 })) {
      names.push(row.getRelated("custId")!.name);
      assert.equal(row.getRelated("items").length, 3);
    }
    assert.deepEqual(
      names,
      Array.from({ length: 20 }, (_, index) => index % 2 === 0 ? "Bob" : "Ann"),
    );
    assert.equal(log.filter((text) => text.includes('"items"')).length, 2);
    const rows: object[] = [];
    for await (const row of Ord.filter({ id: { lte: 2 } }).orderBy("id").values("id")) {
      rows.push(row);
    }
    assert.deepEqual(rows, [{ id: 1 }, { id: 2 }]);
  });

  on("leaving a stream early gives its connection back", async () => {
    const { Ord, log } = await world.open();
    for (let round = 0; round < 30; round++) {
      log.length = 0;
      for await (const row of Ord.filter().orderBy("id").stream({ batchSize: 2 })) {
        if (row.id === 5) break;
      }
      // three batches hold the first five rows, and no more were read
      assert.equal(log.filter((text) => text.startsWith("fetch 2 from")).length, 3);
      assert.equal(log.filter((text) => text.startsWith("close ")).length, 1);
    }
    assert.equal(await Ord.count(), 20);
    const stream = Ord.filter().stream({ batchSize: 2 });
    await stream.next();
    await stream.return!();
    assert.deepEqual(await stream.next(), { value: undefined, done: true });
    const thrown = new Error("left");
    const reading = async (): Promise<void> => {
      for await (const _ of Ord.filter().stream({ batchSize: 2 })) throw thrown;
    };
    await assert.rejects(reading(), thrown);
    assert.equal(await Ord.count(), 20);
  });

  on("an error in the middle reaches the reader and frees the connection", async () => {
    const { Ord } = await world.open();
    for (let round = 0; round < 15; round++) {
      const seen: number[] = [];
      const reading = async (): Promise<void> => {
        const query = Ord.filter().orderBy("id").annotate({
          part: F("qty").dividedBy(F("id").minus(13)),
        });
        for await (const row of query.stream({ batchSize: 2 })) seen.push(row.id);
      };
      await assert.rejects(reading(), { code: "division_by_zero" });
      // rows before the fault came, as far as their batches were whole
      assert.ok(seen.length <= 12);
    }
    assert.equal(await Ord.count(), 20);
  });

  on("a stream in a transaction reads on its connection and sees its writes", async () => {
    const { Ord, Cust } = await world.open();
    await assert.rejects(
      transaction(async (tx) => {
        await Cust.using(tx).create({ id: 50, name: "Zoe" });
        const seen: string[] = [];
        for await (const row of Cust.using(tx).filter().orderBy("-id").stream({ batchSize: 1 })) {
          seen.push(row.name);
          // other statements of the transaction run between the batches
          assert.equal(await Ord.using(tx).filter({ id: 1 }).count(), 1);
        }
        assert.deepEqual(seen, ["Zoe", "Cy", "Bob", "Ann"]);
        for await (const _ of Cust.using(tx).filter().stream({ batchSize: 1 })) break;
        // what is left early is closed on the server as well
        const cursors = await Cust.using(tx).rawSql(
          sql`select name from pg_cursors where name <> ''`,
        );
        assert.deepEqual(cursors, []);
        assert.equal(await Cust.using(tx).filter().count(), 4);
        throw new Error("back");
      }, { database: world.name }),
      /back/,
    );
    assert.equal(await Cust.count(), 3);
  });

  on("two streams of one transaction, and two of their own, run side by side", async () => {
    const { Ord, Cust } = await world.open();
    const zip = async (
      one: AsyncIterable<{ id: number }>,
      other: AsyncIterable<{ id: number }>,
    ) => {
      const pairs: number[][] = [];
      const second = other[Symbol.asyncIterator]();
      for await (const { id } of one) {
        const next = await second.next();
        if (next.done) break;
        pairs.push([id, next.value.id]);
      }
      await second.return?.();
      return pairs;
    };
    const expected = [[20, 1], [19, 2], [18, 3]];
    await transaction(async (tx) => {
      const one = Ord.using(tx).filter().orderBy("-id").stream({ batchSize: 1 });
      const other = Cust.using(tx).filter().orderBy("id").stream({ batchSize: 1 });
      assert.deepEqual(await zip(one, other), expected);
    }, { database: world.name });
    // the embedded server has one connection, which the first stream holds
    if (kind === "pglite") return;
    const one = Ord.filter().orderBy("-id").stream({ batchSize: 1 });
    const other = Cust.filter().orderBy("id").stream({ batchSize: 1 });
    assert.deepEqual(await zip(one, other), expected);
  });

  on(`a stream of ${big} rows holds few of them, and one connection`, async () => {
    await using database = await testDatabase(server, { options: { poolMax: 1 } });
    const name = `stream_${kind}`;
    registerDatabase({ name, driver: database.driver });
    class Row extends model("big_rows", {
      id: integer().primaryKey(),
      pad: text(),
    }, { database: name }) {}
    await script(
      database,
      `create table big_rows (id int primary key, pad text not null);
       insert into big_rows select g, repeat('x', 200) || g from generate_series(1, ${big}) g`,
    );
    let [sum, n] = [0, 0];
    const heaps: number[] = [];
    for await (const row of Row.filter().stream()) {
      sum += row.id;
      if (++n % (big / 10) > 0) continue;
      collectGarbage();
      heaps.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
    assert.equal(n, big);
    assert.equal(sum, big * (big + 1) / 2);
    // 300,000 rows at once take more than 100 MB
    const growth = heaps.at(-1)! - heaps[0]!;
    assert.ok(growth < 8, `from ${heaps.map(Math.round).join(" to ")} MB`);
    assert.equal(await Row.filter({ id: 7 }).count(), 1);
    await closeDatabase(name);
  });
}
