import assert from "node:assert/strict";
import { signals } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a handler guards against deletes, and its error is heard", async ({ Author }) => {
  const author = await Author.create({ name: "Ann" });
  const guard = (): never => {
    throw new RangeError("Authors are kept");
  };
  const ends = [
    signals.preDelete.on(Author, guard),
    signals.preBulkDelete.on(Author, guard),
    signals.preDeleteWhere.on(Author, guard),
    signals.postUpdate.on(Author, () => Promise.reject(new SyntaxError("after"))),
  ];
  await assert.rejects(author.delete(), RangeError);
  await assert.rejects(Author.bulkDelete([author]), RangeError);
  await assert.rejects(Author.deleteWhere({ name: "Ann" }), RangeError);
  await assert.rejects(Author.filter().delete(), RangeError);
  assert.equal(await Author.count(), 1);
  await assert.rejects(author.update({ name: "Bea" }), SyntaxError);
  for (const end of ends) end();
  assert.equal(await author.delete(), true);
});
