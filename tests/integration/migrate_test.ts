/** Applying migrations, taking them back, and what is told of them, on every server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate } from "../../migrations/apply/migrate.ts";
import { rollback } from "../../migrations/apply/rollback.ts";
import { status } from "../../migrations/apply/status.ts";
import { createEmpty } from "../../migrations/empty.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { migration, type MigrationWorld, migrationWorld } from "./migrate_world.ts";

const SHOP = {
  "0001_shop.ts": migration(
    "create table a (id int primary key); insert into a values (1), (2)",
    "drop table a",
  ),
  "0002_more.up.sql": "-- more\ncreate table b (id int);\ncreate table c (t text);\n",
  "0002_more.down.sql": "drop table c; drop table b;",
  "0003_column.ts": migration("alter table a add n int", "alter table a drop n"),
};

async function names(world: MigrationWorld): Promise<string[]> {
  const rows = await world.sql(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
    order by relname`,
  );
  return rows.map(([name]) => name!);
}

const states = async (world: MigrationWorld): Promise<string[]> =>
  (await status(world.at)).migrations.map(({ name, state }) => `${name} ${state}`);

/** The error that a call rejects with, by its code. */
async function refused(work: Promise<unknown>, code: string): Promise<MigrationError> {
  let error: unknown;
  await work.catch((caught) => error = caught);
  assert.ok(error instanceof MigrationError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const skip = { skip: server.skip };
  // the embedded server takes a second to start: there what differs is enough
  const servers = { skip: kind === "pglite" ? "needs no embedded server" : server.skip };

  test(`migrate() does apply what is pending, and once, on ${kind}`, skip, async () => {
    await using world = await migrationWorld(server, SHOP);
    assert.deepEqual(await states(world), [
      "0001_shop pending",
      "0002_more pending",
      "0003_column pending",
    ]);
    const first = await migrate({ ...world.at, to: "0002" });
    assert.deepEqual(first.applied.map(({ name }) => name), ["0001_shop", "0002_more"]);
    const rest = await migrate(world.at);
    assert.deepEqual(rest.applied.map(({ name }) => name), ["0003_column"]);
    assert.deepEqual((await migrate(world.at)).applied, []);
    assert.deepEqual(await names(world), ["_matrx_migrations", "a", "b", "c"]);
    assert.deepEqual(await states(world), [
      "0001_shop applied",
      "0002_more applied",
      "0003_column applied",
    ]);
    const [row] = await world.sql("select checksum, step, library_version from _matrx_migrations");
    assert.match(row![0]!, /^sha256:[0-9a-f]{64}$/);
  });

  test(
    `rollback() does take back the last ones, in reverse order, on ${kind}`,
    servers,
    async () => {
      await using world = await migrationWorld(server, SHOP);
      await migrate(world.at);
      const one = await rollback(world.at);
      assert.deepEqual(one.rolledBack.map(({ name }) => name), ["0003_column"]);
      const two = await rollback({ ...world.at, to: "zero" });
      assert.deepEqual(two.rolledBack.map(({ name }) => name), ["0002_more", "0001_shop"]);
      assert.deepEqual(await names(world), ["_matrx_migrations"]);
      assert.deepEqual((await rollback(world.at)).rolledBack, []);
      await migrate(world.at);
      await rollback({ ...world.at, to: "0001_shop" });
      assert.deepEqual(await names(world), ["_matrx_migrations", "a"]);
    },
  );

  test(`migrate() keeps nothing of a migration that fails, on ${kind}`, servers, async () => {
    await using world = await migrationWorld(server, {
      ...SHOP,
      "0004_bad.ts": migration(["create table d (id int)", "create table a (id int)"]),
      "0005_next.ts": migration("create table e (id int)"),
    });
    const error = await refused(migrate(world.at), "migration_failed");
    assert.match(error.message, /Migration 0004_bad failed: relation "a" already exists/);
    assert.match(error.hint ?? "", /Nothing of it was kept/);
    assert.deepEqual(await names(world), ["_matrx_migrations", "a", "b", "c"]);
    assert.equal((await states(world))[3], "0004_bad pending");
  });

  test(`migrate() gives models and the handle one transaction, on ${kind}`, skip, async () => {
    const orm = new URL("../../mod.ts", import.meta.url).href;
    await using world = await migrationWorld(server);
    await world.write(
      "0001_data.ts",
      `import { integer, model, sql, text } from ${JSON.stringify(orm)};
      class Item extends model("items", { id: integer().primaryKey(), name: text() }, {
        database: ${JSON.stringify(world.at.database)} }) {}
      export async function up(db) {
        await db.execute("create table items (id int primary key, name text not null)");
        await Item.create({ id: 1, name: "one" });
        const n = await db.execute(sql\`insert into items values (\${2}, \${"it's"})\`);
        const m = await db.executeMany("insert into items values ($1, $2)", [[3, "c"], [4, null]].slice(0, 1));
        const total = await db.fetchVal("select count(*) from items where id > $1", [0]);
        const rows = await db.fetch("select id, name from items order by id");
        const last = await db.fetchOne("select * from items where false");
        if (n !== 1 || m !== 1 || total !== 3n || rows[1].name !== "it's" || last !== null) {
          throw new Error([n, m, total, JSON.stringify(rows), last].join(" "));
        }
        if (await Item.count() !== 3) throw new Error("another transaction");
        throw new Error("on purpose");
      }`,
    );
    const error = await refused(migrate(world.at), "migration_failed");
    assert.match(error.message, /0001_data failed: on purpose/);
    assert.deepEqual(await names(world), ["_matrx_migrations"]);
  });

  test(
    `migrate() goes on behind the last step without a transaction, on ${kind}`,
    skip,
    async () => {
      const none = "export const transaction = false;";
      await using world = await migrationWorld(server, {
        "0001_t.ts": migration("create table t (id int, k int)"),
        "0002_steps.ts": migration(
          [
            "create table s1 (id int); create table s2 (id int)",
            "create index concurrently t_id on t (id)",
            "create unique index concurrently t_k on t (k)",
            "create table s3 (id int)",
          ],
          ["drop table s3", "drop index concurrently t_k", "drop table s2, s1", "drop index t_id"],
          none,
        ),
      });
      await migrate({ ...world.at, to: "0001" });
      await world.sql("insert into t values (1, 7), (2, 7)");
      const error = await refused(migrate(world.at), "migration_failed");
      assert.match(error.message, /could not create unique index "t_k"/);
      assert.match(error.hint ?? "", /The steps before are kept/);
      const half = (await status(world.at)).migrations[1]!;
      assert.deepEqual([half.state, half.steps], ["running", 3]);
      // a failed build leaves an index that is not valid: it is gone
      assert.deepEqual((await status(world.at)).invalidIndexes, []);
      assert.equal(
        (await refused(rollback(world.at), "half_applied")).context.migration,
        "0002_steps",
      );
      await world.sql("delete from t where id = 2");
      assert.deepEqual((await migrate(world.at)).applied.map(({ name }) => name), ["0002_steps"]);
      assert.deepEqual(await names(world), ["_matrx_migrations", "s1", "s2", "s3", "t"]);
      await rollback(world.at);
      assert.deepEqual(await names(world), ["_matrx_migrations", "t"]);
      assert.deepEqual(
        await world.sql("select count(*) from pg_index where indrelid = 't'::regclass"),
        [[
          "0",
        ]],
      );
    },
  );

  test(
    `migrate() stops before a change when applied files changed or are gone, on ${kind}`,
    servers,
    async () => {
      await using world = await migrationWorld(server, SHOP);
      await migrate({ ...world.at, to: "0002" });
      await world.write("0001_shop.ts", SHOP["0001_shop.ts"].replaceAll("\n", "\r\n"));
      assert.equal((await states(world))[0], "0001_shop applied", "line ends do not count");
      await world.write("0001_shop.ts", `${SHOP["0001_shop.ts"]}// edited`);
      const changed = await refused(migrate(world.at), "migration_changed");
      assert.match(changed.message, /0001_shop/);
      assert.equal((await states(world))[0], "0001_shop changed");
      await world.remove("0001_shop.ts");
      await refused(migrate(world.at), "migration_missing");
      assert.equal((await states(world))[0], "0001_shop missing");
      assert.deepEqual(await names(world), ["_matrx_migrations", "a", "b", "c"]);
      await world.write("0001_shop.ts", SHOP["0001_shop.ts"]);
      await migrate(world.at);
      await world.remove("0003_column.ts");
      const newer = await refused(migrate(world.at), "database_is_newer");
      assert.match(newer.message, /newer than this code: it has had 0003_column/);
    },
  );

  test(`migrate() judges what comes late by its dependencies, on ${kind}`, servers, async () => {
    await using world = await migrationWorld(server, {
      "0001_a.ts": migration("create table a (id int)"),
      "0003_c.ts": migration(
        "create table c (id int)",
        [],
        'export const dependencies = ["0001_a"];',
      ),
    });
    await migrate(world.at);
    await world.write(
      "0002_b.ts",
      migration("create table b (id int)", [], 'export const dependencies = ["0001_a"];'),
    );
    const error = await refused(migrate(world.at), "unmerged_branches");
    assert.match(error.message, /0002_b and 0003_c/);
    await world.write(
      "0004_merge.ts",
      migration([], [], 'export const dependencies = ["0002_b", "0003_c"];'),
    );
    const done = await migrate(world.at);
    assert.deepEqual(done.outOfOrder, ["0002_b"]);
    assert.deepEqual(done.applied.map(({ name }) => name), ["0002_b", "0004_merge"]);
    // an applied one that builds on a pending one
    await world.write("0005_d.ts", migration("create table d (id int)"));
    await migrate(world.at);
    await world.sql("delete from _matrx_migrations where name = '0004_merge'");
    await refused(migrate(world.at), "inconsistent_history");
    assert.deepEqual((await migrate({ ...world.at, fake: true, outOfOrder: true })).recorded, [
      "0004_merge",
    ]);
    assert.deepEqual((await migrate(world.at)).applied, []);
  });

  test(`createEmpty() writes a file that runs, on ${kind}`, servers, async () => {
    await using world = await migrationWorld(server);
    await createEmpty({ folder: world.folder });
    await createEmpty({ folder: world.folder, name: "Second_one", format: "sql" });
    await createEmpty({ folder: world.folder, name: "third", transaction: false });
    assert.deepEqual(await world.files(), [
      "0001_manual.ts",
      "0002_Second_one.down.sql",
      "0002_Second_one.up.sql",
      "0003_third.ts",
    ]);
    assert.equal((await migrate(world.at)).applied.length, 3);
    assert.equal((await rollback({ ...world.at, steps: 3 })).rolledBack.length, 3);
  });

  test(`migrate() takes up a squash in place of its parts, on ${kind}`, servers, async () => {
    const squash = migration(
      ["create table a (id int)", "create table b (id int)"],
      ["drop table b", "drop table a"],
      'export const replaces = ["0001_a", "0002_b"]; export const dependencies = [];',
    );
    const parts = {
      "0001_a.ts": migration("create table a (id int)", "drop table a"),
      "0002_b.ts": migration("create table b (id int)", "drop table b"),
      "0003_c.ts": migration("create table c (id int)", "drop table c"),
    };
    await using fresh = await migrationWorld(server, { ...parts, "0002_squashed.ts": squash });
    const done = await migrate(fresh.at);
    assert.deepEqual(done.applied.map(({ name }) => name), ["0002_squashed", "0003_c"]);
    assert.deepEqual(await names(fresh), ["_matrx_migrations", "a", "b", "c"]);
    await using old = await migrationWorld(server, parts);
    await migrate({ ...old.at, to: "0001" });
    await old.write("0002_squashed.ts", squash);
    // half of it was applied: the parts go on, and the squash is written down
    const half = await migrate(old.at);
    assert.deepEqual(half.applied.map(({ name }) => name), ["0002_b", "0003_c"]);
    assert.deepEqual((await migrate(old.at)).recorded, ["0002_squashed"]);
    await old.remove("0001_a.ts");
    await old.remove("0002_b.ts");
    assert.deepEqual((await migrate(old.at)).applied, []);
    assert.equal((await rollback(old.at)).rolledBack.length, 1);
  });
}
