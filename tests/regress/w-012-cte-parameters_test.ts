import assert from "node:assert/strict";
import { CTE, sql } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("parameters of several CTEs keep their places", async ({ Author }) => {
  await Author.bulkCreate([1, 2, 3, 4].map((n) => ({ name: `a${n}`, age: n, code: `c${n}` })));
  const one = new CTE("one", sql`select * from authors where age > ${1} and name <> ${"a9"}`);
  const two = new CTE("two", sql`select * from one where age < ${4} and name = ${"a3"}`);
  const rows = await Author.filter({ code: "c3", age: 3 }).withCte(one, two).from("two").all();
  assert.deepEqual(rows.map((row) => row.name), ["a3"]);
});
