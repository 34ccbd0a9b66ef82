import assert from "node:assert/strict";
import { test } from "node:test";
import { nodePg } from "../../src/drivers/node_pg.ts";
import { PoolClass } from "../../src/drivers/node_pg/module.ts";
import { ask, failure, one } from "../contract/subject.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const { skip } = server;

for (const pipeline of [true, false]) {
  test(`nodePg() drives a pool of the caller's with pipeline: ${pipeline}`, { skip }, async () => {
    await using db = await testDatabase(server);
    await ask(db.driver, `alter database "${db.name}" set datestyle = 'German'`);
    const url = new URL(db.url);
    const pool = new PoolClass({
      host: url.hostname,
      port: Number(url.port),
      user: url.username,
      password: () => url.password,
      database: db.name,
      max: 3,
      pipeline,
    });
    const driver = nodePg(pool, { name: "theirs", acquireTimeoutMs: 3_000 });
    assert.equal(driver.capabilities.pipelining, pipeline);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => one(driver, "select $1::int", String(i))),
    );
    assert.deepEqual(answers, Array.from({ length: 40 }, (_, i) => String(i)));
    assert.ok(pool.totalCount <= 3);
    assert.equal(await one(driver, "select date '2026-02-01'"), "2026-02-01");
    const held = await Promise.all([driver.acquire(), driver.acquire(), driver.acquire()]);
    assert.equal(((await failure(driver.acquire())) as { code?: string }).code, "acquire_timeout");
    const [first, second] = await Promise.all([one(held[0], "select 1"), one(held[0], "select 2")]);
    assert.deepEqual([first, second], ["1", "2"]);
    for (const connection of held) connection.release();
    await driver.close();
    const client = await pool.connect();
    assert.equal((await client.query("select 1")).rows.length, 1);
    client.release();
    await pool.end();
  });
}

test("nodePg() opens its own pool from a URL and the defaults", { skip }, async () => {
  await using db = await testDatabase(server);
  const driver = nodePg({ url: db.url });
  assert.equal(await one(driver, "select 1"), "1");
  assert.equal(await one(driver, "select current_setting('application_name')"), "matrx-orm");
  await driver.close();
});
