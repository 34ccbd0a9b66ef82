import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("rows do not share a default that can be changed in place", async ({ Author }) => {
  const one = new Author({ name: "a" });
  one.meta!.list.push(1);
  assert.deepEqual(new Author({ name: "b" }).meta, { list: [] });
  assert.deepEqual((await Author.create({ name: "c" })).meta, { list: [] });
  await one.save();
  assert.deepEqual((await Author.get({ name: "a" })).meta, { list: [1] });
});
