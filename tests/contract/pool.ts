import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError } from "../../src/errors/database.ts";
import { ask, everythingSaid, failure, one, type Subject } from "./subject.ts";

const HERE = "select count(*) from pg_stat_activity where datname = current_database()";

/** How many connections there are, who waits for them and for how long. */
export function poolSection(subject: Subject): void {
  const skip = subject.skip();
  const many = subject.skip("concurrentConnections");
  const { name } = subject;

  test(`${name}: query() answers 500 concurrent calls, each its own`, { skip }, async () => {
    const { driver } = await subject.shared();
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) => one(driver, "select $1::int", String(i))),
    );
    assert.deepEqual(answers, Array.from({ length: 500 }, (_, i) => String(i)));
  });

  test(`${name}: query() serves 50 concurrent calls with few connections`, {
    skip: subject.skip("pipelining"),
  }, async () => {
    await using db = await subject.fresh({ poolMax: 10 });
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => one(db.driver, "select $1::int", String(i))),
    );
    const open = Number(await one(db.driver, HERE));
    assert.ok(open >= 1 && open <= 5, `${open} connections`);
  });

  test(
    `${name}: query() is not held up by a slow neighbour`,
    { skip: subject.skip("pipelining") },
    async () => {
      await using db = await subject.fresh();
      await one(db.driver, "select 1");
      const slow = one(db.driver, "select pg_sleep(2)");
      await new Promise((resolve) => setTimeout(resolve, 100));
      const start = performance.now();
      await Promise.all(Array.from({ length: 20 }, () => one(db.driver, "select 1")));
      assert.ok(performance.now() - start < 1_700, "quick statements waited for the slow one");
      await slow;
    },
  );

  test(`${name}: the pool never opens more than poolMax connections`, { skip: many }, async () => {
    await using db = await subject.fresh({ poolMax: 3 });
    const works = Array.from({ length: 30 }, async (_, i) => {
      if (i % 3 === 0) return await one(db.driver, HERE);
      const connection = await db.driver.acquire();
      const count = await one(connection, HERE);
      connection.release();
      return count;
    });
    for (const count of await Promise.all(works)) assert.ok(Number(count) <= 3, `${count}`);
  });

  test(`${name}: acquire() and query() share a pool of one`, { skip: many }, async () => {
    await using db = await subject.fresh({ poolMax: 1, acquireTimeoutMs: 5_000 });
    const works = Array.from({ length: 60 }, async (_, i) => {
      if (i % 2 === 0) return await one(db.driver, "select 1");
      const connection = await db.driver.acquire();
      const value = await one(connection, "select 1");
      connection.release();
      return value;
    });
    assert.deepEqual(new Set(await Promise.all(works)), new Set(["1"]));
  });

  test(`${name}: acquire() gets connections that were shared and are idle`, {
    skip: many,
  }, async () => {
    await using db = await subject.fresh({ poolMax: 4, acquireTimeoutMs: 10_000 });
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 60 }, () => one(db.driver, "select pg_sleep(0.001)")));
      const held = await Promise.all(Array.from({ length: 4 }, () => db.driver.acquire()));
      const answers = await Promise.all(held.map((each) => one(each, "select 1")));
      assert.deepEqual(answers, ["1", "1", "1", "1"]);
      for (const connection of held) connection.release();
    }
  });

  test(
    `${name}: acquire() ends in time with a message that explains the wait`,
    { skip },
    async () => {
      await using db = await subject.fresh({ poolMax: 1, acquireTimeoutMs: 200 });
      // a busy machine may open none in so short a time
      const holder = await untilGiven(() => db.driver.acquire());
      await ask(holder, "select 'shown', $1::text", "never shown");
      const start = performance.now();
      const errors = await Promise.all([
        failure(db.driver.acquire()),
        failure(one(db.driver, "select 1")),
      ]);
      const took = performance.now() - start;
      assert.ok(took > 150 && took < 10_000, `${took} ms`);
      for (const error of errors) {
        assert.ok(error instanceof ConnectionError);
        assert.equal(error.code, "acquire_timeout");
        assert.equal(error.retryable, true);
        assert.match(error.message, /within 200 ms.*waiting: \d.*longest holder: \d+ ms/);
        assert.ok(!everythingSaid(error).includes("never shown"));
      }
      holder.release();
      assert.equal(await one(db.driver, "select 1"), "1");
      (await db.driver.acquire()).release();
    },
  );

  test(`${name}: acquire() gives up when its signal aborts`, { skip }, async () => {
    await using db = await subject.fresh({ poolMax: 1 });
    const holder = await db.driver.acquire();
    const reason = new Error("no longer needed");
    const stop = new AbortController();
    const waiting = failure(db.driver.acquire({ signal: stop.signal }));
    stop.abort(reason);
    assert.equal(await waiting, reason);
    holder.release();
    assert.equal(await one(db.driver, "select 1"), "1");
  });

  const own = subject.skip("concurrentConnections", "ownPool");
  test(`${name}: an idle connection is closed after idleTimeoutMs`, { skip: own }, async () => {
    await using db = await subject.fresh({ idleTimeoutMs: 50 });
    await using other = await subject.fresh();
    await one(db.driver, "select 1");
    const count = (): Promise<string | null | undefined> =>
      one(other.driver, "select count(*) from pg_stat_activity where datname = $1", db.name);
    assert.equal(await count(), "1");
    const limit = Date.now() + 5_000;
    while (await count() !== "0") {
      assert.ok(Date.now() < limit, "the connection stayed open");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

/** Tries again while a connection is being opened. */
async function untilGiven<Given>(take: () => Promise<Given>): Promise<Given> {
  for (let tries = 1;; tries++) {
    try {
      return await take();
    } catch (error) {
      if (tries === 50) throw error;
    }
  }
}
