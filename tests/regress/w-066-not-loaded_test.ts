import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("a relation that is not loaded is undefined, not empty", async ({ Author, Book }) => {
  const ann = await Author.create({ name: "Ann" });
  const book = await Book.create({ authorId: ann.id, title: "one" });
  assert.equal(book.getRelated("authorId"), undefined);
  assert.equal(ann.getRelated("books"), undefined);
});
