import assert from "node:assert/strict";
import { sql, transaction } from "../../mod.ts";
import { testCachedEngine } from "./engine.ts";

testCachedEngine("no role is given the rows of another one", async ({ Author, name }) => {
  await Author.bulkCreate([{ name: "Ann" }, { name: "Bob" }]);
  const { id } = await Author.get({ name: "Ann" });
  const seen = (tenant: string | null): Promise<[string[], boolean]> =>
    transaction(async () => {
      if (tenant !== null) {
        // a role that may read every table, and that policies hold for
        await Author.rawSql(sql`set local role pg_read_all_data`);
        await Author.rawSql(sql`select set_config('app.tenant', ${tenant}, true)`);
      }
      const rows = await Author.filter().orderBy("name").all();
      return [rows.map((row) => row.name), await Author.getOrNull({ id }) !== null];
    }, { database: name });
  assert.deepEqual(await seen(null), [["Ann", "Bob"], true]);
  assert.deepEqual(await seen("Ann"), [["Ann"], true]);
  assert.deepEqual(await seen("Bob"), [["Bob"], false]);
  assert.deepEqual(await seen(null), [["Ann", "Bob"], true]);
}, {
  more: `alter table authors enable row level security;
    create policy own on authors using (name = current_setting('app.tenant', true));`,
});
