import assert from "node:assert/strict";
import { test } from "node:test";
import { array, composite, domain, integer, model, registerDatabase, text } from "../../mod.ts";
import { closeDatabase } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pglite");

test("an array of a domain over arrays has arrays of any length as elements", {
  skip: server.skip,
}, async () => {
  await using db = await testDatabase(server);
  for (
    const statement of [
      "create type node as (kind text, size integer)",
      "create domain page_line as node[]",
      "create domain words as text[]",
      "create table pages (id integer primary key, lines page_line[], said words[], one words)",
    ]
  ) await db.driver.query({ text: statement, params: [] });
  registerDatabase({ name: "nested_domain", driver: db.driver });
  const node = composite("node", { kind: text(), size: integer() });
  class Page extends model("pages", {
    id: integer().primaryKey(),
    lines: array(domain("page_line", array(node))),
    said: array(domain("words", array(text().nullable()))),
    one: domain("words", array(text())),
  }, { database: "nested_domain" }) {}

  const lines = [[{ kind: "a", size: 1 }, { kind: 'b"', size: null }], [{ kind: null, size: 2 }]];
  const said = [["x", 'y "z"'], [], [null, "{}", "NULL"]];
  await Page.create({ id: 1, lines, said, one: ["a", "b"] });
  await Page.bulkCreate([{ id: 2, lines, said, one: [] }, {
    id: 3,
    lines: [],
    said: [],
    one: ["c"],
  }]);
  const [first, second, third] = await Page.filter().orderBy("id").all();
  assert.deepEqual(first!.toDict(), { id: 1, lines, said, one: ["a", "b"] });
  assert.deepEqual(second!.toDict(), { id: 2, lines, said, one: [] });
  assert.deepEqual([third!.lines, third!.said], [[], []]);
  const found = Page.filter({ said: { contains: [["x", 'y "z"']] } });
  assert.equal(await found.count(), 2);
  await closeDatabase("nested_domain");
});
