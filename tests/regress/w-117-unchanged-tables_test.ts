import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { catalogAfter, generateInto, pathsWith } from "../support/generated.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "a second run touches the files of changed tables alone",
  `create table users (id int primary key); create table orders (id int primary key);`,
  async ({ folder, db }) => {
    const changed = async (name: string) => (await stat(join(folder, "generated", name))).mtimeMs;
    const before = [await changed("user.ts"), await changed("order.ts")];
    const same = await generateInto(folder, await catalogAfter(db.driver, "select 1"));
    assert.deepEqual(same.files.filter((file) => file.action !== "keep"), []);
    const catalog = await catalogAfter(db.driver, "alter table orders add total int");
    const again = await generateInto(folder, catalog);
    assert.deepEqual(pathsWith(again, "replace"), [
      "generated/order.ts",
      "generated/.matrx-manifest.json",
    ]);
    assert.equal(await changed("user.ts"), before[0]);
  },
);
