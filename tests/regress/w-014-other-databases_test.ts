import assert from "node:assert/strict";
import { testCachedEngine } from "./engine.ts";

testCachedEngine(
  "rows of another database stay rows of that database",
  async ({ Author }, other) => {
    const { Author: Other } = await other();
    await Author.create({ name: "here" });
    await Other.create({ name: "there" });
    const there = await Author.using("lab2").get({ id: 1 });
    assert.equal(there.name, "there");
    assert.equal((await Author.get({ id: 1 })).name, "here");
    await there.update({ age: 5 });
    assert.equal((await Author.get({ id: 1 })).age, null);
    assert.equal((await Other.get({ id: 1 })).age, 5);
  },
);
