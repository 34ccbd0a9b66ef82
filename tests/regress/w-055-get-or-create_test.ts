import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("getOrCreate() tells what it did and is no race", async ({ Author }) => {
  const all = await Promise.all(
    Array.from({ length: 8 }, () => Author.getOrCreate({ name: "Ann" })),
  );
  assert.equal(all.filter(({ created }) => created).length, 1);
  assert.ok(all.every(({ row }) => row.id === all[0]!.row.id));
  assert.equal(await Author.count(), 1);
});
