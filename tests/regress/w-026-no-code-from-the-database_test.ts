import assert from "node:assert/strict";
import { testGenerated } from "./world.ts";

const EVIL = [
  "*/ globalThis.PWNED = 1; /*",
  "${globalThis.PWNED = 1}",
  "`); globalThis.PWNED = 1; (`",
  '"); globalThis.PWNED = 1; ("',
  "\nglobalThis.PWNED = 1;\n",
  "\u2028globalThis.PWNED = 1;//",
  "\\",
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const named = (text: string): string => `"${text.replaceAll('"', '""')}"`;

testGenerated(
  "names, defaults, comments and labels of a database never run as code",
  `create type evil as enum (${EVIL.map(quoted).join()});
   ${
    EVIL.map((text, index) => `
     create table ${named(`t${index} ${text}`)} (
       id int primary key, ${named(text)} text default ${quoted(text)}, label evil,
       constraint ${named(`c ${text}`)} check (label is distinct from ${quoted(text)}));
     comment on table ${named(`t${index} ${text}`)} is ${quoted(text)};
     comment on column ${named(`t${index} ${text}`)}.${named(text)} is ${quoted(text)};`).join("")
  }`,
  async ({ models, meta }) => {
    // importing the models ran what there was to run
    assert.equal("PWNED" in globalThis, false);
    for (const [index, text] of EVIL.entries()) {
      const table = `t${index} ${text}`;
      const { columns } = meta(table);
      assert.deepEqual(columns.map(({ name }) => name), ["id", text, "label"]);
      // deno-lint-ignore no-explicit-any -- the classes are made while the test runs
      const Model: any = Object.values(models).find((one: any) => one?.meta?.table === table);
      const label = EVIL[(index + 1) % EVIL.length];
      const row = await Model.create({ id: 1, label });
      assert.equal(row[columns[1]!.property], text, "the server's own default");
      assert.equal(row.label, label);
    }
    assert.equal("PWNED" in globalThis, false);
  },
);
