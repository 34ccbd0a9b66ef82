import assert from "node:assert/strict";
import { F, lower, rank, window } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("no name from outside becomes SQL", async ({ Author, log }) => {
  await Author.create({ name: "Ann" });
  log.length = 0;
  const evil = `1=1 OR name" = 'x'; drop table authors; --`;
  const query = Author.filter() as unknown as Record<string, (input: unknown) => unknown>;
  for (const method of ["filter", "exclude", "having"]) {
    assert.throws(() => query[method]!({ [evil]: "x" }), { code: "unknown_field" }, method);
    assert.throws(() => query[method]!({ name: { [evil]: "x" } }), { name: /Error/ }, method);
  }
  for (const method of ["orderBy", "only", "defer", "values", "groupBy", "distinct"]) {
    assert.throws(() => query[method]!(evil), { code: "unknown_field" }, method);
  }
  assert.throws(() => query["selectRelated"]!(evil), { name: /Error/ });
  assert.throws(() => query["prefetchRelated"]!({ [evil]: true }), { name: /Error/ });
  assert.throws(() => query["annotate"]!({ x: lower(evil) }), { code: "unknown_field" });
  assert.throws(() => query["annotate"]!({ x: window(rank(), { partitionBy: evil }) }), {
    code: "unknown_field",
  });
  await assert.rejects(Author.upsert({ name: "x" }, { conflict: [evil as never] }), {
    code: "unknown_field",
  });
  assert.deepEqual(log, []);
  const named = await Author.filter().annotate({ [evil]: F("id") }).all();
  assert.equal((named[0] as unknown as Record<string, unknown>)[evil], 1);
  assert.equal(await Author.count(), 1);
});
