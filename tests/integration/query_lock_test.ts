import assert from "node:assert/strict";
import { after, test } from "node:test";
import { count, transaction } from "../../mod.ts";
import { deferred } from "../../src/util/deferred.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("locks are written with their strength and waiting, for the model's table alone", async () => {
    const { Ord } = await world.open();
    const texts = [
      Ord.filter().forUpdate(),
      Ord.filter().forUpdate({ noKey: true, nowait: true }),
      Ord.filter().forShare({ skipLocked: true }),
      Ord.filter().forShare({ noKey: true }),
    ].map((query) => query.toSql().text.replace(/^.*"t0" for/, "for"));
    assert.deepEqual(texts, [
      'for update of "t0"',
      'for no key update of "t0" nowait',
      'for share of "t0" skip locked',
      'for key share of "t0"',
    ]);
    assert.throws(() => Ord.filter().forUpdate({ nowait: true, skipLocked: true }), {
      code: "invalid_lock",
    });
    await transaction(async () => {
      const rows = await Ord.filter({ id: { lte: 2 } }).selectRelated("custId").forUpdate().all();
      assert.equal(rows.length, 2);
    }, { database: world.name });
    const locked = Ord.filter({ id: { lte: 2 } }).forUpdate();
    const refused = { code: "lock_without_rows" };
    await assert.rejects(locked.count(), refused);
    await assert.rejects(locked.exists(), refused);
    await assert.rejects(locked.aggregate({ n: count() }), refused);
  });

  on(
    "forUpdate() outside a transaction is refused, in the sub-query of a write it is not",
    async () => {
      const { Ord, log } = await world.open();
      const locked = Ord.filter({ id: { lte: 2 } }).orderBy("id").forUpdate({ skipLocked: true });
      const sent = log.length;
      for (const call of [() => locked.all(), () => locked.first(), () => locked.limit(1).get()]) {
        await assert.rejects(call(), {
          name: "TransactionError",
          code: "lock_without_transaction",
        });
      }
      await assert.rejects(Ord.filter().forShare().all(), { code: "lock_without_transaction" });
      assert.equal(log.length, sent);
      assert.match(await locked.explain(), /LockRows/);
      let streamed = 0;
      for await (const row of locked) streamed += row.id;
      assert.equal(streamed, 3);
      const changed = await Ord.updateWhere({ id: { in: locked.limit(1).only("id") } }, {
        rate: 5,
      });
      assert.equal(changed, 1);
      await Ord.updateWhere({ id: 1 }, { rate: 0.25 });
    },
  );

  if (kind !== "pglite") {
    on(
      "forUpdate() fails at once, skips or waits for rows that another connection holds",
      async () => {
        const { Ord } = await world.open();
        const [held, over] = [deferred<void>(), deferred<void>()];
        const options = { database: world.name };
        const holder = transaction(async (tx) => {
          await Ord.using(tx).filter({ id: { in: [1, 2] } }).forUpdate().all();
          held.resolve();
          await over.promise;
          await Ord.using(tx).updateWhere({ id: 1 }, { qty: 100 });
        }, options);
        await held.promise;
        const all = Ord.filter({ id: { lte: 4 } }).orderBy("id");
        await transaction(async (tx) => {
          const free = await all.using(tx).forUpdate({ skipLocked: true }).all();
          assert.deepEqual(free.map((row) => row.id), [3, 4]);
          const shared = await all.using(tx).forShare({ skipLocked: true }).all();
          assert.deepEqual(shared.map((row) => row.id), [3, 4]);
          const count = await Ord.using(tx).filter({ id: 1 }).count();
          assert.equal(count, 1);
        }, options);
        const failing = transaction(
          async (tx) => void await all.using(tx).forUpdate({ nowait: true }).all(),
          options,
        );
        await assert.rejects(failing, { code: "lock_timeout" });
        const waiting = transaction(
          async (tx) => (await Ord.using(tx).filter({ id: 1 }).forUpdate().get()).qty,
          options,
        );
        over.resolve();
        await holder;
        assert.equal(await waiting, 100);
        await Ord.updateWhere({ id: 1 }, { qty: 1 });
      },
    );

    on("a queue is worked off by several workers, each row once", async () => {
      const { Ord } = await world.open();
      const taken: number[] = [];
      const worker = async (): Promise<void> => {
        for (let more = true; more;) {
          more = await transaction(async (tx) => {
            const job = await Ord.using(tx).filter({ status: "paid", rate: { ne: -1 } })
              .orderBy("id").limit(1).forUpdate({ skipLocked: true }).first();
            if (job === null) return false;
            taken.push(job.id);
            await job.update({ rate: -1 });
            return true;
          }, { database: world.name });
        }
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      assert.deepEqual(taken.sort((a, b) => a - b), [3, 6, 9, 12, 15, 18]);
    });
  }

  on("tablesample() reads a share of the table, the same for the same seed", async () => {
    const { Ord } = await world.open();
    assert.equal((await Ord.filter().tablesample(100).all()).length, 20);
    assert.equal(await Ord.filter({ id: { lte: 3 } }).tablesample(100).count(), 3);
    assert.equal(await Ord.filter().tablesample(0).count(), 0);
    assert.equal(await Ord.filter().tablesample(100, { method: "system" }).count(), 20);
    const seeded = Ord.filter().tablesample(50, { seed: 7 }).orderBy("id");
    assert.deepEqual(await seeded.only("id").all(), await seeded.only("id").all());
    const code = { code: "invalid_sample" };
    assert.throws(() => Ord.filter().tablesample(-1), code);
    assert.throws(() => Ord.filter().tablesample(101), code);
    assert.throws(() => Ord.filter().tablesample(NaN), code);
    assert.throws(() => Ord.filter().tablesample("1" as never), code);
    assert.throws(() => Ord.filter().tablesample(1, { method: "system; drop" as never }), code);
    assert.throws(() => Ord.filter().tablesample(1, { seed: "x" as never }), code);
  });

  on("explain() gives every format, and runs the query only when told", async () => {
    const { Ord, log } = await world.open();
    const query = Ord.filter({ id: { gt: 3 } });
    assert.match(await query.explain(), /Scan on ords/);
    assert.match(await query.explain({ analyze: true }), /actual/);
    const json = JSON.parse(await query.explain({ format: "json" })) as unknown[];
    assert.equal(json.length, 1);
    assert.match(await query.explain({ format: "xml", analyze: true }), /^<explain/);
    assert.match(await query.explain({ format: "yaml" }), /^- Plan:/);
    assert.equal(log.length, 5);
    assert.match(log[0]!, /^explain \(analyze false, format text\) select/);
    await assert.rejects(query.explain({ format: "text) delete from ords --" as never }), {
      code: "unknown_format",
    });
    assert.equal(log.length, 5);
  });
}
