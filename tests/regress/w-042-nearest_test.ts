import assert from "node:assert/strict";
import { integer, model, Paginator, vector } from "../../mod.ts";
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
  const near = Vec.nearest("v", [1, 0.2]);
  assert.deepEqual(await near.values("id").all(), [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(await near.reverse().valuesList("id", { flat: true }).all(), [2, 1]);
  const shown = await near.values("id", "distance").orderBy("id").all();
  assert.ok(shown[0]!.distance < shown[1]!.distance);
  assert.equal(await near.filter({ distance: { lt: shown[1]!.distance } }).count(), 1);
  assert.deepEqual(
    await near.limit(1).update({ v: [1, 0] }, { returning: false }),
    1,
  );
  const second = await new Paginator(near, { pageSize: 1 }).getPage(2);
  assert.deepEqual([second.totalCount, second.items.map(({ id }) => id)], [2, [2]]);
  const first = await near.limit(1).page();
  const next = await near.limit(1).after(first.endCursor).page();
  assert.deepEqual([...first, ...next].map(({ id }) => id), [1, 2]);
  assert.throws(() => Vec.nearest("v", [1]), { code: "invalid_value" });
}, {
  kind: "pglite",
  more: "create extension vector; create table vecs (id int primary key, v vector(2));",
});
