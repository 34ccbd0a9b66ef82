import assert from "node:assert/strict";
import { F, value } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("F() nests, stands on either side, and is a value of filters", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", age: 3 }, { name: "b", age: 30 }]);
  const far = Author.filter().annotate({
    left: value(100).minus(F("age")),
    nested: F("age").plus(F("id").times(2)).minus(F("age").dividedBy(3)),
  }).orderBy("id");
  assert.deepEqual((await far.all()).map(({ left, nested }) => [left, nested]), [[97, 4], [
    70,
    24,
  ]]);
  assert.equal(await Author.count({ age: { gt: F("id").times(10) } }), 1);
  assert.equal(await Author.updateWhere({ name: "a" }, { age: value(10).minus(F("age")) }), 1);
  assert.equal((await Author.get({ name: "a" })).age, 7);
});
