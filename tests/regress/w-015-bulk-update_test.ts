import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "bulkUpdate() writes nulls in one statement and hides no error",
  async ({ Author, log }) => {
    const rows = await Author.bulkCreate([{ name: "a", age: 1 }, { name: "b", age: 2 }]);
    log.length = 0;
    rows[0]!.age = null;
    rows[1]!.age = 3;
    assert.equal(await Author.bulkUpdate(rows, ["age"]), 2);
    assert.equal(log.filter((text) => text.startsWith("update")).length, 1);
    assert.deepEqual((await Author.filter().orderBy("id").all()).map(({ age }) => age), [null, 3]);
    rows[0]!.age = 4;
    rows[1]!.age = -1;
    await assert.rejects(Author.bulkUpdate(rows, ["age"]), { code: "check_violation" });
    assert.deepEqual((await Author.filter().orderBy("id").all()).map(({ age }) => age), [null, 3]);
  },
);
