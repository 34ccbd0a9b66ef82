/** Writes made outside of the library, told by triggers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boolean,
  char,
  closeDatabase,
  date,
  decimal,
  integer,
  model,
  registerDatabase,
  sql,
  text,
} from "../../mod.ts";
import { introspect } from "../../generator/introspect/introspect.ts";
import {
  cacheSyncSql,
  cacheSyncTriggers,
  diff,
  normalise,
  readDeclared,
  withShadow,
} from "../../migrations/mod.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type ServerKind, serverKinds, testServer } from "../support/servers.ts";
import { eventually, isOpen, runSql } from "./cache_sync_world.ts";

const HOSTILE = `odd "table"; -- $1 'x' %I \\`;

const TABLES = `
  create schema "my ""schema";
  create table "my ""schema"."${HOSTILE.replaceAll('"', '""')}" (
    "a ""key" bool, "%s" char(5), "d'" date, n numeric(10, 2), "é\\" text, val text,
    primary key ("a ""key", "%s", "d'", n, "é\\"));
  create table parts (id int, val text, primary key (id)) partition by range (id);
  create table parts_low partition of parts for values from (0) to (100);
  create table elders (id int primary key, val text);
  create table heirs (primary key (id)) inherits (elders);
`;

// deno-lint-ignore explicit-function-return-type -- what it gives is a bag of classes
function models(database: string) {
  const cache = { database, cache: "permanent" } as const;
  class Odd extends model(HOSTILE, {
    key: boolean().column('a "key'),
    word: char(5).column("%s"),
    day: date().column("d'"),
    n: decimal(10, 2),
    accent: text().column("é\\"),
    val: text().nullable(),
  }, {
    ...cache,
    schema: 'my "schema',
    primaryKey: ["key", "word", "day", "n", "accent"],
  }) {}
  class Part extends model("parts", { id: integer().primaryKey(), val: text().nullable() }, {
    ...cache,
    partitionBy: sql`range (id)`,
  }) {}
  class Elder extends model("elders", { id: integer().primaryKey(), val: text().nullable() }, {
    ...cache,
  }) {}
  class Heir extends model("heirs", { id: integer().primaryKey(), val: text().nullable() }, {
    ...cache,
    inherits: [["public", "elders"]],
  }) {}
  return { Odd, Part, Elder, Heir };
}

interface World {
  readonly db: TestDatabase;
  readonly models: ReturnType<typeof models>;
  /** Whether a lookup is answered without the database. */
  isCached(lookup: () => Promise<unknown>): Promise<boolean>;
}

function testTriggers(
  title: string,
  check: (world: World) => Promise<void>,
  kinds: readonly ServerKind[] = ["pg18", "pg15"],
): void {
  for (const kind of kinds) {
    test(`${title} on ${kind}`, async (t) => {
      const server = await testServer(kind);
      if (server.skip !== false) return t.skip(server.skip);
      await using db = await testDatabase(server);
      await runSql(db, TABLES);
      const name = `triggers ${kind} ${crypto.randomUUID()}`;
      const all = models(name);
      // twice: it may be run again
      for (let round = 0; round < 2; round++) await runSql(db, cacheSyncSql(Object.values(all)));
      let sent = 0;
      registerDatabase({
        name,
        ...(db.url.startsWith("pglite") ? { driver: db.driver } : { url: db.url }),
        cacheSync: true,
        onQuery: ({ origin }) => void (origin.model !== null && sent++),
      });
      const isCached = async (lookup: () => Promise<unknown>): Promise<boolean> => {
        const before = sent;
        await lookup();
        return sent === before;
      };
      try {
        await eventually(async () => {
          await all.Elder.getOrNull({ id: -1 });
          return await isOpen(name);
        }, "it listens");
        await check({ db, models: all, isCached });
      } finally {
        await closeDatabase(name);
      }
    });
  }
}

testTriggers("a trigger does tell the keys as a client reads them", async (world) => {
  const { Odd } = world.models;
  const table = `"my ""schema"."${HOSTILE.replaceAll('"', '""')}"`;
  const key = (n: string) => ({
    ...{ key: true, word: "ab   ", day: "2026-02-01", n, accent: 'q"\\\u0001é😀' },
  });
  for (const n of ["1.50", "2.50"]) await Odd.create({ ...key(n), val: "old" });
  const read = async (n: string): Promise<string | null> => (await Odd.get(key(n))).val;
  const change = `set datestyle = 'German'; update ${table} set val = 'new' where n = 1.5; ` +
    "reset datestyle";
  await read("1.50");
  await read("2.50");
  assert.ok(await world.isCached(() => read("1.50")));
  await runSql(world.db, `begin; update ${table} set val = 'no' where n = 1.5; rollback`);
  await runSql(world.db, `update ${table} set val = 'no' where false`);
  await runSql(world.db, change);
  await eventually(async () => await read("1.50") === "new", "the change is seen");
  // the other row was not dropped
  assert.ok(await world.isCached(() => read("2.50")));
  await runSql(world.db, `delete from ${table} where n = 2.5`);
  await eventually(async () => await Odd.getOrNull(key("2.50")) === null, "the delete is seen");
  await read("1.50");
  await runSql(world.db, `truncate ${table}`);
  await eventually(async () => await Odd.getOrNull(key("1.50")) === null, "truncate is seen");
}, serverKinds);

