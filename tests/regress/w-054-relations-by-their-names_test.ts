import assert from "node:assert/strict";
import { manager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a manager loads relations by their names, and all by a call", async (engine) => {
  const { Author, Book, Tag, log } = engine;
  const { id: authorId } = await Author.create({ name: "Ann" });
  const book = await Book.create({ authorId, title: "One" });
  await Tag.create({ id: 1, label: "x" });
  await book.addM2m("tags", 1);
  class BookManager extends manager(Book) {}
  const books = new BookManager();
  const [one] = await books.getItemsWithRelated({ authorId: true, tags: true });
  for (const loaded of [one!, await books.getItemWithAllRelated(book.id)]) {
    assert.equal(loaded.getRelated("authorId").name, "Ann");
    assert.deepEqual(loaded.getRelated("tags").map(({ label }) => label), ["x"]);
  }
  log.length = 0;
  await assert.rejects(books.getItemsWithRelated("all" as never), { code: "unknown_relation" });
  assert.deepEqual(log, []);
});
