import assert from "node:assert/strict";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { optionsOf } from "../../generator/introspect/queries/fragments.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`what a patched server keeps with a column's options is left out on ${kind}`, {
    skip: server.skip,
  }, async () => {
    await using db = await testDatabase(server);
    const { driver } = db;
    // the notes of a patched server are written as it writes them: no command takes unknown options
    const connection = await driver.acquire();
    await connection.script(`
      create table t (a int, b int);
      alter table t alter a set (n_distinct = 5, n_distinct_inherited = -0.5);
      update pg_attribute set attoptions = array_append(attoptions, 'pg_attver=7')
        where attrelid = 't'::regclass and attnum > 0;`);
    connection.release();
    const { catalog } = await introspect(driver);
    assert.deepEqual(objectsOf(catalog, "column").map(({ name, options }) => [name, options]), [
      ["a", { n_distinct: "5", n_distinct_inherited: "-0.5" }],
      ["b", {}],
    ]);
    const all = await driver.query({
      text: `select (${optionsOf("array['pg_attver=7', 'n_distinct=5']")})::text`,
      params: [],
    });
    assert.deepEqual(JSON.parse(all.rows[0]![0] ?? ""), { n_distinct: "5", pg_attver: "7" });
  });
}
