import assert from "node:assert/strict";
import { transaction } from "../../mod.ts";
import { testCachedEngine } from "./engine.ts";

testCachedEngine("a rolled-back row is nowhere to be found", async ({ Author, name }) => {
  const work = transaction(async (tx) => {
    const made = await Author.using(tx).create({ name: "Ann" });
    assert.equal((await Author.using(tx).get({ id: made.id })).name, "Ann");
    throw new Error("back");
  }, { database: name });
  await assert.rejects(work);
  assert.equal(await Author.getOrNull({ name: "Ann" }), null);
});
