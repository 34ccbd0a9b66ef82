import assert from "node:assert/strict";
import { integer, model, vector } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("vectors are read and written wherever the extension lives", async ({ name }) => {
  class Vec extends model("vecs", { id: integer().primaryKey(), v: vector(2) }, {
    database: name,
    schema: "far",
  }) {}
  const row = await Vec.create({ id: 1, v: [0.5, -2] });
  assert.deepEqual(row.v, [0.5, -2]);
  assert.deepEqual((await Vec.bulkCreate([{ id: 2, v: [1, 2] }]))[0]!.v, [1, 2]);
}, {
  kind: "pglite",
  more:
    "create schema far; create extension vector with schema public; create table far.vecs (id int primary key, v vector(2));",
});
