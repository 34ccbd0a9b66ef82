import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("a relation that is loaded and empty is loaded", async ({ Author }) => {
  const ann = await Author.create({ name: "Ann" });
  assert.equal(ann.hasRelated("books"), false);
  assert.deepEqual(await ann.fetchIfk("books"), []);
  assert.equal(ann.hasRelated("books"), true);
  assert.deepEqual(ann.getRelated("books"), []);
});
