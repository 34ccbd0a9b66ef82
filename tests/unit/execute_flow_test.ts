import assert from "node:assert/strict";
import { test } from "node:test";
import { closeAll, databaseNames, registerDatabase, withDatabase } from "../../src/connect.ts";
import { sessionFor } from "../../src/execute/session.ts";
import { FakeServer } from "./execute_fake.ts";

const ask = { text: "select 1", params: [] };

test("withDatabase() does give overlapping flows a database each, and closes it", async () => {
  const [one, other] = [new FakeServer(), new FakeServer()];
  const flow = (place: FakeServer, times: number): Promise<number> =>
    withDatabase({ driver: place.driver }, async () => {
      for (let turn = 0; turn < times; turn++) {
        await sessionFor(null).run(ask);
        assert.deepEqual(databaseNames(), ["main"]);
      }
      assert.equal(place.closed, 0);
      return times;
    });
  assert.deepEqual(await Promise.all([flow(one, 3), flow(other, 5)]), [3, 5]);
  assert.equal(one.log.length, 3);
  assert.equal(other.log.length, 5);
  assert.deepEqual([one.closed, other.closed], [1, 1]);
  assert.deepEqual(databaseNames(), []);
});

test("withDatabase() does hide the databases of the process, and closes what is registered inside", async () => {
  const [common, inner, more] = [new FakeServer(), new FakeServer(), new FakeServer()];
  registerDatabase({ name: "common", driver: common.driver });
  await withDatabase({ name: "inner", driver: inner.driver }, async () => {
    assert.throws(() => sessionFor("common"), { code: "unknown_database" });
    registerDatabase({ name: "more", driver: more.driver });
    await sessionFor("more").run(ask);
  });
  assert.deepEqual([inner.closed, more.closed, common.closed], [1, 1, 0]);
  await sessionFor(null).run(ask);
  assert.equal(common.log.length, 1);
  await closeAll();
});

test("withDatabase() does throw what the function throws, once the database is closed", async () => {
  const place = new FakeServer();
  const fault = new Error("mine");
  await assert.rejects(
    withDatabase({ driver: place.driver }, () => Promise.reject(fault)),
    (error) => error === fault,
  );
  assert.equal(place.closed, 1);
});
