/** Migration files that are wrong: each is refused before anything is changed, and says what to do. */
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { createEmpty, lint, migrate, rollback, status } from "../../migrations/mod.ts";
import { loadMigrations } from "../../migrations/file/load.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { testServer } from "../support/servers.ts";
import { matrx } from "./cli_support.ts";
import { migration, migrationWorld } from "./migrate_world.ts";

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "matrx-orm-bad-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const GOOD = migration("create table a (id int)");
const AFTER = (...names: readonly string[]): string =>
  `export const dependencies = ${JSON.stringify(names)};${GOOD}`;

/** Files, the code of the error, what it says, and its hint. */
const CASES: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  code: string,
  message: RegExp,
  hint?: RegExp,
])[] = [
  [
    "a module that throws",
    { "0001_a.mjs": 'throw new Error("out of order");' },
    "migration_failed_to_load",
    /Cannot load the migration 0001_a\.mjs: .*out of order/,
    /--verbose/,
  ],
  [
    "a module that does not parse",
    { "0001_a.ts": GOOD, "0002_b.ts": "export async function up(db) { await" },
    "migration_failed_to_load",
    /Cannot load the migration 0002_b\.ts/,
  ],
  [
    "a module that imports what is not there",
    { "0001_a.ts": 'import "./nowhere.ts";' },
    "migration_failed_to_load",
    /0001_a\.ts/,
  ],
  [
    "a module without up",
    { "0001_a.ts": "export async function dwon(db) {}" },
    "migration_invalid",
    /exports dwon/,
    /Did you mean down\?/,
  ],
  ["an empty module", { "0001_a.ts": "" }, "migration_invalid", /it has no up/],
  [
    "an up that is no function",
    { "0001_a.ts": 'export const up = "create table a ()";' },
    "migration_invalid",
    /up is not a function/,
  ],
  [
    "dependencies that are no list",
    { "0001_a.ts": `export const dependencies = "0000_x";${GOOD}` },
    "migration_invalid",
    /dependencies is not a list of names/,
  ],
  [
    "a cycle",
    {
      "0001_a.ts": AFTER("0003_c"),
      "0002_b.ts": AFTER("0001_a"),
      "0003_c.ts": AFTER("0002_b"),
    },
    "migration_circle",
    /0001_a -> 0003_c -> 0002_b -> 0001_a/,
  ],
  [
    "a dependency that is not there",
    { "0001_orders.ts": GOOD, "0002_b.ts": AFTER("0001_order") },
    "unknown_dependency",
    /0002_b depends on "0001_order"/,
    /Did you mean 0001_orders\?/,
  ],
  [
    "two files with one number",
    { "0001_a.ts": GOOD, "0001_b.ts": GOOD },
    "duplicate_migration_number",
    /number 1: 0001_a and 0001_b/,
  ],
  [
    "two files before one that names neither",
    { "0001_a.ts": GOOD, "0001_b.ts": GOOD, "0002_c.ts": GOOD },
    "ambiguous_dependency",
    /0002_c/,
    /0001_a or 0001_b/,
  ],
  [
    "a module and SQL of one name",
    { "0001_a.ts": GOOD, "0001_a.up.sql": "select 1" },
    "migration_invalid",
    /several files: 0001_a\.ts, 0001_a\.up\.sql/,
  ],
  [
    "a way back without a way there",
    { "0001_a.down.sql": "drop table a" },
    "migration_invalid",
    /no 0001_a\.up\.sql/,
  ],
  ["a short number", { "1_a.ts": GOOD }, "invalid_migration_name", /"1_a\.ts"/, /four digits/],
  [
    "a name with blanks",
    { "0001 add users.ts": GOOD },
    "invalid_migration_name",
    /"0001 add users\.ts"/,
  ],
  [
    "a head that says something else",
    { "0001_a.up.sql": "-- matrx: no transactions\nselect 1" },
    "migration_invalid",
    /matrx: no transactions/,
  ],
];

for (const [what, files, code, message, hint] of CASES) {
  test(`loadMigrations() refuses ${what}`, async () => {
    const folder = await folderOf(files);
    const error = await loadMigrations(folder).then(() => null, (caught: unknown) => caught);
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.match(error.hint ?? "", hint ?? /./);
    const { status, err } = await matrx(["lint", "--dir", folder]);
    // lint takes branches that are not merged
    if (code !== "duplicate_migration_number") assert.equal(status, 1, err);
  });
}

