import assert from "node:assert/strict";
import { sql } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a write whose connection is lost is not sent again", async ({ Author, db, log }) => {
  const { id } = await Author.create({ name: "Ann", age: 1 });
  log.length = 0;
  const work = Author.rawSql(sql`
      with more as (update authors set age = age + 1 where id = ${id} returning id)
      select pg_terminate_backend(pg_backend_pid()) from more`);
  if (db.url === "pglite://memory") return void await work.catch(() => {});
  await assert.rejects(work);
  assert.equal(log.filter((text) => text.includes("age + 1")).length, 1);
  assert.equal((await Author.get({ id })).age, 1);
});
