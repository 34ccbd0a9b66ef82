import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("last() is the opposite of first(), with an order or by key", async ({ Pair }) => {
  await Pair.bulkCreate([{ a: 1, b: 9, val: "m" }, { a: 1, b: 2, val: "z" }, {
    a: 0,
    b: 5,
    val: "a",
  }]);
  assert.equal((await Pair.filter().last())!.b, 9);
  assert.equal((await Pair.filter().first())!.b, 5);
  assert.equal((await Pair.filter().orderBy("val").last())!.val, "z");
  assert.equal((await Pair.filter().orderBy("-val").last())!.val, "a");
  assert.equal(await Pair.filter({ a: 7 }).last(), null);
});
