import assert from "node:assert/strict";
import { integer, model, vector } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a model has nearest()", async ({ name }) => {
  class Vec extends model("vecs", { id: integer().primaryKey(), v: vector(2).nullable() }, {
    database: name,
  }) {}
  await Vec.bulkCreate([{ id: 1, v: [1, 0] }, { id: 2, v: [0, 1] }, { id: 3, v: null }]);
  const rows = await Vec.nearest("v", [1, 0.2]).limit(2).all();
  assert.deepEqual(rows.map(({ id }) => id), [1, 2]);
  assert.ok(rows[0]!.distance < rows[1]!.distance);
  assert.equal(await Vec.nearest("v", [1, 0.2]).limit(1).count(), 1);
  assert.equal(await Vec.nearest("v", [1, 0.2], { metric: "l2" }).count(), 2);
  assert.throws(() => Vec.nearest("v", [1]), { code: "invalid_value" });
}, {
  kind: "pglite",
  more: "create extension vector; create table vecs (id int primary key, v vector(2));",
});
