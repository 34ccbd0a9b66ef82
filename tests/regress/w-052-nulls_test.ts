import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("null means is null, and complements keep the rows with NULLs", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", age: 1 }, { name: "b" }]);
  const names = async (query: { all(): Promise<{ name: string }[]> }): Promise<string[]> =>
    (await query.all()).map((row) => row.name);
  assert.deepEqual(await names(Author.filter({ age: null })), ["b"]);
  assert.deepEqual(await names(Author.filter({ age: { ne: null } })), ["a"]);
  assert.deepEqual(await names(Author.exclude({ age: 1 })), ["b"]);
  assert.deepEqual(await names(Author.filter({ age: { ne: 1 } })), ["b"]);
  assert.deepEqual(await names(Author.filter({ age: { notIn: [1] } })), ["b"]);
});
