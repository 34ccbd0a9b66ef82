import assert from "node:assert/strict";
import { memoryStore, StateManager } from "../../mod.ts";
import { testEngine } from "./engine.ts";

let time = 0;
const store = memoryStore({ maxEntries: 5, clock: () => time });

testEngine("a cache keeps nothing of what is stale, cleared or too much", async ({ Author }) => {
  const made = await Author.bulkCreate(Array.from({ length: 8 }, (_, at) => ({ name: `${at}` })));
  for (const { id } of made) await Author.get({ id });
  assert.equal(await StateManager.count(Author), 5);
  await StateManager.clearCache(Author);
  assert.equal(await StateManager.count(Author), 0);
  for (const { id } of made.slice(0, 3)) await Author.get({ id });
  time += 60_000;
  for (const { id } of made.slice(0, 3)) assert.equal(await StateManager.get(Author, id), null);
  assert.equal(await StateManager.count(Author), 0);
}, { cache: "instant", cacheStore: store });
