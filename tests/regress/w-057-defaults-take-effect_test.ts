import assert from "node:assert/strict";
import { integer, model, text, timestamptz } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a declared time of creation is written, on every path", async ({ name }) => {
  class Stamped extends model("authors", {
    id: integer().primaryKey().identity(),
    name: text(),
    age: integer().nullable(),
    seen: timestamptz().default(() => new Date()),
  }, { database: name }) {}
  const start = Date.now();
  const saved = new Stamped({ name: "a" });
  await saved.save();
  const rows = [
    saved,
    await Stamped.create({ name: "b" }),
    ...await Stamped.bulkCreate([{ name: "c" }, { name: "d" }]),
    await Stamped.upsert({ name: "e", age: 1 }, { conflict: ["name"] }),
    (await Stamped.getOrCreate({ name: "f" })).row,
  ];
  const stored = await Stamped.filter().orderBy("name").all();
  assert.equal(stored.length, 6);
  for (const [index, { seen }] of stored.entries()) {
    assert.ok(seen.getTime() >= start && seen.getTime() <= Date.now());
    assert.equal(seen.getTime(), rows[index]!.seen.getTime());
  }
  const given = new Date("2020-01-01T00:00:00Z");
  assert.deepEqual((await Stamped.create({ name: "g", seen: given })).seen, given);
});
