import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("iterating reads through a cursor, without offsets", async ({ Author, log }) => {
  await Author.bulkCreate(Array.from({ length: 25 }, (_, n) => ({ name: `a${n}`, age: n })));
  log.length = 0;
  const ages: (number | null)[] = [];
  for await (const row of Author.filter().orderBy("age").stream({ batchSize: 10 })) {
    ages.push(row.age);
  }
  assert.deepEqual(ages, Array.from({ length: 25 }, (_, n) => n));
  assert.equal(log.filter((text) => text.startsWith("fetch 10")).length, 3);
  assert.equal(log.some((text) => text.includes("offset")), false);
});
