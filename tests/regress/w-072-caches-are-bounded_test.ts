import assert from "node:assert/strict";
import { StateManager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a cache drops rows when it is full, and can be emptied", async ({ Author }) => {
  const made = await Author.bulkCreate(
    Array.from({ length: 10_050 }, (_, index) => ({ name: `author ${index}` })),
  );
  for (let from = 0; from < made.length; from += 1_000) {
    await Promise.all(made.slice(from, from + 1_000).map(({ id }) => Author.get({ id })));
  }
  const [counted] = await StateManager.statistics(Author);
  assert.deepEqual([counted?.size, counted?.evictions], [10_000, 50]);
  assert.equal((await StateManager.get(Author, made.at(-1)!.id))?.name, "author 10049");
  assert.equal(await StateManager.get(Author, made[0]!.id), null);
  await StateManager.remove(Author, made.at(-1)!.id);
  assert.equal(await StateManager.count(Author), 9_999);
  await StateManager.clearCache(Author);
  assert.equal(await StateManager.count(Author), 0);
}, { cache: "short-term" });
