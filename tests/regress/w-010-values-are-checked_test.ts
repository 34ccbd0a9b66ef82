import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine(
  "every write path refuses a value that does not fit its column",
  async ({ Author, log }) => {
    const row = await Author.create({ name: "Ann" });
    log.length = 0;
    const bad = { age: "many" } as never;
    const refused = { name: "ValidationError", code: "invalid_value" };
    await assert.rejects(
      async () => await Author.create({ name: "B", ...(bad as object) }),
      refused,
    );
    await assert.rejects(
      async () => await Author.bulkCreate([{ name: "B", ...(bad as object) }]),
      refused,
    );
    await assert.rejects(async () => await row.update(bad), refused);
    await assert.rejects(async () => await Author.updateWhere({ id: row.id }, bad), refused);
    await assert.rejects(async () => await Object.assign(row, bad as object).save(), refused);
    assert.deepEqual(log, []);
    await assert.rejects(Author.create({ name: "B", age: -1 }), { code: "check_violation" });
  },
);
