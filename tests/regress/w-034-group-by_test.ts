import assert from "node:assert/strict";
import { count, sum } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("groups show and filter aggregates by their names", async ({ Author }) => {
  await Author.bulkCreate(
    ["a", "b", "c"].map((name, n) => ({ name, code: n > 0 ? "x" : "y", age: n })),
  );
  const groups = Author.filter().groupBy("code").annotate({ total: sum("age"), n: count() });
  assert.deepEqual(await groups.values("code", "total").orderBy("code").all(), [
    { code: "x", total: 3 },
    { code: "y", total: 0 },
  ]);
  assert.deepEqual(await groups.having({ total: { gt: 1 } }).all(), [{
    code: "x",
    total: 3,
    n: 2,
  }]);
});
