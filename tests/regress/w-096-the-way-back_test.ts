import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate, rollback, status } from "../../migrations/mod.ts";
import { migration, migrationWorld } from "../integration/migrate_world.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

test("a migration without a way back is not taken for undone", {
  skip: server.skip,
}, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": migration("create table a (id int)", null),
    "0002_b.ts": migration(
      ["create table b (id int primary key)", "create table c (id int references b)"],
      ["drop table c", "drop table b"],
    ),
  });
  await migrate(world.at);
  await assert.rejects(rollback({ ...world.at, to: "zero" }), { name: "MigrationError" });
  assert.deepEqual(await world.sql("select to_regclass('a')::text"), [["a"]]);
  const { migrations } = await status(world.at);
  assert.equal(migrations[0]!.state, "applied");
  await rollback({ ...world.at, to: "0001_a" });
  assert.deepEqual(await world.sql("select to_regclass('b')::text"), [[null]]);
});
