import assert from "node:assert/strict";
import { transaction } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("writes of rolled-back transactions never reach the table", async ({ Author, name }) => {
  await Promise.all(Array.from({ length: 8 }, async (_, n) => {
    if (n % 2 === 0) return void await Author.create({ name: `plain${n}` });
    const rolledBack = transaction(async (tx) => {
      await Author.using(tx).create({ name: `gone${n}` });
      await Author.create({ name: `joined${n}` });
      throw new Error("back");
    }, { database: name });
    await assert.rejects(rolledBack, /^Error: back$/);
  }));
  const rows = await Author.filter().orderBy("name").all();
  assert.deepEqual(rows.map((row) => row.name), ["plain0", "plain2", "plain4", "plain6"]);
});
