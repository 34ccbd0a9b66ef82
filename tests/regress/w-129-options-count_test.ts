import assert from "node:assert/strict";
import { manager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("no option of a manager is ignored", async ({ Author, log }) => {
  class AuthorManager extends manager(Author) {}
  const authors = new AuthorManager();
  await authors.createItems([{ name: "A" }, { name: "B" }], { batchSize: 1 });
  assert.equal(log.filter((text) => text.startsWith("insert")).length, 2);
  const made = await authors.createItems([{ name: "A" }, { name: "C" }], { ignoreConflicts: true });
  assert.deepEqual(made.map(({ name }) => name), ["C"]);
  await assert.rejects(authors.createItem({ name: "D" }, { batchSise: 1 } as never), {
    code: "unknown_option",
  });
});
