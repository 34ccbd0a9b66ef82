import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import * as orm from "../../mod.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { ask, failure, one } from "../contract/subject.ts";
import { bouncerLacks, startBouncer } from "../support/bouncer.ts";
import { driverOptions, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { audit, bankTables, openBank } from "./bank.ts";

const server = await testServer("pg18");
const skip = server.skip === false ? bouncerLacks() : server.skip;

// a soak: MATRX_POOLER_TRANSFERS=10000
const TRANSFERS = Number(process.env.MATRX_POOLER_TRANSFERS ?? 150);

test("a bank behind PgBouncer in transaction mode makes every transfer", { skip }, async () => {
  await using db = await testDatabase(server);
  for (const text of bankTables(30)) await ask(db.driver, text);
  await using bouncer = await startBouncer(db.url, 3);
  orm.registerDatabase({
    ...{ name: "pooled", url: bouncer.url, poolMode: "transaction", poolMax: 6 },
  });
  try {
    const { Account, bank } = openBank(orm, "pooled", { accounts: 30, retries: 0 });
    const done = new Set<number>();
    let next = 0;
    const client = async (): Promise<void> => {
      while (next < TRANSFERS) {
        const { id } = await bank.transfer(++next);
        done.add(id);
        // a read that would be prepared by name, on whichever server connection
        await Account.filter({ id: { gt: id % 30 } }).first();
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: 6 }, client));
    console.log(
      `${done.size} transfers through PgBouncer in ${(performance.now() - start).toFixed(0)} ms`,
    );
    const found = await audit(async (text) => (await ask(db.driver, text)).rows, done, 30);
    assert.deepEqual(found, { lost: [], unasked: [], balanced: true });
    const names = "select count(*) from pg_prepared_statements";
    assert.deepEqual((await Account.rawSql(orm.sql`${orm.sql.raw(names)}`))[0], { count: 0n });
  } finally {
    await orm.closeDatabase("pooled");
  }
});

test("what is for a session is refused behind a transaction pooler", { skip }, async () => {
  await using db = await testDatabase(server);
  await using bouncer = await startBouncer(db.url, 3);
  const driver = openNodePg(
    driverOptions(bouncer.url, { poolMode: "transaction", poolMax: 3, statementTimeoutMs: 400 }),
  );
  try {
    const connection = await driver.acquire();
    const commands = [
      "set work_mem = '8MB'",
      "  SET SESSION work_mem = '8MB'",
      "reset all",
      "listen news",
      "prepare p as select 1",
      "deallocate all",
      "discard all",
      "load 'auto_explain'",
    ];
    for (const text of commands) {
      for (const work of [ask(driver, text), ask(connection, text), connection.script(text)]) {
        const error = await failure(work);
        assert.ok(error instanceof ConfigurationError, text);
        assert.equal(error.code, "session_state_unsupported");
      }
    }
    const listening = await failure(connection.listen("news", () => {}));
    assert.equal((listening as ConfigurationError).code, "listen_unsupported");
    // what ends with a transaction passes
    await ask(connection, "begin");
    await ask(connection, "set transaction isolation level serializable");
    await ask(connection, "set local work_mem = '9MB'");
    await ask(connection, "set constraints all deferred");
    assert.equal(await one(connection, "select current_setting('work_mem')"), "9MB");
    await ask(connection, "commit");
    assert.equal(await one(connection, "select current_setting('work_mem')"), "4MB");
    connection.release();
    // the pooler would refuse statement_timeout at the start, so the client keeps the time
    const late = await failure(one(driver, "select pg_sleep(20)::text"));
    assert.equal((late as { code?: string }).code, "timeout");
    assert.equal(await one(driver, "select 1"), "1");
  } finally {
    await driver.close();
  }
});

test("a URL of a pooler without poolMode says what to do", { skip }, async () => {
  await using db = await testDatabase(server);
  await using bouncer = await startBouncer(db.url, 1);
  const driver = openNodePg(driverOptions(bouncer.url));
  const error = await failure(one(driver, "select 1"));
  assert.match((error as ConfigurationError).hint ?? "", /poolMode: "transaction"/);
  await driver.close();
});

test("a long statement behind a pooler outlives livenessTimeoutMs", { skip }, async () => {
  await using db = await testDatabase(server);
  await using bouncer = await startBouncer(db.url, 1);
  const driver = openNodePg(
    driverOptions(bouncer.url, { poolMode: "transaction", poolMax: 4, livenessTimeoutMs: 200 }),
  );
  try {
    // more than the pooler has servers for: some wait there, and the look at the server with them
    const works = Array.from({ length: 3 }, () => one(driver, "select pg_sleep(0.7)::text"));
    assert.deepEqual(await Promise.all(works), ["", "", ""]);
  } finally {
    await driver.close();
  }
});
