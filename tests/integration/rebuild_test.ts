/** migrateAndRebuild() and `matrx rebuild`: code is written when something was applied. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { migrateAndRebuild } from "../../migrations/rebuild.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { matrx, testFolder } from "./cli_support.ts";
import { migration, migrationWorld } from "./migrate_world.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };

test("migrateAndRebuild() writes models when something was applied", skip, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": migration("create table books (id bigint primary key, title text not null)"),
  });
  await using out = await testFolder();
  const options = { ...world.at, generate: { out: out.path } };
  const first = await migrateAndRebuild(options);
  assert.deepEqual(first.applied.map(({ name }) => name), ["0001_a"]);
  assert.equal(first.generated?.counts.tables, 1);
  const files = await out.all();
  assert.ok(Object.values(files).some((text) => text.includes("title")));
  const second = await migrateAndRebuild(options);
  assert.deepEqual([second.applied, second.generated], [[], null]);
  await world.write("0002_bad.ts", migration("create table books (id int)"));
  await assert.rejects(migrateAndRebuild(options), { code: "migration_failed" });
  assert.deepEqual(await out.all(), files);
  assert.notEqual((await migrateAndRebuild({ ...options, to: "1", always: true })).generated, null);
});

test("matrx rebuild does the same", skip, async () => {
  await using db = await testDatabase(server);
  await using folder = await testFolder();
  await folder.write("migrations/0001_a.up.sql", "create table books (id bigint primary key);");
  const run = (...more: string[]) =>
    matrx(["rebuild", "--database", db.url, ...more], { cwd: folder.path });
  const first = await run();
  assert.equal(first.status, 0, first.err);
  assert.match(first.out, /^applied 0001_a in .*\n[^]*models/);
  assert.ok(Object.keys(await folder.all()).some((name) => name.startsWith("models/")));
  assert.equal((await run()).out, "Nothing to apply\n");
  const json = JSON.parse((await run("--json", "--always")).out);
  assert.equal(json.generated.counts.tables, 1);
  assert.deepEqual(json.applied, []);
});
