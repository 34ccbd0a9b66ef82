import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "addM2m() counts new ties, setM2m() replaces them in one transaction",
  async ({ Author, Book, Tag }) => {
    const ann = await Author.create({ name: "Ann" });
    const book = await Book.create({ authorId: ann.id, title: "one" });
    await Tag.bulkCreate([1, 2, 3].map((id) => ({ id, label: `${id}` })));
    assert.equal(await book.addM2m("tags", 1, 2), 2);
    assert.equal(await book.addM2m("tags", 1, 2), 0);
    assert.equal(await book.addM2m("tags", 2, 3), 1);
    await assert.rejects(book.setM2m("tags", [1, 99]), { code: "foreign_key_violation" });
    assert.equal((await book.fetchM2m("tags")).length, 3);
    await book.setM2m("tags", [3]);
    assert.deepEqual((await book.fetchM2m("tags")).map(({ id }) => id), [3]);
  },
);
