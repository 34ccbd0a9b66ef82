import assert from "node:assert/strict";
import { transaction } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine(
  "a transaction does not capture queries of another database",
  async ({ Author, name }, other) => {
    const { Author: Other } = await other();
    const work = transaction(async () => {
      await Author.create({ name: "here" });
      await Other.create({ name: "there" });
      throw new Error("back");
    }, { database: name });
    await assert.rejects(work);
    assert.equal(await Author.count(), 0);
    assert.equal(await Other.count(), 1);
  },
);
