import assert from "node:assert/strict";
import { testCachedEngine } from "./engine.ts";

testCachedEngine(
  "rows that were read before change nothing about later reads",
  async ({ Author }) => {
    await Author.bulkCreate([{ name: "Ann" }, { name: "Abe" }, { name: "Bob" }]);
    const ann = await Author.get({ name: "Ann" });
    assert.equal((await Author.get({ name: { startsWith: "An" } })).id, ann.id);
    assert.equal(await Author.getOrNull({ name: { startsWith: "Z" } }), null);
    assert.equal((await Author.filter({ name: { startsWith: "A" } }).all()).length, 2);
    assert.equal((await Author.all()).length, 3);
    assert.equal((await Author.get({ id: ann.id, name: { startsWith: "A" } })).id, ann.id);
  },
);
