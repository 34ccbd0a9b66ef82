import assert from "node:assert/strict";
import { testCachedEngine } from "./engine.ts";

testCachedEngine("partial rows have no save() and leave whole rows whole", async ({ Author }) => {
  await Author.create({ name: "Ann", age: 7 });
  const [partial] = await Author.filter().only("id", "name").all();
  assert.deepEqual(Object.keys(partial!), ["id", "name"]);
  assert.equal("save" in partial!, false);
  const whole = await Author.get({ name: "Ann" });
  whole.code = "x";
  await whole.save();
  assert.deepEqual([whole.age, (await Author.get({ id: whole.id })).age], [7, 7]);
});
