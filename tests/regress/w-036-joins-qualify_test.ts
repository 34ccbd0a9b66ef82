import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "selectRelated() with a filter on a shared column name is not ambiguous",
  async ({ Author, Book }) => {
    const ann = await Author.create({ name: "Ann" });
    await Book.create({ authorId: ann.id, title: "one", name: "same" });
    const [book] = await Book.filter({ id: 1, name: "same" }).selectRelated("authorId")
      .orderBy("name", "-id").all();
    assert.equal(book!.getRelated("authorId")!.name, "Ann");
    assert.equal(book!.name, "same");
  },
);
