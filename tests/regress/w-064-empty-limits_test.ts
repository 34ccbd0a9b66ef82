import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("a limit of 0 gives nothing, and a negative one is refused", async ({ Author }) => {
  await Author.create({ name: "Ann" });
  assert.deepEqual(await Author.filter().limit(0).all(), []);
  assert.equal(await Author.filter().limit(0).count(), 0);
  assert.equal(await Author.filter().limit(0).first(), null);
  for (const count of [-1, 1.5, NaN, Infinity]) {
    assert.throws(() => Author.filter().limit(count), { code: "invalid_limit" });
    assert.throws(() => Author.filter().offset(count), { code: "invalid_limit" });
  }
});
