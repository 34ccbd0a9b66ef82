import assert from "node:assert/strict";
import { concat, value } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("texts in functions are bound, not pasted", async ({ Author }) => {
  await Author.create({ name: "Ann" });
  const [row] = await Author.filter().annotate({
    said: concat("name", value(" - "), "name"),
    evil: concat("name", value("'); drop table authors; --")),
  }).all();
  assert.equal(row!.said, "Ann - Ann");
  assert.equal(row!.evil, "Ann'); drop table authors; --");
});
