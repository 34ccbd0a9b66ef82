/** merge(), squash() and baseline(): what they write is proven, and what cannot be is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { baseline, diff, merge, migrate, rollback, squash, status } from "../../migrations/mod.ts";
import { testServer } from "../support/servers.ts";
import { matrx } from "./cli_support.ts";
import { migration, type MigrationWorld, migrationWorld } from "./migrate_world.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };
// a database on the server is made faster than one in the process
const shadow = server.url;

const after = (...names: readonly string[]): string =>
  `export const dependencies = ${JSON.stringify(names)};`;

const catalogOf = async (world: MigrationWorld) => {
  const { catalog } = await introspect(world.db.driver);
  return catalog;
};

/** What two databases differ in, the ledger aside. */
async function apart(one: MigrationWorld, other: MigrationWorld): Promise<string[]> {
  return diff(await catalogOf(one), await catalogOf(other)).map((change) =>
    JSON.stringify(change.action === "drop" ? change.before : change.after)
  ).filter((text) => !text.includes("_matrx_migrations"));
}

test(
  "merge() joins branches that touch different objects, and names those that do not",
  skip,
  async () => {
    await using world = await migrationWorld(server, {
      "0001_a.ts": migration("create table a (id int primary key)"),
      "0002_left.ts": migration("alter table a add l int", "alter table a drop l", after("0001_a")),
      "0002_right.ts": migration(
        "alter table a add r int",
        "alter table a drop r",
        after("0001_a"),
      ),
    });
    await assert.rejects(migrate(world.at), { code: "duplicate_migration_number" });
    const dry = await merge({ ...world.at, database: undefined, shadow, dryRun: true } as object);
    assert.deepEqual(dry.dependencies, ["0002_left", "0002_right"]);
    const { name } = await merge({ folder: world.folder, shadow });
    assert.equal(name, "0003_merge");
    const { applied } = await migrate(world.at);
    assert.equal(applied.length, 4);
    await assert.rejects(merge({ folder: world.folder, shadow }), { code: "nothing_to_merge" });

    await world.remove("0003_merge.ts");
    await world.write(
      "0002_right.ts",
      migration("alter table a add r int; alter table a add l text", null, after("0001_a")),
    );
    const clash = await merge({ folder: world.folder, shadow }).then(() => null, (error) => error);
    assert.equal(clash?.code, "branches_conflict");
    assert.match(
      clash.message,
      /column "public"\."a"\."l" is touched by 0002_left and by 0002_right/,
    );
    await world.write("0002_right.ts", migration("drop table a", null, after("0001_a")));
    await assert.rejects(merge({ folder: world.folder, shadow }), /table "public"\."a" is touched/);
  },
);

const PARTS = {
  "0001_a.ts": migration("create table a (id int primary key, n int)", "drop table a"),
  "0002_b.ts": migration(
    ["create table b (id int primary key, a int references a)", "alter table a drop n"],
    ["alter table a add n int", "drop table b"],
  ),
  "0003_c.ts": migration(
    "create index on b (a); create table gone ()",
    "drop table gone; drop index b_a_idx",
  ),
  "0004_d.ts": migration("drop table gone", "create table gone ()"),
};

test(
  "squash() plans what changes structure alone anew, and databases take it up",
  skip,
  async () => {
    await using whole = await migrationWorld(server, PARTS);
    await migrate(whole.at);
    await using world = await migrationWorld(server, PARTS);
    const made = await squash({ folder: world.folder, first: "2", last: "0004_d", shadow });
    assert.deepEqual(
      [made.name, made.dependencies, made.replaces, made.planned, made.reversible],
      ["0002_squashed_0004", ["0001_a"], ["0002_b", "0003_c", "0004_d"], true, true],
    );
    const text = await world.read("0002_squashed_0004.ts");
    assert.ok(!text.includes("gone"), text);
    const { applied } = await migrate(world.at);
    assert.deepEqual(applied.map(({ name }) => name), ["0001_a", "0002_squashed_0004"]);
    assert.deepEqual(await apart(world, whole), []);
    // the database that had the parts only writes it down
    await whole.write("0002_squashed_0004.ts", text);
    const taken = await migrate(whole.at);
    assert.deepEqual([taken.applied, taken.recorded], [[], ["0002_squashed_0004"]]);
    await rollback({ ...world.at, steps: 1 });
    assert.deepEqual(await world.sql("select to_regclass('b'), to_regclass('a')"), [[null, "a"]]);
  },
);

test(
  "squash() keeps statements that write rows, and refuses what it cannot write",
  skip,
  async () => {
    await using world = await migrationWorld(server, {
      ...PARTS,
      "0005_rows.ts": migration(
        "insert into a values (1); insert into b values (1, 1)",
        "delete from b",
      ),
    });
    const made = await squash({ folder: world.folder, first: "1", last: "5", name: "all", shadow });
    assert.deepEqual([made.name, made.planned, made.reversible], ["0001_all", false, true]);
    await migrate(world.at);
    assert.deepEqual(await world.sql("select a from b"), [["1"]]);
    const { migrations } = await status(world.at);
    assert.deepEqual(migrations.map(({ state }) => state).sort().slice(0, 1), ["applied"]);

    await using other = await migrationWorld(server, {
      ...PARTS,
      "0005_values.ts": `export async function up(db) {
      await db.execute("insert into a values ($1)", [1]);
    }`,
      "0006_reads.ts": `export async function up(db) { await db.fetchVal("select 1"); }`,
    });
    const range = { folder: other.folder, shadow };
    await assert.rejects(squash({ ...range, first: "4", last: "5" }), /0005_values does: it binds/);
    await assert.rejects(squash({ ...range, first: "5", last: "6" }), {
      code: "migration_not_text",
    });
    await assert.rejects(squash({ ...range, first: "3", last: "1" }), { code: "squash_range" });
    await assert.rejects(squash({ ...range, first: "3", last: "3" }), { code: "squash_range" });
    await assert.rejects(squash({ ...range, first: "3", last: "9" }), {
      code: "unknown_migration",
    });
    const usage = await matrx(["makemigrations", "--squash", "3", "--dir", other.folder]);
    assert.equal(usage.status, 2);
    assert.equal((await matrx(["makemigrations", "--merge", "--baseline"])).status, 2);
  },
);

test(
  "baseline() writes what is there, records it, and another database gets the same",
  skip,
  async () => {
    await using world = await migrationWorld(server);
    await world.sql("create type mood as enum ('sad', 'it''s ok')");
    await world.sql(
      "create table people (id bigint generated always as identity primary key, m mood default 'sad', " +
        "parent bigint references people, check (id > 0))",
    );
    await world.sql("create view sad as select id from people where m = 'sad'");
    await world.sql("create index on people (m) where parent is null");
    const dry = await baseline({ ...world.at, shadow, dryRun: true });
    assert.deepEqual([dry.name, await world.files()], ["0001_baseline", []]);
    const made = await baseline({ ...world.at, shadow });
    assert.deepEqual(made.unmodelled, []);
    const { migrations } = await status(world.at);
    assert.deepEqual(migrations.map(({ name, state }) => `${name} ${state}`), [
      "0001_baseline applied",
    ]);
    assert.deepEqual((await migrate(world.at)).applied, []);
    await using copy = await migrationWorld(server, {
      "0001_baseline.ts": await world.read("0001_baseline.ts"),
    });
    await migrate(copy.at);
    assert.deepEqual(await apart(copy, world), []);
    await assert.rejects(baseline({ ...world.at, shadow }), { code: "baseline_not_first" });
    await assert.rejects(rollback(world.at), { code: "irreversible_migration" });
  },
);
