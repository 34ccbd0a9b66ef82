import assert from "node:assert/strict";
import { manager } from "../../mod.ts";
import { insertSchema } from "../../src/zod/schemas.ts";
import { testEngine } from "./engine.ts";

testEngine("schemas of input know the types of keys and what is required", async (engine) => {
  const { Author, Book, Tag } = engine;
  assert.deepEqual(insertSchema(Tag).parse({ id: 2, label: "x" }), { id: 2, label: "x" });
  assert.equal(insertSchema(Tag).safeParse({ id: "two", label: "x" }).success, false);
  assert.equal(insertSchema(Tag).safeParse({ id: 2 }).success, false);
  class BookManager extends manager(Book, { validate: { insert: insertSchema(Book) } }) {}
  const { id } = await Author.create({ name: "Ann" });
  const book = await new BookManager().createItem({ id: 7, authorId: id, title: "One" });
  assert.deepEqual([book.id, book.authorId], [7, id]);
  await assert.rejects(new BookManager().createItem({ authorId: id } as never), {
    code: "invalid_input",
  });
});
