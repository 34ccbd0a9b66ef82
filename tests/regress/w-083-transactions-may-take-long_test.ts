import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, integer, model, registerDatabase, sql, transaction } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

class Any extends model("any", { id: integer().primaryKey() }, { database: "long" }) {}

test("a transaction outlasts the time to wait for a connection", {
  skip: server.skip,
}, async () => {
  await using db = await testDatabase(server, { options: { poolMax: 1, acquireTimeoutMs: 300 } });
  await db.driver.query({ text: 'create table "any" (id int primary key)', params: [] });
  registerDatabase({ name: "long", driver: db.driver });
  try {
    await transaction(async () => {
      for (let id = 0; id < 4; id++) {
        await Any.rawSql(sql`select pg_sleep(0.2)`);
        await Any.create({ id });
      }
    }, { database: "long" });
    assert.equal(await Any.count(), 4);
  } finally {
    await closeDatabase("long");
  }
});
