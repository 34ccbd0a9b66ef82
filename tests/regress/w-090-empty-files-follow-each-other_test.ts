import assert from "node:assert/strict";
import { test } from "node:test";
import { createEmpty, loadMigrations, migrate } from "../../migrations/mod.ts";
import { migrationWorld } from "../integration/migrate_world.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

test("empty migrations load and run one after the other", { skip: server.skip }, async () => {
  await using world = await migrationWorld(server);
  for (const name of ["one", "two", "three"]) await createEmpty({ ...world.at, name });
  assert.equal((await loadMigrations(world.folder)).length, 3);
  const { applied } = await migrate(world.at);
  assert.deepEqual(applied.map(({ name }) => name), ["0001_one", "0002_two", "0003_three"]);
});
