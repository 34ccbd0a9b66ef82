import assert from "node:assert/strict";
import { view } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a view takes one statement for each relation", async ({ Author, Book, log }) => {
  const authors = await Author.bulkCreate([{ name: "A" }, { name: "B" }, { name: "C" }]);
  await Book.bulkCreate(authors.map(({ id }) => ({ authorId: id, title: "x" })));
  class AuthorView extends view(Author, { prefetch: ["books"] }) {}
  const rows = await Author.filter().all();
  log.length = 0;
  const shaped = await AuthorView.applyAll(rows);
  assert.equal(log.length, 1);
  assert.deepEqual(shaped.map((row) => row.getRelated("books").length), [1, 1, 1]);
});
