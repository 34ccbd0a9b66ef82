import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("fetchIfk() follows an inverse relation by its field", async ({ Author, Book }) => {
  const ann = await Author.create({ name: "Ann" });
  await Book.bulkCreate([{ authorId: ann.id, title: "one" }, { authorId: ann.id, title: "two" }]);
  assert.deepEqual((await ann.fetchIfk("books")).map(({ title }) => title), ["one", "two"]);
  const { books } = await ann.fetchIfks();
  assert.equal(books.length, 2);
});
