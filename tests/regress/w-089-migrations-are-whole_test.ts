import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate, status } from "../../migrations/mod.ts";
import { migration, migrationWorld } from "../integration/migrate_world.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

test("a failing migration keeps nothing, and two runs at once apply each once", {
  skip: server.skip,
}, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": migration(["create table a (id int)", "select pg_sleep(0.2)"]),
    "0002_b.ts": migration(["create table b (id int)", "create table a (id int)"]),
  });
  await assert.rejects(migrate(world.at), { code: "migration_failed" });
  assert.deepEqual(await world.sql("select to_regclass('a')::text, to_regclass('b')::text"), [
    ["a", null],
  ]);
  await world.write("0002_b.ts", migration("create table b (id int)"));
  const runs = await Promise.all([migrate(world.at), migrate(world.at)]);
  assert.deepEqual(runs.flatMap(({ applied }) => applied.map(({ name }) => name)), ["0002_b"]);
  const { migrations } = await status(world.at);
  assert.deepEqual(migrations.map(({ state }) => state), ["applied", "applied"]);
});
