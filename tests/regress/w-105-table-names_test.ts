import assert from "node:assert/strict";
import { metasOf } from "../support/compare.ts";
import { quoteName } from "../support/hostile_schema.ts";
import { testGenerated } from "./world.ts";

const names = ["html_2_pdf", "table_1_x", "a__b", "Capital", "camelCase", "SHOUT", "x y", "ünï"];

testGenerated(
  "a model names its table when the class's name does not lead back to it",
  names.map((name) =>
    `create table ${quoteName(name)} (id int); insert into ${quoteName(name)} values (1);`
  )
    .join("\n"),
  async ({ models }) => {
    assert.deepEqual(metasOf(models).map((meta) => meta.table).sort(), names.toSorted());
    for (const model of Object.values(models) as { count(): Promise<number> }[]) {
      assert.equal(await model.count(), 1);
    }
  },
);
