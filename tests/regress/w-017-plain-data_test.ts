import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("toDict() keeps nulls, toJSON() says dates as ISO 8601", async ({ Author }) => {
  const row = await Author.create({ name: "Ann", seen: new Date("2024-01-01T00:00:00Z") });
  const dict = row.toDict();
  assert.equal(dict.age, null);
  assert.ok("code" in dict);
  assert.ok(dict.seen instanceof Date);
  const said = JSON.parse(JSON.stringify(row));
  assert.equal(said.seen, "2024-01-01T00:00:00.000Z");
  assert.equal(said.age, null);
});
