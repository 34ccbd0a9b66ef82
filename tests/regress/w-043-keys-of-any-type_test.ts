import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "foreign keys that are no uuid are written as what they are",
  async ({ Author, Book }) => {
    const ann = await Author.create({ name: "Ann" });
    const book = await Book.create({ authorId: ann.id, title: "one" });
    assert.equal(book.authorId, ann.id);
    const other = await Author.create({ name: "Bob" });
    await book.update({ authorId: other.id });
    assert.equal((await Book.get({ authorId: other.id })).id, book.id);
  },
);
