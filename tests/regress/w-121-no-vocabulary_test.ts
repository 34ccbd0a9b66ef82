import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { testGenerated } from "./world.ts";

/** Words by which a generator of one product would know what to do. */
const words = [
  "name",
  "title",
  "label",
  "display_name",
  "full_name",
  "email",
  "is_public",
  "user_id",
];
const columns = (rename: (word: string) => string) =>
  words.map((word) => `${rename(word)} text not null`).join(", ");

testGenerated(
  "a column is treated by its type alone, whatever it is called",
  `create table named (id int primary key, ${columns((word) => word)});
   create table other (id int primary key, ${columns((word) => `c${words.indexOf(word)}`)});`,
  async ({ folder, meta }) => {
    const text = (name: string) => readFile(join(folder, `generated/${name}.ts`), "utf8");
    const [named, other] = [await text("named"), await text("other")];
    const properties = meta("named").columns.slice(1).map((column) => column.property);
    const renamed = properties.reduce(
      (all, property, index) => all.replace(`  ${property}: `, `  c${index}: `),
      named.replaceAll("Named", "Other").replaceAll("named", "other"),
    );
    assert.equal(renamed, other);
  },
);
