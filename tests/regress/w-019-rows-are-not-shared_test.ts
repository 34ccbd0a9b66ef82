import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("no reader sees what another one did to a row", async ({ Author }) => {
  const { id } = await Author.create({ name: "Ann", meta: { list: [1] } });
  const [one, two] = [await Author.get({ id }), await Author.get({ id })];
  one.name = "changed";
  one.meta!.list.push(2);
  Object.assign(one, { extra: true });
  assert.deepEqual([two.name, two.meta], ["Ann", { list: [1] }]);
  const three = await Author.get({ id });
  assert.deepEqual([three.name, three.meta, "extra" in three], ["Ann", { list: [1] }, false]);
}, { cache: "permanent" });
