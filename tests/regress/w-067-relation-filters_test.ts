import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "a refined relation keeps its filters, many-to-many as well",
  async ({ Author, Book, Tag }) => {
    const ann = await Author.create({ name: "Ann" });
    const book = await Book.create({ authorId: ann.id, title: "one" });
    await Tag.bulkCreate([{ id: 1, label: "a" }, { id: 2, label: "b" }]);
    await book.addM2m("tags", 1, 2);
    const [row] = await Book.filter({ tags: { some: { label: "a" } } }).prefetchRelated({
      tags: (tags) => tags.filter({ label: "b" }),
    }).all();
    assert.deepEqual(row!.getRelated("tags").map(({ id }) => id), [2]);
    assert.equal(await Book.count({ tags: { some: { label: "x" } } }), 0);
  },
);
