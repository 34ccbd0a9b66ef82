import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("getRelated() gives what was loaded", async ({ Author, Book }) => {
  const ann = await Author.create({ name: "Ann" });
  const book = await Book.create({ authorId: ann.id, title: "one" });
  await book.fetchFk("authorId");
  assert.equal(book.getRelated("authorId")!.name, "Ann");
  book.setRelated("tags", []);
  assert.deepEqual(book.getRelated("tags"), []);
});
