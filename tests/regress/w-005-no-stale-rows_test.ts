import assert from "node:assert/strict";
import { sql } from "../../mod.ts";
import { testCachedEngine } from "./engine.ts";

testCachedEngine("what a query wrote is what the next read gives", async ({ Author }) => {
  const made = await Author.create({ name: "Ann", age: 1 });
  const copy = await Author.get({ id: made.id });
  await Author.updateWhere({ id: made.id }, { age: 2 });
  assert.equal((await Author.get({ id: made.id })).age, 2);
  await Author.rawSql(sql`update authors set age = 3`, { touches: [Author] });
  assert.equal((await Author.get({ id: made.id })).age, 3);
  assert.deepEqual((await Author.all()).map(({ age }) => age), [3]);
  assert.deepEqual([made.age, copy.age], [1, 1], "rows in memory belong to their holder");
  await Author.deleteWhere({ id: made.id });
  assert.equal(await Author.getOrNull({ id: made.id }), null);
});
