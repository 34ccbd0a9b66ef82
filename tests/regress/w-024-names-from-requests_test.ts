import assert from "node:assert/strict";
import { manager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("parameters of a request are no way to name anything else", async ({ Author, log }) => {
  await Author.bulkCreate([{ name: "A" }, { name: "B" }]);
  class AuthorManager extends manager(Author) {}
  const authors = new AuthorManager();
  log.length = 0;
  const bodies = [
    '{"1=1 OR name": "x"}',
    '{"name\\" is null or \\"name": "x"}',
    '{"__proto__": 1}',
  ];
  for (const body of bodies) {
    await assert.rejects(authors.loadItems(JSON.parse(body)), { code: "unknown_field" });
  }
  await assert.rejects(
    authors.loadItems({}, { orderBy: "(select 1)" as never }),
    { code: "unknown_field" },
  );
  assert.deepEqual(log, []);
});
