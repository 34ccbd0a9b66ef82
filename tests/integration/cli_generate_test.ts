import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { matrx, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
let db: TestDatabase;

/** What each file has, for the tests below. */
const SCHEMA = `
  create schema audit;
  create type mood as enum ('sad', 'ok');
  create table users (id int primary key, name text not null, mood mood);
  create table posts (id int primary key, author_id int not null references users, title text);
  create table tags (id int primary key, label text);
  create table post_tags (post_id int references posts, tag_id int references tags,
    primary key (post_id, tag_id));
  create view titles as select title from posts;
  create table audit.entries (id int primary key, user_id int references public.users);
  create type odd;
`;

async function script(text: string): Promise<void> {
  const connection = await db.driver.acquire();
  try {
    await connection.script(text);
  } finally {
    connection.release();
  }
}

before(async () => {
  if (server.skip !== false) return;
  db = await testDatabase(server);
  await script(SCHEMA);
});
after(async () => await db?.[Symbol.asyncDispose]());

const skip = { skip: server.skip };

test("generate writes models and tells what it did", skip, async () => {
  await using folder = await testFolder();
  const { status, out, err } = await matrx(
    ["generate", "--database", db.url, "--schema", "public", "--schema", "audit", "--out", "db"],
    { cwd: folder.path },
  );
  assert.equal(status, 0, err);
  assert.match(out, /^Schemas +public, audit$/m);
  assert.match(out, /^Models +5 tables, 1 view; 1 enum, 0 other types$/m);
  assert.match(out, /^Relations +10: 4 foreign keys, 4 inverse, 2 many-to-many$/m);
  assert.match(out, /^Files +16 created, 20 created for you to edit in /m);
  assert.match(out, /^Not described +objects that generated code does not use: 1 type$/m);
  assert.match(out, /^Done in \d+\.\d s$/m);
  assert.match(await folder.read("db/generated/post.ts"), /class PostBase extends model\("posts"/);
  assert.match(await folder.read("db/generated/entry.ts"), /schema: "audit"/);
  assert.equal(err, "");
});

test("generate touches nothing the second time, and removes what is gone", skip, async () => {
  await using own = await testDatabase(server, { template: db });
  await using folder = await testFolder();
  const args = ["generate", "--database", own.url, "--out", "db"];
  assert.equal((await matrx(args, { cwd: folder.path })).status, 0);
  const first = await folder.all();
  const again = await matrx(args, { cwd: folder.path });
  assert.match(again.out, /^Files +31 kept in /m);
  assert.deepEqual(await folder.all(), first);

  await own.driver.query({ text: "drop view titles", params: [] });
  await own.driver.query({ text: "alter table tags add column colour text", params: [] });
  const changed = await matrx(args, { cwd: folder.path });
  assert.equal(changed.status, 0);
  assert.match(changed.out, /^Files +4 replaced, 2 removed, 22 kept in /m);
  assert.match(changed.err, /warning title\.ts stays, though its table is gone: .*: delete it$/m);
  const later = await matrx(args, { cwd: folder.path });
  assert.match(later.err, /warning title\.ts stays: it imports a file that is no longer generated/);
  assert.match(await folder.read("db/generated/tag.ts"), /colour: text/);
});

test("generate --dry-run prints the plan of files and writes nothing", skip, async () => {
  await using folder = await testFolder();
  const { status, out } = await matrx(
    ["generate", "--database", db.url, "--out", "db", "--dry-run"],
    { cwd: folder.path },
  );
  assert.equal(status, 3, "there are differences");
  assert.match(out, /^create +generated\/post\.ts$/m);
  assert.match(out, /^write-once +post\.ts$/m);
  assert.match(out, /^Files +\d+ would be created, \d+ would be created for you to edit in /m);
  assert.match(out, /^Nothing was written \(--dry-run\) in/m);
  assert.deepEqual(await folder.all(), {});
  const args = ["generate", "--database", db.url, "--out", "db"];
  assert.equal((await matrx(args, { cwd: folder.path })).status, 0);
  const same = await matrx([...args, "--dry-run"], { cwd: folder.path });
  assert.equal(same.status, 0, "nothing would change");
  assert.doesNotMatch(same.out, /^keep /m);
  const long = await matrx([...args, "--dry-run", "--verbose"], { cwd: folder.path });
  assert.match(long.out, /^keep +generated\/post\.ts$/m);
});

test("generate --json prints the result, and --quiet nothing", skip, async () => {
  await using folder = await testFolder();
  const args = ["generate", "--database", db.url, "--out", "db", "--include-tables", "users"];
  const json = await matrx([...args, "--json"], { cwd: folder.path, terminal: true });
  assert.equal(json.err, "");
  const result = JSON.parse(json.out);
  assert.equal(result.out, join(folder.path, "db"));
  assert.deepEqual(result.schemas, ["public"]);
  assert.deepEqual(result.counts, {
    ...{ tables: 1, views: 0, enums: 1, types: 0 },
    ...{ foreignKeys: 0, inverseForeignKeys: 0, manyToMany: 0 },
  });
  assert.deepEqual(result.models, [
    { schema: "public", table: "users", className: "User", file: "user.ts" },
  ]);
  assert.ok(
    result.files.some((file: { path: string; action: string }) =>
      file.path === "generated/user.ts" && file.action === "create"
    ),
  );
  const quiet = await matrx([...args, "--quiet"], { cwd: folder.path, terminal: true });
  assert.deepEqual(quiet, { status: 0, out: "", err: "" });
});

test("generate writes managers with the methods that are asked for, or none", skip, async () => {
  await using folder = await testFolder();
  const run = (...more: string[]): ReturnType<typeof matrx> =>
    matrx(["generate", "--database", db.url, "--out", "db", ...more], { cwd: folder.path });
  assert.equal((await run("--managers=core,relations")).status, 0);
  const text = await folder.read("db/generated/post_manager.ts");
  assert.match(text, /createPost\(/);
  assert.match(text, /getPostWithAllRelated\(/);
  assert.doesNotMatch(text, /Dict/);
  assert.equal((await run()).status, 0);
  assert.match(await folder.read("db/generated/post_manager.ts"), /getPostDict\(/);
  const without = await run("--no-managers");
  assert.equal(without.status, 0);
  assert.match(without.err, /post_manager\.ts stays, though managers are left out/);
  assert.match(without.err, /managers\.ts stays, though managers are left out/);
  const left = Object.keys(await folder.all());
  assert.ok(left.includes("db/generated/post.ts") && left.includes("db/post_manager.ts"));
  assert.deepEqual(left.filter((path) => /generated\/.*manager/.test(path)), []);
  const wrong = async (...more: string[]): Promise<string> => {
    const { status, err } = await run(...more);
    assert.equal(status, 2, err);
    return err;
  };
  assert.match(await wrong("--managers=core,dicts"), /"dicts"[^]*Did you mean dict\?/);
  assert.match(await wrong("--managers", "--no-managers"), /exclude each other/);
  assert.match(await wrong("--no-managers", "--no-prefetch"), /exclude each other/);
  await folder.write("matrx.config.ts", "export default { generate: { managers: false } };");
  assert.match(await wrong("--no-prefetch"), /managers: false/);
  assert.equal((await run("--managers=dict")).status, 0);
  assert.doesNotMatch(await folder.read("db/generated/post_manager.ts"), /createPost/);
});

test("generate tells its progress on a terminal alone", skip, async () => {
  await using folder = await testFolder();
  const args = ["generate", "--database", db.url, "--out", "db"];
  const shown = await matrx(args, {
    cwd: folder.path,
    terminal: true,
    env: { NO_COLOR: "1" },
  });
  assert.match(shown.err, /^Connecting to main\nReading schema public\n.*\nWriting 31 files to /);
  assert.equal((await matrx(args, { cwd: folder.path })).err, "");
});

test("generate takes everything from a config, and options beat it", skip, async () => {
  await using folder = await testFolder();
  await folder.write(
    "matrx.config.ts",
    `export default {
      databases: { first: "postgres://nobody@127.0.0.1:1/x", second: { url: ${
      JSON.stringify(db.url)
    } } },
      out: "code",
      generate: { schema: ["public"], excludeTables: ["post*", "titles"], casing: "preserve" },
    };`,
  );
  const { status, err, out } = await matrx(["generate", "--database", "second"], {
    cwd: folder.path,
  });
  assert.equal(status, 0, err);
  assert.match(out, /^Models +2 tables, 0 views/m);
  // not the config's first database: the models say which
  assert.match(await folder.read("code/generated/user.ts"), /database: "second"/);
  const options = ["--out", "other", "--include-tables", "titles", "--config", "matrx.config.ts"];
  const beaten = await matrx(["generate", "--database", "second", ...options], {
    cwd: folder.path,
  });
  assert.match(beaten.out, /^Models +0 tables, 1 view/m);
  assert.ok(Object.keys(await folder.all()).includes("other/generated/title.ts"));
  const near = await matrx(["generate", "--database", "secnod"], { cwd: folder.path });
  assert.equal(near.status, 1);
  assert.match(near.err, /Did you mean "second"\?/);
});

test("generate tells of schemas that it did not read, and of reserved names", skip, async () => {
  await using own = await testDatabase(server, { template: db });
  await own.driver.query({ text: "alter table tags add save int", params: [] });
  await using folder = await testFolder();
  const { status, out, err } = await matrx(["generate", "--database", own.url], {
    cwd: folder.path,
  });
  assert.equal(status, 0, err);
  assert.match(out, /^Not read +audit has 1 table: add --schema audit$/m);
  assert.match(err, /public\.tags\.save is the property save_: save is reserved/);
});

test("generate refuses to remove models that it does not see", skip, async () => {
  await using empty = await testDatabase(server);
  await using folder = await testFolder();
  const run = (url: string, ...more: readonly string[]) =>
    matrx(["generate", "--database", url, "--out", "db", ...more], { cwd: folder.path });
  assert.equal((await run(db.url, "--schema", "public,audit")).status, 0);
  const before = await folder.all();
  const none = await run(empty.url, "--schema", "public");
  assert.equal(none.status, 1);
  assert.match(none.err, /code: nothing_to_generate/);
  const less = await run(db.url, "--schema", "public");
  assert.match(less.err, /audit\.entries \(its schema is not read\)/);
  assert.match(less.err, /the last run read audit, public\n.*code: narrower_scope/);
  const few = await run(db.url, "--schema", "public,audit", "--exclude-tables", "post*");
  assert.match(few.err, /public\.posts \(it is filtered out\)/);
  assert.deepEqual(await folder.all(), before);
  const forced = await run(db.url, "--schema", "public", "--force");
  assert.equal(forced.status, 0, forced.err);
  assert.match(forced.err, /entry\.ts stays, though its table is not read any more/);
});

test("generate falls back to DATABASE_URL", skip, async () => {
  await using folder = await testFolder();
  const ran = await matrx(["generate", "--dry-run"], {
    cwd: folder.path,
    env: { DATABASE_URL: db.url },
  });
  assert.equal(ran.status, 3, ran.err);
});

test(
  "generate keeps foreign files and stops at generated ones that were edited",
  skip,
  async () => {
    await using folder = await testFolder();
    await folder.write("db/README.md", "mine");
    await folder.write("db/user.ts", "// my own user\n");
    const args = ["generate", "--database", db.url, "--out", "db"];
    assert.equal((await matrx(args, { cwd: folder.path })).status, 0);
    assert.equal(await folder.read("db/README.md"), "mine");
    assert.equal(await folder.read("db/user.ts"), "// my own user\n");

    await folder.write("db/generated/post.ts", "// edited\n");
    await folder.write("db/generated/tag.ts", "// edited too\n");
    const edited = await folder.all();
    const stopped = await matrx(args, { cwd: folder.path });
    assert.equal(stopped.status, 1);
    assert.match(stopped.err, /generated\/post\.ts, generated\/tag\.ts/);
    assert.match(stopped.err, /--force/);
    assert.deepEqual(await folder.all(), edited);
    const dry = await matrx([...args, "--dry-run"], { cwd: folder.path });
    assert.equal(dry.status, 1);
    assert.match(dry.out, /^conflict +generated\/post\.ts$/m);
    assert.deepEqual(await folder.all(), edited);

    assert.equal((await matrx([...args, "--force"], { cwd: folder.path })).status, 0);
    assert.match(await folder.read("db/generated/post.ts"), /class PostBase/);
  },
);

test("generate stops at a foreign file where it would write its own", skip, async () => {
  await using folder = await testFolder();
  await folder.write("db/generated/user.ts", "export const mine = 1;\n");
  const { status, err } = await matrx(["generate", "--database", db.url, "--out", "db"], {
    cwd: folder.path,
  });
  assert.equal(status, 1);
  assert.match(err, /generated\/user\.ts/);
  assert.deepEqual(Object.keys(await folder.all()).sort(), [
    "db/",
    "db/generated/",
    "db/generated/user.ts",
  ]);
});

test("generate gives two tables of one name two classes, and says so", skip, async () => {
  await using own = await testDatabase(server);
  await own.driver.query({ text: "create table person (id int primary key)", params: [] });
  await own.driver.query({ text: "create table people (id int primary key)", params: [] });
  await using folder = await testFolder();
  const { status, err } = await matrx(["generate", "--database", own.url], { cwd: folder.path });
  assert.equal(status, 0);
  assert.match(
    err,
    /Several tables lead to the class Person: public\.people is People, public\.person is Person/,
  );
});

test("generate leaves out what the role may not read, and says so", skip, async () => {
  await using own = await testDatabase(server, { template: db });
  await using folder = await testFolder();
  const role = `r_${own.name}`;
  const run = (text: string) => own.driver.query({ text, params: [] });
  await run(`create role "${role}" login password 'pw'`);
  try {
    await run(`grant select on users, tags to "${role}"`);
    const url = new URL(own.url);
    url.username = role;
    url.password = "pw";
    const { status, out, err } = await matrx(["generate", "--database", url.href], {
      cwd: folder.path,
    });
    assert.equal(status, 0, err);
    assert.match(out, /^Models +2 tables, 0 views/m);
    assert.match(out, /^Left out +3 tables/m);
    assert.match(err, /public\.posts is left out: this role may not read it/);
    assert.ok(!Object.keys(await folder.all()).includes("models/generated/post.ts"));
  } finally {
    await run(`drop owned by "${role}"`);
    await run(`drop role "${role}"`);
  }
});
