import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("a condition of null or undefined is never left out", async ({ Author, log }) => {
  await Author.bulkCreate([{ name: "A", age: null }, { name: "B", age: 1 }]);
  assert.equal(await Author.updateWhere({ age: null }, { note: "x" }), 1);
  assert.deepEqual((await Author.filter({ note: "x" }).all()).map(({ name }) => name), ["A"]);
  log.length = 0;
  const lost = { age: undefined } as never;
  for (
    const call of [
      () => Author.updateWhere(lost, { note: "y" }),
      () => Author.deleteWhere(lost),
      () => Author.filter(lost).all(),
    ]
  ) await assert.rejects(async () => await call(), { code: "undefined_filter_value" });
  assert.deepEqual(log, []);
  assert.equal(await Author.deleteWhere({ age: null }), 1);
  assert.equal(await Author.count(), 1);
});
