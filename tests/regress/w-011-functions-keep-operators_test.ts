import assert from "node:assert/strict";
import { now } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a function as a value keeps the operator", async ({ Author }) => {
  await Author.bulkCreate([
    { name: "old", seen: new Date(0) },
    { name: "new", seen: new Date("2999-01-01") },
    { name: "none" },
  ]);
  const names = async (where: object): Promise<string[]> =>
    (await Author.filter(where).orderBy("name").all()).map((row) => row.name);
  assert.deepEqual(await names({ seen: { lt: now() } }), ["old"]);
  assert.deepEqual(await names({ seen: { gt: now() } }), ["new"]);
  assert.deepEqual(await names({ seen: { ne: now() } }), ["new", "none", "old"]);
});
