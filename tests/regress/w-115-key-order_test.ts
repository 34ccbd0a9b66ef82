import assert from "node:assert/strict";
import { testGenerated } from "./world.ts";

testGenerated(
  "a primary key keeps its columns and their order when it differs from the table's",
  `create table single (a int, the_key text primary key);
   create table several (a int, b int, c int, primary key (c, a));`,
  ({ meta }) => {
    const key = (table: string) =>
      meta(table).primaryKey.map(({ property, name }) => [property, name]);
    assert.deepEqual(key("single"), [["theKey", "the_key"]]);
    assert.deepEqual(key("several"), [["c", "c"], ["a", "a"]]);
  },
);
