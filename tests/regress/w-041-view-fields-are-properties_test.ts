import assert from "node:assert/strict";
import { view } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("computed fields and inlined rows are properties", async ({ Author, Book }) => {
  const author = await Author.create({ name: "Ann" });
  const book = await Book.create({ authorId: author.id, title: "One" });
  class BookView extends view(Book, { inlineFk: { authorId: "author" } }) {
    async label(row: typeof BookView.subject): Promise<string> {
      return await Promise.resolve(`${row.title} by ${row.getRelated("authorId").name}`);
    }
  }
  const shaped = await BookView.apply(book);
  assert.equal(shaped.label, "One by Ann");
  assert.equal(shaped.author?.name, "Ann");
  assert.ok(Object.keys(shaped).includes("label"));
  assert.equal(shaped.authorId, author.id);
});
