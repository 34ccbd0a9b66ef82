import assert from "node:assert/strict";
import { test } from "node:test";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { ConnectionError } from "../../src/errors/database.ts";
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { ask, failure, one } from "../contract/subject.ts";
import { driverOptions, type TestDatabase, testDatabase } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import { testServer } from "../support/servers.ts";

/** The silence that these tests allow, in ms. */
const LIMIT = 800;

/** How much later than that a call may come back; the goal is 250, a busy machine of CI needs more. */
const LATE = 2_500;

/** A driver whose eight connections were used once and go through a proxy. */
async function through(
  db: TestDatabase,
  port: number,
  options: Partial<DriverOptions> = {},
): Promise<Driver> {
  const url = new URL(db.url);
  url.port = String(port);
  const driver = openNodePg(
    driverOptions(url.href, { poolMax: 8, livenessTimeoutMs: LIMIT, ...options }),
  );
  const held = await Promise.all(Array.from({ length: 8 }, () => driver.acquire()));
  for (const connection of held) await one(connection, "select 1");
  for (const connection of held) connection.release();
  return driver;
}

for (const kind of ["pg18", "pg15"] as const) {
  const server = await testServer(kind);
  const { skip } = server;

  test(`calls on links that fell silent end within livenessTimeoutMs on ${kind}`, {
    skip,
  }, async () => {
    await using db = await testDatabase(server);
    await using proxy = await startProxy(Number(new URL(db.url).port));
    const driver = await through(db, proxy.port);
    const held = await Promise.all(Array.from({ length: 4 }, () => driver.acquire()));
    await Promise.all(held.map((connection) => ask(connection, "begin")));
    proxy.freeze();
    const start = performance.now();
    const times = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
      const error = await failure(one(held[i] ?? driver, "select 1"));
      assert.ok(error instanceof ConnectionError, String(error));
      assert.equal(error.code, "connection_lost");
      assert.equal(error.outcome, "unknown");
      assert.match(error.message, /it was silent for \d+ ms/);
      return performance.now() - start;
    }));
    console.log(`silent links on ${kind}: ${times.map((ms) => ms.toFixed(0)).join(" ")} ms`);
    for (const ms of times) assert.ok(ms >= LIMIT - 50 && ms < LIMIT + LATE, `${ms} ms`);
    for (const connection of held) connection.release();
    // links that were idle at that time are not tried one by one
    const next = performance.now();
    const answers = await Promise.all(Array.from({ length: 8 }, () => one(driver, "select 1")));
    assert.deepEqual(new Set(answers), new Set(["1"]));
    assert.ok(performance.now() - next < LATE);
    await driver.close();
  });

  if (kind === "pg15") continue; // the rest asks the server nothing that differs

  test(`a statement that runs for longer than livenessTimeoutMs is left alone on ${kind}`, {
    skip,
  }, async () => {
    await using db = await testDatabase(server);
    await using proxy = await startProxy(Number(new URL(db.url).port));
    const driver = await through(db, proxy.port, { livenessTimeoutMs: 200 });
    const holder = await driver.acquire();
    await ask(holder, "create table held (id int)");
    await ask(holder, "begin");
    await ask(holder, "lock table held");
    const works = [
      one(driver, "select pg_sleep(1.2)::text"),
      one(driver, "select count(*) from held"), // waits for the lock
      one(driver, "select pg_sleep(0.5)::text"),
      one(driver, "select pg_sleep(0.3)::text"), // may wait behind another one on its link
    ];
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await ask(holder, "commit");
    assert.deepEqual(await Promise.all(works), ["", "0", "", ""]);
    holder.release();
    await driver.close();
  });

  test(`a long statement whose link fell silent ends once the server is done on ${kind}`, {
    skip,
  }, async () => {
    await using db = await testDatabase(server);
    await using proxy = await startProxy(Number(new URL(db.url).port));
    const driver = await through(db, proxy.port, { livenessTimeoutMs: 300 });
    const start = performance.now();
    const work = failure(one(driver, "select pg_sleep(1)::text"));
    await new Promise((resolve) => setTimeout(resolve, 200));
    proxy.freeze();
    assert.ok(await work instanceof ConnectionError);
    const took = performance.now() - start;
    assert.ok(took > 1_000 && took < 1_000 + 300 + LATE, `${took} ms`);
    await driver.close();
  });

  test(`calls end when no link to the server can be opened any more on ${kind}`, {
    skip,
  }, async () => {
    await using db = await testDatabase(server);
    await using proxy = await startProxy(Number(new URL(db.url).port));
    const driver = await through(db, proxy.port, { livenessTimeoutMs: 300 });
    const work = failure(one(driver, "select pg_sleep(20)::text"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    proxy.freeze();
    proxy.refuse(true);
    assert.ok(await work instanceof ConnectionError);
    assert.equal((await failure(one(driver, "select 1")) as ConnectionError).outcome, "rolledBack");
    proxy.refuse(false);
    assert.equal(await one(driver, "select 1"), "1");
    await driver.close();
  });

  test(`livenessTimeoutMs: 0 asks nobody, and close() ends on silent links on ${kind}`, {
    skip,
  }, async () => {
    await using db = await testDatabase(server);
    await using proxy = await startProxy(Number(new URL(db.url).port));
    const driver = await through(db, proxy.port, { livenessTimeoutMs: 0 });
    const before = proxy.opened();
    assert.equal(await one(driver, "select pg_sleep(0.6)::text"), "");
    assert.equal(proxy.opened(), before);
    proxy.freeze();
    const start = performance.now();
    await driver.close();
    assert.ok(performance.now() - start < 1_000 + LATE);
  });
}
