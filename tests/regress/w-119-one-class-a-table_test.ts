import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { testGenerated } from "./world.ts";

testGenerated(
  "each table has one generated class and one of the user's, each declared once",
  `create table users (id int primary key); create table user_managers (id int primary key);
   create view user_views as select id from users;`,
  async ({ folder, plan }) => {
    const declared: string[] = [];
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith(".ts")) continue;
      const text = await readFile(join(folder, name), "utf8");
      for (const [, one] of text.matchAll(/class (\w+) extends/g)) declared.push(one!);
    }
    assert.equal(new Set(declared).size, declared.length);
    assert.equal(declared.length, 2 * (plan.counts.tables + plan.counts.views));
  },
);
