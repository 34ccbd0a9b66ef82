import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, integer, model, registerDatabase, sql } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

class Any extends model("any", { id: integer().primaryKey() }, { database: "prepared" }) {}

for (const [poolMode, wanted] of [["session", 1], ["transaction", 0]] as const) {
  test(`statements are prepared ${wanted} times on a pool of mode ${poolMode}`, {
    skip: server.skip,
  }, async () => {
    await using db = await testDatabase(server, { options: { poolMax: 1, poolMode } });
    await db.driver.query({ text: 'create table "any" (id int primary key)', params: [] });
    registerDatabase({ name: "prepared", driver: db.driver });
    try {
      for (let id = 0; id < 20; id++) await Any.filter({ id: { gt: id } }).all();
      const [row] = await Any.rawSql<{ n: bigint }>(
        sql`select count(*) as n from pg_prepared_statements where statement like '%"any"%>%'
          and statement not like '%pg_prepared%'`,
      );
      assert.equal(Number(row?.n), wanted);
    } finally {
      await closeDatabase("prepared");
    }
  });
}
