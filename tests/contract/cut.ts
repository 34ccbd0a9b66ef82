import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection, Driver } from "../../src/driver/port.ts";
import { ConnectionError, TimeoutError } from "../../src/errors/database.ts";
import { driverOptions } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import { ask, failure, one, type Subject, until } from "./subject.ts";

/** Links that are cut or fall silent: every call ends, nothing escapes, the pool heals. */
export function cutSection(subject: Subject): void {
  const skip = subject.skip("concurrentConnections");
  const { name } = subject;
  const news = (): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, subject.newsOfCuts?.ms ?? 50));
  const killAll = (database: string): string =>
    `select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid()`;

  test(`${name}: query() works after idle connections were cut`, { skip }, async () => {
    await using db = await subject.fresh({ poolMax: 4 });
    await using other = await subject.fresh();
    const held = await Promise.all(Array.from({ length: 4 }, () => db.driver.acquire()));
    for (const connection of held) connection.release();
    const rounds = subject.newsOfCuts === undefined ? 5 : 2;
    for (let round = 0; round < rounds; round++) {
      assert.notEqual(await one(other.driver, killAll(db.name)), "0");
      // a client that opens its whole pool at once may still be about it
      await until(
        "the server has let them go",
        async () => await one(other.driver, killAll(db.name)) === "0",
      );
      // the news of the cut may still be on its way to this process
      await news();
      assert.equal(await one(db.driver, "select 1"), "1");
      const connection = await db.driver.acquire();
      assert.equal(await one(connection, "select 1"), "1");
      connection.release();
    }
  });

  test(
    `${name}: a connection cut while held rejects its calls and is not reused`,
    { skip },
    async () => {
      await using db = await subject.fresh({ poolMax: 1 });
      await using other = await subject.fresh();
      const connection = await db.driver.acquire();
      await ask(connection, "begin");
      const pid = await one(connection, "select pg_backend_pid()");
      await one(other.driver, killAll(db.name));
      await news();
      for (let i = 0; i < 3; i++) {
        const error = await failure(ask(connection, "select 1"));
        assert.ok(error instanceof ConnectionError, String(error));
        assert.equal(error.outcome, "rolledBack");
      }
      connection.release();
      assert.notEqual(await one(db.driver, "select pg_backend_pid()"), pid);
    },
  );

  test(`${name}: statements under way on a cut connection all reject`, { skip }, async () => {
    await using db = await subject.fresh({ poolMax: 4 });
    await using other = await subject.fresh();
    const connection = await db.driver.acquire();
    const works = [
      ...Array.from({ length: 5 }, () => failure(ask(connection, "select pg_sleep(30)"))),
      ...Array.from({ length: 20 }, () => failure(ask(db.driver, "select pg_sleep(30)"))),
    ];
    await until("they run", async () =>
      Number(
        await one(
          other.driver,
          "select count(*) from pg_stat_activity where datname = $1 and state = 'active'",
          db.name,
        ),
      ) >= 3);
    // statements that had no connection yet start on new ones: those are cut as well
    let over = false;
    const all = Promise.all(works).finally(() => over = true);
    while (!over) {
      await one(other.driver, killAll(db.name));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    for (const error of await all) {
      assert.ok(error instanceof ConnectionError, String(error));
    }
    assert.ok((await all).some((error) => (error as ConnectionError).outcome === "unknown"));
    connection.release();
    // the last cut may still be on its way to the pool
    await until("it works again", async () => {
      try {
        return await one(db.driver, "select 1") === "1";
      } catch (error) {
        if (error instanceof ConnectionError) return false;
        throw error;
      }
    });
  });

  test(`${name}: callers live through a server that cuts all connections again and again`, {
    skip,
  }, async () => {
    await using db = await subject.fresh({ poolMax: 5 });
    await using other = await subject.fresh();
    const start = Date.now();
    let good = 0;
    let bad = 0;
    // where links are slow to open it takes longer
    const isOver = (): boolean => Date.now() - start > (good > 100 ? 2_000 : 30_000);
    const worker = async (i: number): Promise<void> => {
      while (!isOver()) {
        try {
          if (i % 2 === 0) {
            await one(db.driver, "select 1");
          } else {
            const connection = await db.driver.acquire();
            try {
              await ask(connection, "begin");
              await ask(connection, "select pg_sleep(0.002)");
              await ask(connection, "commit");
            } finally {
              connection.release();
            }
          }
          good++;
        } catch (error) {
          assert.ok(error instanceof ConnectionError, String(error));
          assert.notEqual(error.code, "acquire_timeout");
          bad++;
        }
      }
    };
    const killer = async (): Promise<void> => {
      for (let before = 0; !isOver(); before = good) {
        const enough = (): boolean => isOver() || good - before >= 15;
        do await new Promise((resolve) => setTimeout(resolve, 150)); while (!enough());
        await one(other.driver, killAll(db.name));
      }
    };
    await Promise.all([killer(), ...Array.from({ length: 12 }, (_, i) => worker(i))]);
    assert.ok(good > 100 && bad < good, `${good} good, ${bad} bad`);
    await news();
    assert.equal(await one(db.driver, "select 1"), "1");
  });

  test(`${name}: timeoutMs ends a call whose link fell silent`, { skip }, async () => {
    await withSilentLinks(subject, async (driver, connection) => {
      const start = performance.now();
      const errors = await Promise.all([
        failure(driver.query({ text: "select 1", params: [] }, { timeoutMs: 300 })),
        failure(connection.query({ text: "select 1", params: [] }, { timeoutMs: 300 })),
        failure(connection.query({ text: "select 2", params: [] }, { timeoutMs: 300 })),
      ]);
      assert.ok(performance.now() - start < 3_000);
      for (const error of errors) assert.ok(error instanceof TimeoutError, String(error));
      assert.equal((errors[1] as TimeoutError).outcome, "unknown");
      connection.release();
    });
  });

  test(`${name}: new links take the place of those that fell silent`, {
    skip: subject.skip("concurrentConnections", "silentLinks"),
  }, async () => {
    await withSilentLinks(subject, async (driver, connection) => {
      await failure(connection.query({ text: "select 1", params: [] }, { timeoutMs: 300 }));
      connection.release();
      // a silent link that was not used meanwhile costs one timeout, then new links work
      for (let i = 0; i < 4; i++) {
        await driver.query({ text: "select 1", params: [] }, { timeoutMs: 500 }).catch((error) =>
          assert.ok(error instanceof TimeoutError)
        );
      }
      const { rows } = await driver.query({ text: "select 1", params: [] }, { timeoutMs: 2_000 });
      assert.deepEqual(rows, [["1"]]);
    });
  });

  test(`${name}: a link cut after any number of bytes ends the call`, {
    skip: subject.skip("concurrentConnections", "openingCuts"),
  }, async () => {
    await using db = await subject.fresh();
    const real = new URL(db.url);
    await using proxy = await startProxy(Number(real.port));
    real.port = String(proxy.port);
    const driver = subject.open(driverOptions(real.href, { poolMax: 1, connectTimeoutMs: 3_000 }));
    try {
      for (const bytes of [1, 5, 9, 24, 60, 120, 200, 300, 400, 500, 520, 540]) {
        proxy.limit(bytes);
        await one(driver, "select 1").then(
          (value) => assert.equal(value, "1"),
          (error) => assert.ok(error instanceof ConnectionError, `${bytes}: ${error}`),
        );
        proxy.cut();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      proxy.limit(null);
      assert.equal(await one(driver, "select 1"), "1");
    } finally {
      await driver.close();
    }
  });
}

/** Gives a driver with two links that have fallen silent, one of them held. */
async function withSilentLinks(
  subject: Subject,
  work: (driver: Driver, connection: Connection) => Promise<void>,
): Promise<void> {
  await using db = await subject.fresh();
  const real = new URL(db.url);
  await using proxy = await startProxy(Number(real.port));
  real.port = String(proxy.port);
  const driver = subject.open(driverOptions(real.href, { poolMax: 2 }));
  try {
    const [connection, other] = await Promise.all([driver.acquire(), driver.acquire()]);
    assert.deepEqual([await one(connection, "select 1"), await one(other, "select 2")], ["1", "2"]);
    other.release();
    proxy.freeze();
    await work(driver, connection);
  } finally {
    proxy.cut();
    await driver.close();
  }
}
