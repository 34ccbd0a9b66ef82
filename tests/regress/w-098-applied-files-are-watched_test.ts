import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate, status } from "../../migrations/mod.ts";
import { migration, migrationWorld } from "../integration/migrate_world.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

test("a file that is gone is noticed, line endings are no change", {
  skip: server.skip,
}, async () => {
  const text = migration("create table a (id int)");
  await using world = await migrationWorld(server, { "0001_a.ts": text });
  await migrate(world.at);
  await world.write("0001_a.ts", text.replaceAll("\n", "\r\n"));
  await world.write("0002_b.ts", migration("create table b (id int)"));
  assert.deepEqual((await migrate(world.at)).applied.map(({ name }) => name), ["0002_b"]);
  await world.remove("0001_a.ts");
  await world.write("0003_c.ts", migration("create table c (id int)"));
  const { migrations } = await status(world.at);
  assert.notEqual(migrations.find(({ name }) => name === "0001_a")?.state, "applied");
  await assert.rejects(migrate(world.at), { name: "MigrationError" });
  assert.deepEqual(await world.sql("select to_regclass('c')::text"), [[null]]);
});
