import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("deletes say how many rows went, and they are gone", async ({ Author }) => {
  const rows = await Author.bulkCreate(["a", "b", "c", "d"].map((name) => ({ name })));
  assert.equal(await Author.deleteWhere({ name: { in: ["a", "x"] } }), 1);
  assert.equal(await Author.bulkDelete(rows.slice(1, 3)), 2);
  assert.equal(await rows[3]!.delete(), true);
  assert.equal(await rows[3]!.delete(), false);
  assert.equal(await Author.getOrNull({ id: rows[1]!.id }), null);
});
