import assert from "node:assert/strict";
import { CTE } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("count() after limit and CTEs binds what it needs", async ({ Author }) => {
  await Author.bulkCreate([1, 2, 3, 4].map((n) => ({ name: `a${n}`, age: n })));
  assert.equal(await Author.filter({ age: { gt: 1 } }).limit(2).count(), 2);
  assert.equal(await Author.filter({ age: { gt: 1 } }).orderBy("-age").offset(2).count(), 1);
  const some = new CTE("some", Author.filter({ age: { lt: 4 } }));
  assert.equal(await Author.filter({ age: { gt: 1 } }).withCte(some).from("some").count(), 2);
  assert.equal(
    await Author.updateWhere({ id: { in: Author.filter().limit(2).values("id") } }, { age: 9 }),
    2,
  );
});