testTriggers("many rows and long keys do make the whole table void", async ({ db, models }) => {
  const { Elder, Odd } = models;
  await runSql(db, "insert into elders select n, 'old' from generate_series(1, 300) as n");
  await Elder.get({ id: 7 });
  await runSql(db, "update elders set val = 'new'");
  await eventually(async () => (await Elder.get({ id: 7 })).val === "new", "many rows");
  const key = {
    key: false,
    word: "abcde",
    day: "2026-02-01",
    n: "1.00",
    accent: "é".repeat(1_300),
  };
  const other = { ...key, n: "2.00" };
  await Odd.bulkCreate([{ ...key, val: "old" }, { ...other, val: "old" }, { ...key, n: "3.00" }]);
  await Odd.get(key);
  const table = `"my ""schema"."${HOSTILE.replaceAll('"', '""')}"`;
  await runSql(db, `update ${table} set val = 'new'`);
  await eventually(async () => (await Odd.get(key)).val === "new", "long keys");
});

testTriggers("rows of partitions and of heirs are told", async ({ db, models, isCached }) => {
  const { Part, Elder, Heir } = models;
  await Part.bulkCreate([{ id: 1, val: "old" }, { id: 2, val: "old" }]);
  await runSql(db, "insert into elders values (1, 'old'); insert into heirs values (9, 'old')");
  const seen = async (title: string, read: () => Promise<string | null>, change: string) => {
    const before = await read();
    assert.ok(await isCached(read), title);
    await runSql(db, change);
    await eventually(async () => await read() !== before, title);
  };
  const part = async (): Promise<string | null> => (await Part.get({ id: 1 })).val;
  await Part.get({ id: 2 });
  await seen("by the parent", part, "update parts set val = 'a' where id = 1");
  await seen("by the partition", part, "update parts_low set val = 'b' where id = 1");
  assert.ok(await isCached(() => Part.get({ id: 2 })));
  await runSql(db, "create table parts_high partition of parts for values from (100) to (200)");
  await Part.create({ id: 150, val: "old" });
  const late = async (): Promise<string | null> => (await Part.get({ id: 150 })).val;
  await seen("a later partition", late, "update parts_high set val = 'b' where id = 150");
  const heir = async (): Promise<string | null> => (await Heir.get({ id: 9 })).val;
  const elder = async (): Promise<string | null> => (await Elder.get({ id: 9 })).val;
  await seen("an heir by its parent", heir, "update elders set val = 'c' where id = 9");
  await seen("an heir by itself", heir, "update heirs set val = 'd' where id = 9");
  await seen("a parent by its heir", elder, "update heirs set val = 'e' where id = 9");
});

test("what cacheSyncTriggers() declares is what its script makes", async (t) => {
  const server = await testServer("pg18");
  if (server.skip !== false) return t.skip(server.skip);
  await using db = await testDatabase(server);
  class Shop extends model("shops", { id: integer().primaryKey() }, { cache: "instant" }) {}
  class Part extends model("parts", { id: integer().primaryKey() }, {
    cache: "instant",
    partitionBy: sql`range (id)`,
  }) {}
  const declared = [Shop, Part];
  await runSql(
    db,
    "create table shops (id int primary key); " +
      "create table parts (id int primary key) partition by range (id)",
  );
  await runSql(db, cacheSyncSql(declared));
  const { catalog: live } = await introspect(db.driver);
  const changes = await withShadow({}, async (shadow) => {
    const objects = [cacheSyncTriggers(declared)];
    const wanted = await readDeclared(shadow, { models: declared, objects });
    const triggers = Array.from(wanted.objects.values(), ({ kind }) => kind)
      .filter((kind) => kind === "trigger");
    assert.equal(triggers.length, 5);
    await shadow.reset();
    return diff(await normalise(shadow, live), wanted);
  });
  assert.deepEqual(changes, []);
});

test("cacheSyncSql() does refuse models of which nothing is cached", () => {
  class Off extends model("off", { id: integer().primaryKey() }, { cache: "off" }) {}
  class Bare extends model("bare", { id: integer() }) {}
  assert.throws(() => cacheSyncSql([Off, Bare]), { code: "nothing_to_sync" });
});