test("createEmpty() refuses names that would leave the folder", async () => {
  const folder = await folderOf({});
  for (
    const name of ["../evil", "a/b", "a\\b", "..", ".", "a\0b", "", " ", "x".repeat(200), "a.ts"]
  ) {
    const error = await createEmpty({ folder, name }).then(() => null, (caught: unknown) => caught);
    assert.ok(error instanceof MigrationError, `${JSON.stringify(name)}: ${error}`);
    assert.equal(error.code, "invalid_migration_name");
  }
  const { status, err } = await matrx(["empty", "--dir", folder, "--name", "../evil"]);
  assert.equal(status, 1);
  assert.match(err, /Cannot name a migration "\.\.\/evil"[^]*such as evil/);
  assert.deepEqual(await loadMigrations(folder), []);
});

test("a dependency that looks like a path is the name of no file", async () => {
  const folder = await folderOf({ "0001_a.ts": AFTER("../0000_outside"), "outside/x.ts": GOOD });
  await assert.rejects(loadMigrations(folder), { code: "unknown_dependency" });
});

test("migrations of a folder that is not there, is a file, or may not be read", async () => {
  const folder = await folderOf({ "file": "", "locked/0001_a.ts": GOOD });
  await assert.rejects(loadMigrations(join(folder, "none")), { code: "migrations_folder_missing" });
  await assert.rejects(loadMigrations(join(folder, "file")), { code: "migrations_unreadable" });
  await assert.rejects(lint({ folder: join(folder, "none") }), {
    code: "migrations_folder_missing",
  });
  const locked = join(folder, "locked");
  await chmod(locked, 0o000);
  const readable = await loadMigrations(locked).then(() => true, ({ code }) => code);
  await chmod(locked, 0o755);
  // root may read everything
  assert.ok(readable === true || readable === "migrations_unreadable", String(readable));
});

const server = await testServer("pg18");

test("nothing is applied when a file is wrong", { skip: server.skip }, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": GOOD,
    "0002_b.ts": AFTER("0003_c"),
    "0003_c.ts": AFTER("0002_b"),
  });
  for (const work of [migrate, rollback, status]) {
    await assert.rejects(work(world.at), { code: "migration_circle" });
  }
  assert.deepEqual(await world.sql("select to_regclass('a'), to_regclass('_matrx_migrations')"), [
    [null, null],
  ]);
});

test("a file that throws at work leaves nothing of itself", { skip: server.skip }, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": GOOD,
    "0002_b.ts": `export async function up(db) {
      await db.execute("create table b (id int)");
      throw null;
    }`,
    "0003_c.up.sql": "create table c (id int);\n\\d c\n",
  });
  await assert.rejects(migrate(world.at), (error: MigrationError) => {
    assert.equal(error.code, "migration_failed");
    assert.match(error.message, /Migration 0002_b failed: null/);
    return true;
  });
  await world.write("0002_b.ts", migration("create table b (id int)"));
  await assert.rejects(migrate(world.at), /line 2 of the script: it is a command of psql/);
  assert.deepEqual(
    await world.sql("select to_regclass('a'), to_regclass('b'), to_regclass('c')"),
    [["a", "b", null]],
  );
});

test("a database that is newer than the code is left alone", { skip: server.skip }, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": GOOD,
    "0002_b.ts": migration("create table b (id int)", "drop table b"),
  });
  await migrate(world.at);
  await world.remove("0002_b.ts");
  for (const work of [migrate, rollback]) {
    await assert.rejects(work(world.at), (error: MigrationError) => {
      assert.equal(error.code, "database_is_newer");
      assert.match(error.message, /it has had 0002_b/);
      assert.match(error.hint ?? "", /Update the code/);
      return true;
    });
  }
  const { migrations } = await status(world.at);
  assert.deepEqual(migrations.map(({ name, state }) => `${name} ${state}`), [
    "0001_a applied",
    "0002_b missing",
  ]);
  assert.deepEqual(await world.sql("select to_regclass('b')"), [["b"]]);
});
