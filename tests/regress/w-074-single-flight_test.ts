import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "the same row asked for many times at once is read once",
  async ({ Author, Book, log }) => {
    const ann = await Author.create({ name: "Ann" });
    const books = await Book.bulkCreate(
      Array.from({ length: 50 }, (_, n) => ({ authorId: ann.id, title: `${n}` })),
    );
    log.length = 0;
    const authors = await Promise.all(books.map((book) => book.fetchFk("authorId")));
    assert.ok(authors.every((author) => author!.name === "Ann"));
    assert.equal(log.length, 1);
  },
);
