import assert from "node:assert/strict";
import { F } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("annotations are properties of the row", async ({ Author }) => {
  await Author.create({ name: "Ann", age: 2 });
  const [row] = await Author.filter().annotate({ twice: F("age").times(2) }).all();
  assert.equal(row!.twice, 4);
  assert.ok(row instanceof Author);
});
