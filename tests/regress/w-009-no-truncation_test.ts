import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("a text that is too long is refused, not cut", async ({ Author }) => {
  const long = { code: "value_too_long" };
  await assert.rejects(Author.create({ name: "Ann", code: "abcdefghij" }), long);
  await assert.rejects(Author.bulkCreate([{ name: "Ann", code: "abcdefghij" }]), long);
  const row = await Author.create({ name: "Ann", code: "abcde" });
  await assert.rejects(row.update({ code: "abcdef" }), long);
  await assert.rejects(Author.updateWhere({ id: row.id }, { code: "abcdef" }), long);
  assert.equal((await Author.get({ id: row.id })).code, "abcde");
});
