import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("wildcards in contains and its kin stand for themselves", async ({ Author }) => {
  await Author.bulkCreate(["50%_off", "50xyoff", "a\\b", "aXb"].map((name) => ({ name })));
  assert.equal(await Author.count({ name: { contains: "50%_off" } }), 1);
  assert.equal(await Author.count({ name: { startsWith: "50%" } }), 1);
  assert.equal(await Author.count({ name: { iendsWith: "_OFF" } }), 1);
  assert.equal(await Author.count({ name: { contains: "\\" } }), 1);
  assert.equal(await Author.count({ name: { like: "50%off" } }), 2);
});
