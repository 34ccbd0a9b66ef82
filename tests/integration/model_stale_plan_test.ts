import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, integer, model, registerDatabase, text } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

class Item extends model("items", { id: integer().primaryKey(), name: text() }, {
  database: "stale_plan",
}) {}

for (const kind of ["pg18", "pg15"] as const) {
  const server = await testServer(kind);
  test(`a prepared statement is prepared anew when DDL changed its table on ${kind}`, {
    skip: server.skip,
  }, async () => {
    await using db = await testDatabase(server);
    const run = async (text: string): Promise<void> => {
      await db.driver.query({ text, params: [] });
    };
    await run("create table items (id int primary key, name varchar(20) not null)");
    await run("insert into items values (1, 'one')");
    registerDatabase({ name: "stale_plan", url: db.url });
    try {
      const load = () =>
        Promise.all(Array.from({ length: 40 }, () => Item.filter({ id: 1 }).all()));
      await load();
      await run("alter table items alter name type text");
      for (const [item] of await load()) assert.equal(item?.name, "one");
      await run("alter table items drop column name, add column name text not null default 'two'");
      for (const [item] of await load()) assert.equal(item?.name, "two");
    } finally {
      await closeDatabase("stale_plan");
    }
  });
}
