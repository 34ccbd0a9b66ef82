import assert from "node:assert/strict";
import { manager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("managers give rows, never tuples", async ({ Author, Book }) => {
  const { id } = await Author.create({ name: "Ann" });
  await Book.create({ authorId: id, title: "One" });
  class AuthorManager extends manager(Author) {}
  const authors = new AuthorManager();
  const rows = [
    await authors.getItemWithAllRelated(id),
    await authors.getItemWithRelated(id, "books"),
    (await authors.getItemsWithRelated("books"))[0],
    await authors.getOrCreate({ name: "Ann" }),
  ];
  assert.ok(rows.every((row) => row instanceof Author));
  assert.equal(rows[0]!.getRelated("books")?.[0]?.title, "One");
  assert.deepEqual((await authors.loadById(id)).toDict().name, "Ann");
});
