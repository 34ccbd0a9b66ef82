import assert from "node:assert/strict";
import { manager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("rows of a manager without a view become plain data", async ({ Author }) => {
  class AuthorManager extends manager(Author) {}
  const authors = new AuthorManager();
  const { id } = await authors.createItem({ name: "Ann", meta: { list: [1] } });
  const dict = (await authors.loadById(id)).toDict();
  assert.deepEqual([dict.id, dict.name, dict.meta, dict.seen], [id, "Ann", { list: [1] }, null]);
  assert.deepEqual((await authors.loadItems()).map((row) => row.toDict().name), ["Ann"]);
});
