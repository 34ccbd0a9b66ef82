import assert from "node:assert/strict";
import { exists, outerRef, subquery } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine(
  "exists(), subquery() and outerRef() work as filters and annotations",
  async ({ Author, Book }) => {
    const [ann, bob] = await Author.bulkCreate([{ name: "Ann" }, { name: "Bob" }]);
    await Book.bulkCreate([
      { authorId: ann!.id, title: "one", stars: 2 },
      { authorId: ann!.id, title: "two", stars: 5 },
    ]);
    const books = Book.filter({ authorId: outerRef("id") });
    assert.deepEqual((await Author.filter(exists(books)).all()).map(({ id }) => id), [ann!.id]);
    assert.deepEqual((await Author.exclude(exists(books)).all()).map(({ id }) => id), [bob!.id]);
    const best = subquery<number>(books.orderBy("-stars").limit(1).values("stars"));
    const rows = await Author.filter().annotate({ best, has: exists(books) }).orderBy("id").all();
    assert.deepEqual(rows.map((row) => [row.best, row.has]), [[5, true], [null, false]]);
  },
);
