/** check() and difference(), and their commands: what differs is told by object and property. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { check, difference, makemigrations, migrate } from "../../migrations/mod.ts";
import { integer, model, text } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { matrx, testFolder } from "./cli_support.ts";
import { migration, migrationWorld } from "./migrate_world.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };
const ORM = new URL("../../mod.ts", import.meta.url).href;

function booksOf(database: string | undefined, more: Parameters<typeof model>[1] = {}): unknown {
  return class Book extends model("books", {
    id: integer().primaryKey(),
    title: text(),
    ...more,
  }, { database: database! }) {};
}

test("check() finds nothing, and then each kind of difference", skip, async () => {
  await using world = await migrationWorld(server);
  const { database } = world.at;
  const models = [booksOf(database)];
  // a database on the server is made faster than one in the process
  const shadow = "server";
  const look = () => check({ ...world.at, models, shadow });
  await makemigrations({ ...world.at, models, shadow: "server" });
  assert.deepEqual((await look()).pending, ["0001_create_books"]);
  await migrate(world.at);
  const clean = await look();
  assert.deepEqual(
    [clean.same, clean.pending, clean.drift, clean.undeclared, clean.unmanaged, clean.warnings],
    [true, [], [], [], [], []],
  );
  await world.sql("create table by_hand (id int)");
  assert.equal((await look()).same, true);
  assert.deepEqual((await look()).unmanaged, ["table public.by_hand"]);

  await world.sql("alter table books alter title drop not null, add extra int");
  const drifted = await look();
  assert.equal(drifted.same, false);
  const expected = [
    { kind: "column", object: "public.books.extra", state: "extra", properties: [] },
    {
      kind: "column",
      object: "public.books.title",
      state: "changed",
      properties: [{ property: "notNull", found: false, wanted: true }],
    },
  ];
  assert.deepEqual(drifted.drift, expected);
  assert.deepEqual(drifted.undeclared, expected);
  await world.sql("alter table books alter title set not null, drop extra");

  // the models went on, the files did not
  const ahead = await check({
    ...world.at,
    models: [booksOf(database, { pages: integer() })],
    shadow,
  });
  assert.deepEqual([ahead.same, ahead.drift], [false, []]);
  assert.deepEqual(ahead.undeclared.map(({ object, state }) => `${object} ${state}`), [
    "public.books.pages missing",
  ]);

  await world.write("0002_more.ts", migration("create index on books (title)"));
  const behind = await look();
  assert.deepEqual([behind.pending, behind.drift], [["0002_more"], []]);
  assert.deepEqual(behind.undeclared.map(({ object, state }) => `${object} ${state}`), [
    "public.books.books_title_idx extra",
  ]);
  await world.remove("0002_more.ts");

  const [file] = (await world.files()).filter((name) => name.endsWith(".ts"));
  await world.write(file!, `${await world.read(file!)}\n// edited`);
  const edited = await look();
  assert.deepEqual([edited.same, edited.changed, edited.drift], [
    false,
    ["0001_create_books"],
    null,
  ]);
  assert.match(edited.warnings.join(), /not known: applied files are changed/);
  await world.remove(file!);
  assert.deepEqual((await look()).missing, ["0001_create_books"]);
});

test("check() says when migrations cannot be tried without rows", skip, async () => {
  await using world = await migrationWorld(server, {
    "0001_a.ts": `export async function up(db) {
      await db.execute("create table books (id int primary key, title text not null)");
      if (await db.fetchVal("select count(*) from pg_database where datname = 'nobody'") === 0n &&
        !(await db.fetchVal("select current_database() like 'matrx_test%' or true"))) return;
      await db.execute("select 1 / (select count(*) from here)");
    }`,
  });
  await world.sql("create table here as select 1");
  await migrate(world.at);
  await world.sql("drop table here");
  const result = await check({
    ...world.at,
    models: [booksOf(world.at.database)],
    shadow: "server",
  });
  assert.equal(result.drift, null);
  assert.match(result.warnings.join(), /What the migrations lead to is not known: .*0001_a/);
  assert.equal(result.same, true);
});

test("difference() compares databases, snapshots and models in both directions", skip, async () => {
  await using world = await migrationWorld(server);
  await using other = await testDatabase(server);
  const { database } = world.at;
  const models = [booksOf(database)];
  await makemigrations({ ...world.at, models, shadow: "server" });
  await migrate(world.at);
  const snapshot = join(world.folder, "snapshot.json");
  const shadow = "server";
  const same = [
    await difference({ before: database, models, shadow }),
    await difference({ before: database, after: snapshot, shadow }),
    await difference({ before: world.db.url, after: database, shadow }),
    await difference({ before: "models", after: database, models, shadow }),
  ].filter((one) => !one.same);
  assert.deepEqual(same, []);

  const script = (sql: string) => other.driver.query({ text: sql, params: [] });
  await script("create table books (id int primary key, title varchar(20), old int)");
  const there = await difference({ before: other.url, after: database, shadow });
  assert.deepEqual(there.changes.map(({ action, object }) => `${action} ${object}`), [
    "drop public.books.old",
    "alter public.books.title",
  ]);
  assert.ok(there.steps.some(({ destroys }) => destroys?.includes('"old"')));
  for (const { sql } of there.steps) await script(sql);
  assert.equal((await difference({ before: other.url, after: database, shadow })).same, true);
  const back = await difference({ before: "models", after: other.url, models, shadow: server.url });
  assert.equal(back.same, true);

  await assert.rejects(difference({ before: "models", models }), { code: "nothing_to_compare" });
  await assert.rejects(difference({ before: "nowhere", after: database }), {
    code: "unknown_database",
  });
  await assert.rejects(difference({ before: "gone.json", after: database }), {
    code: "migrations_unreadable",
  });
});

test("matrx check and matrx diff tell by their status", skip, async () => {
  await using db = await testDatabase(server);
  await using folder = await testFolder();
  await folder.write(
    "models/mod.ts",
    `import { integer, model, text } from ${JSON.stringify(ORM)};
    export class Book extends model("books", { id: integer().primaryKey(), title: text() }) {}`,
  );
  const run = (command: string, ...more: string[]) =>
    matrx([command, "--database", db.url, "--shadow", "server", ...more], { cwd: folder.path });
  const migrateAll = () => matrx(["migrate", "--database", db.url], { cwd: folder.path });
  const diffed = await run("diff");
  assert.equal(diffed.status, 3, diffed.err);
  assert.match(diffed.out, /^CREATE TABLE "public"\."books" \(/);
  assert.equal((await run("makemigrations")).status, 0);
  const before = await run("check");
  assert.equal(before.status, 3, before.err);
  assert.equal(before.out, "not applied: 0001_create_books\n");
  await migrateAll();
  const clean = await run("check");
  assert.equal(clean.status, 0, clean.err);
  assert.equal(clean.out, "Database, migrations and models agree\n");
  assert.equal((await run("diff")).out, "-- Nothing differs\n");
  await db.driver.query({ text: "alter table books alter title drop not null", params: [] });
  const drifted = await run("check");
  assert.equal(drifted.status, 3);
  assert.match(
    drifted.out,
    /^the database is not what its migrations lead to\n {2}column public\.books\.title: notNull is false, not true\nthe database is not what is declared\n/,
  );
  const json = JSON.parse((await run("check", "--json")).out);
  assert.deepEqual(json.drift[0].properties, [{ property: "notNull", found: false, wanted: true }]);
  const sql = await run(
    "diff",
    "--after",
    join(folder.path, "migrations/snapshot.json"),
    "--plain",
  );
  assert.match(sql.out, /ALTER COLUMN "title" SET NOT NULL;\n$/);
  assert.equal((await run("diff", "--before", "models", "--after", "models")).status, 1);
  await writeFile(join(folder.path, "broken.json"), "{}");
  assert.equal((await run("diff", "--after", join(folder.path, "broken.json"))).status, 1);
});
