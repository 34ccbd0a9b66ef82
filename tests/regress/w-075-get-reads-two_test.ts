import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("get() reads two rows at most, exists() none", async ({ Author, log }) => {
  await Author.bulkCreate(Array.from({ length: 50 }, (_, n) => ({ name: `a${n}`, age: 1 })));
  log.length = 0;
  await assert.rejects(Author.filter({ age: 1 }).get(), { code: "multiple_objects_returned" });
  assert.match(log[0]!, / limit 2$/);
  assert.equal(await Author.exists({ age: 1 }), true);
  assert.match(log[1]!, /^select exists \(select 1 /);
});
