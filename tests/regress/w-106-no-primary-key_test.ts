import assert from "node:assert/strict";
import { testGenerated } from "./world.ts";

testGenerated(
  "a table without a primary key gets a model that reads and inserts",
  `create table events (at timestamptz not null, what text); create table others (id int primary key);`,
  async ({ models: { Event, Other }, meta, plan }) => {
    assert.deepEqual(meta("events").primaryKey, []);
    await Event.create({ at: new Date(0), what: "boot" });
    assert.equal((await Event.filter({ what: "boot" }).all()).length, 1);
    assert.equal(await Other.count(), 0);
    assert.deepEqual(plan.notes.map(({ code, table }) => [code, table]), [
      ["no_primary_key", "events"],
    ]);
  },
);
