import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate } from "../../migrations/mod.ts";
import { migration, migrationWorld } from "../integration/migrate_world.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

test("the ledger of migrations does not follow the search path", {
  skip: server.skip,
}, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": migration(["create schema other", "set search_path = other, public"]),
    "0002_b.ts": migration("create table other.b (id int)"),
  });
  await migrate(world.at);
  await world.sql("set search_path = other, public");
  assert.deepEqual((await migrate(world.at)).applied, []);
  const found = await world.sql(
    "select relnamespace::regnamespace::text from pg_class where relname = '_matrx_migrations'",
  );
  assert.deepEqual(found, [["public"]]);
});
