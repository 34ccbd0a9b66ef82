import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("relations of many rows take one statement each", async ({ Author, Book, log }) => {
  const authors = await Author.bulkCreate(
    Array.from({ length: 20 }, (_, n) => ({ name: `a${n}` })),
  );
  await Book.bulkCreate(authors.map(({ id }) => ({ authorId: id, title: "t" })));
  log.length = 0;
  const rows = await Author.filter().prefetchRelated({ books: { tags: true, authorId: true } })
    .all();
  assert.equal(rows.flatMap((row) => row.getRelated("books")).length, 20);
  assert.equal(log.length, 4);
});
