import assert from "node:assert/strict";
import { transaction } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine(
  "statements at once in one transaction wait for each other",
  async ({ Author, name }) => {
    await transaction(async (tx) => {
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => Author.using(tx).create({ name: `a${n}` })),
      );
      assert.equal(new Set(made.map(({ id }) => id)).size, 10);
      const related = await Promise.all(made.map((row) => row.fetchAllRelated()));
      assert.ok(related.every(({ inverseForeignKeys }) => inverseForeignKeys.books.length === 0));
    }, { database: name });
    assert.equal(await Author.count(), 10);
  },
);
