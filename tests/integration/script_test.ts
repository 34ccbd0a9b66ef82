import assert from "node:assert/strict";
import { after, test } from "node:test";
import { integer, model, runScript, sql, text, transaction } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place } from "./model_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = place(server, "create table notes (id int primary key, body text)");
  class Note extends model("notes", { id: integer().primaryKey(), body: text() }, {
    database: world.name,
  }) {}
  const database = { database: world.name };
  after(() => world.close());

  test(`runScript() does run all commands or none on ${kind}`, { skip: server.skip }, async () => {
    await world.open();
    world.log.length = 0;
    const script = `
      -- a comment; with a semicolon
      insert into notes values (1, 'a;b');
      create function shout(word text) returns text language sql as $$ select upper(word); $$;
      insert into notes values (2, shout('c'));`;
    await runScript(script, database);
    assert.deepEqual(world.log, [script]);
    assert.deepEqual(await Note.filter().orderBy("id").valuesList("body", { flat: true }).all(), [
      "a;b",
      "C",
    ]);
    await assert.rejects(
      runScript("insert into notes values (3, 'x'); insert into notes values (1, 'y')", database),
      { code: "unique_violation" },
    );
    assert.equal(await Note.count(), 2);
    await runScript("begin; delete from notes; rollback", database);
    assert.equal(await Note.count(), 2);
    await runScript("", database);
  });

  test(`runScript() does leave nothing behind on ${kind}`, { skip: server.skip }, async () => {
    await world.open();
    await runScript(
      "set search_path to pg_catalog; begin; create temp table rest (n int)",
      database,
    );
    const [row] = await Note.rawSql<{ path: string; rest: string | null }>(
      sql`select current_setting('search_path') as path, to_regclass('rest')::text as rest`,
    );
    assert.notEqual(row?.path, "pg_catalog");
    assert.equal(row?.rest, null);
    await Promise.all([1, 2, 3].map(() => Note.count()));
  });

  test(`runScript() does refuse a transaction and wrong arguments on ${kind}`, {
    skip: server.skip,
  }, async () => {
    await world.open();
    const inside = transaction(() => runScript("delete from notes", database), database);
    await assert.rejects(inside, { code: "script_in_transaction" });
    await assert.rejects(runScript(5 as never), { code: "invalid_argument" });
    await assert.rejects(runScript("", { databas: "x" } as never), { code: "unknown_option" });
    await assert.rejects(runScript("", { database: "nowhere" }), { code: "unknown_database" });
    await runScript("select 1", database);
  });
}
