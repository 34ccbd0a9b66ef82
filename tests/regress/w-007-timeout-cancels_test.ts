import assert from "node:assert/strict";
import { sql } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a statement that times out is cancelled on the server", async ({ Author }) => {
  await assert.rejects(
    Author.rawSql(
      sql`with wait as (select pg_sleep(0.7)) insert into authors (name)
        select 'late' from wait`,
      { timeoutMs: 100 },
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.equal(await Author.count(), 0);
});
