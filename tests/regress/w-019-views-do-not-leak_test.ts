import assert from "node:assert/strict";
import { view } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a view leaves no trace on rows that were not given to it", async ({ Author }) => {
  const { id } = await Author.create({ name: "Ann" });
  class Shown extends view(Author, { exclude: ["note"] }) {
    async greeting(author: typeof Shown.subject): Promise<string> {
      return await Promise.resolve(`Hello ${author.name}`);
    }
  }
  const [one, other] = await Promise.all([Author.get({ id }), Author.get({ id })]);
  const shaped = await Shown.apply(one);
  assert.equal(shaped.greeting, "Hello Ann");
  assert.ok(!("note" in shaped.toDict()));
  for (const row of [other, await Author.get({ id })]) {
    assert.ok(!("greeting" in row));
    assert.equal(row.toDict().note, "dflt");
  }
});
