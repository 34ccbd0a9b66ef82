import assert from "node:assert/strict";
import { Q } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("Q() keeps what stands beside a condition", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", age: 1 }, { name: "b", age: 1 }, { name: "b2", age: 2 }]);
  assert.equal(await Author.count(Q(Q({ age: 1 }), { name: "b" })), 1);
  assert.equal(await Author.count(Q(Q({ age: 1 }).or({ age: 2 }), { name: "b2" })), 1);
  assert.equal(await Author.count(Q(Q({ age: 1 }), { name: "b" }).not()), 2);
});
