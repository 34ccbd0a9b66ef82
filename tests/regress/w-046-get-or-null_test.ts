import assert from "node:assert/strict";
import { sql } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("getOrNull() hides no error", async ({ Author }) => {
  await Author.bulkCreate([{ name: "a", age: 1 }, { name: "b", age: 1 }]);
  assert.equal(await Author.getOrNull({ name: "x" }), null);
  await assert.rejects(Author.getOrNull({ age: 1 }), { code: "multiple_objects_returned" });
  await assert.rejects(async () => await Author.getOrNull({ nope: 1 } as never), {
    code: "unknown_field",
  });
  await assert.rejects(Author.getOrNull({ id: sql`1 / ${0}` }), { code: "division_by_zero" });
});
