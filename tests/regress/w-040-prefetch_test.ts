import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("prefetchRelated() loads relations", async ({ Author, Book }) => {
  const ann = await Author.create({ name: "Ann" });
  await Book.create({ authorId: ann.id, title: "one" });
  const [row] = await Author.filter().prefetchRelated({ books: { tags: true } }).all();
  assert.deepEqual(row!.getRelated("books").map(({ title }) => title), ["one"]);
  assert.deepEqual(row!.getRelated("books")[0]!.getRelated("tags"), []);
});
