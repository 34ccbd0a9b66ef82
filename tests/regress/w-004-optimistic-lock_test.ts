import assert from "node:assert/strict";
import { OptimisticLockError } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a stale update of any column is refused", async ({ Author }) => {
  const mine = await Author.create({ name: "Ann" });
  const theirs = await Author.get({ id: mine.id });
  await theirs.update({ age: 1 });
  await assert.rejects(mine.update({ code: "x" }), OptimisticLockError);
  const now = await Author.get({ id: mine.id });
  assert.deepEqual([now.version, now.age, now.code], [2, 1, null]);
});
