import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("a filter on a path inside jsonb compares JSON", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", meta: { list: [1, 2] } }, {
    name: "b",
    meta: { list: [] },
  }]);
  const first = { meta: { path: ["list", 0], eq: 1 } };
  assert.deepEqual((await Author.filter(first).all()).map(({ name }) => name), ["a"]);
  assert.equal(await Author.count({ meta: { path: ["list", 1], gt: 1 } }), 1);
  assert.equal(await Author.count({ meta: { path: ["list", 0], eq: "1" } }), 0);
});
