/** `makemigrations()` over kinds of objects that are hard to change, and over what is hard to read. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import {
  foreignKey,
  index,
  integer,
  model,
  primaryKey,
  sql,
  text,
  timestamptz,
} from "../../mod.ts";
import { generate } from "../../generator/mod.ts";
import {
  makemigrations,
  type MakeMigrationsOptions,
  type MakeMigrationsResult,
  migrate,
  rollback,
  sqlObject,
} from "../../migrations/mod.ts";
import { readLive } from "../../migrations/make/compare.ts";
import { differences } from "../../migrations/make/proof.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { administer, testDatabase, urlOf } from "../support/database.ts";
import { emptyFolder, LIBRARY, runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";
import { importFrom, make } from "./makemigrations_world.ts";
import { type MigrationWorld, migrationWorld } from "./migrate_world.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };

/** Makes a migration, applies it, takes it back and applies it again; both catalogs have to come back. */
async function goes(
  world: MigrationWorld,
  models: readonly unknown[],
  more: MakeMigrationsOptions = {},
): Promise<MakeMigrationsResult> {
  const before = await readLive(world.db.driver);
  const made = await make(world, models, more);
  assert.notEqual(made.name, null);
  await migrate(world.at);
  const after = await readLive(world.db.driver);
  await rollback(world.at);
  assert.deepEqual(differences(await readLive(world.db.driver), before, {}), []);
  await migrate(world.at);
  assert.deepEqual(differences(await readLive(world.db.driver), after, {}), []);
  // a rename is told once
  const again = await make(world, models, { ...more, renames: [] });
  assert.equal(again.name, null, JSON.stringify(again.changes));
  return made;
}

test("makemigrations() makes keys in a circle, and what has no key", skip, async () => {
  await using world = await migrationWorld(server);
  class Team extends model("teams", {
    id: integer().identity().primaryKey(),
    leadId: integer().references(() => Person).nullable(),
  }) {}
  class Person extends model("people", {
    id: integer().identity().primaryKey(),
    teamId: foreignKey<Team>(() => Team),
    bossId: integer().references(() => Person).nullable(),
  }) {}
  class Log extends model("log", { at: timestamptz(), line: text().nullable() }) {}
  await goes(world, [Team, Person, Log]);
  // the circle goes as one
  const gone = await goes(world, [Log], { allowLoss: ["teams", "people"] });
  assert.deepEqual(gone.losses.map(({ object }) => object).sort(), [
    "public.people",
    "public.teams",
  ]);
});

test(
  "makemigrations() makes nothing of an extension that is older than the shadow's",
  skip,
  async () => {
    await using world = await migrationWorld(server);
    await world.sql("create extension hstore version '1.4'");
    class Note extends model("notes", { id: integer().identity().primaryKey() }) {}
    const extension = sqlObject("hstore", "create extension hstore");
    const made = await goes(world, [Note], { objects: [extension] });
    assert.deepEqual(
      made.changes.map(({ kind }) => kind).filter((kind) => kind === "extension"),
      [],
    );
    const [found] = objectsOf(await readLive(world.db.driver), "extension")
      .filter(({ name }) => name === "hstore");
    assert.equal(found?.version, "1.4");
  },
);

test(
  "a table that comes back has its privileges, though models say nothing of any",
  skip,
  async () => {
    await using world = await migrationWorld(server);
    class Note extends model("notes", { id: integer().identity().primaryKey() }) {}
    class Tag extends model("tags", { id: integer().identity().primaryKey(), name: text() }) {}
    await goes(world, [Note, Tag]);
    await world.sql("grant select on tags to public");
    await world.sql("grant update (name) on tags to public");
    await world.sql("grant insert on notes to public");
    const gone = await goes(world, [Note], { allowLoss: ["tags"] });
    assert.deepEqual(gone.losses.map(({ object }) => object), ["public.tags"]);
  },
);

test("privileges on the sequence of an identity come, stay and go", skip, async () => {
  await using world = await migrationWorld(server);
  await world.sql("alter default privileges grant usage on sequences to pg_monitor");
  await world.sql("alter default privileges grant select on tables to pg_monitor");
  class Note extends model("notes", { id: integer().identity().primaryKey() }) {}
  class Tag extends model("tags", { id: integer().identity().primaryKey(), n: integer() }) {}
  const grant = (table: string) =>
    sqlObject("readers", `grant select, usage on sequence ${table}_id_seq to pg_read_all_data`);
  const all = sqlObject(
    "opened",
    `alter default privileges for role postgres grant usage on sequences to pg_monitor;
     alter default privileges for role postgres grant select on tables to pg_monitor`,
  );
  await goes(world, [Note, Tag], { objects: [grant("notes"), all], dropUnmanaged: true });
  const held = objectsOf(await readLive(world.db.driver), "privilege").map(({ on, grantee }) =>
    [on.kind, ...on.name, grantee].join(" ")
  );
  assert.deepEqual(held, ["identity public notes id pg_read_all_data"]);
  class Entry extends model("entries", { id: integer().identity().primaryKey() }) {}
  await goes(world, [Entry, Tag], {
    objects: [grant("entries"), all],
    renames: ["notes:entries"],
    dropUnmanaged: true,
  });
  class Numbered extends model("tags", {
    id: integer().identity().primaryKey(),
    n: integer().identity(),
  }) {}
  await goes(world, [Entry, Numbered], { objects: [grant("entries"), all], dropUnmanaged: true });
  await goes(world, [Numbered], { objects: [all], dropUnmanaged: true, allowLoss: true });
});

test("makemigrations() drops all where nothing is declared and that was said", skip, async () => {
  await using world = await migrationWorld(server);
  await world.sql("create function twice(n integer) returns integer language sql return n * 2");
  await world.sql("grant execute on function twice(integer) to pg_monitor");
  await world.sql("create table notes (id integer primary key)");
  const nothing = { objects: [], allowLoss: true } as const;
  await assert.rejects(make(world, [], nothing), { code: "no_models" });
  await goes(world, [], { ...nothing, dropUnmanaged: true });
  assert.deepEqual(objectsOf(await readLive(world.db.driver), "table"), []);
});

test("makemigrations() changes identities, sequences and partitions", skip, async () => {
  await using world = await migrationWorld(server);
  const parted = (partitions: readonly { table: string; bound: ReturnType<typeof sql> }[]) =>
    class extends model("events", {
      id: integer().identity(),
      at: timestamptz(),
      kind: text().default("x"),
    }, {
      primaryKey: ["id", "at"],
      partitionBy: sql`RANGE (at)`,
      partitions,
      indexes: [index("kind")],
    }) {};
  const year = (n: number) => ({
    table: `events_${n}`,
    bound: sql`FOR VALUES FROM (${`${n}-01-01`}) TO (${`${n + 1}-01-01`})`,
  });
  class Plain extends model("plain", { id: integer().primaryKey() }) {}
  const counter = (more: string) => [sqlObject("counter", `create sequence counter ${more}`)];
  await goes(world, [parted([year(2024)]), Plain], { objects: counter("") });
  class Counted extends model("plain", {
    id: integer().identity("by default", { increment: 5 }).primaryKey(),
  }) {}
  await goes(world, [parted([year(2024), year(2025)]), Counted], {
    objects: counter("increment 10 cache 3"),
  });
  const fewer = await goes(world, [parted([year(2025)]), Counted], {
    objects: counter("increment 10 cache 3"),
    allowLoss: true,
  });
  assert.ok(fewer.losses.some(({ object }) => object === "public.events_2024"));
});

test("makemigrations() carries hostile names and texts to the file and back", skip, async () => {
  await using world = await migrationWorld(server);
  const odd = 'a"b.c`${x}\\ */ ; -- \u202e';
  class Odd extends model(odd, {
    id: integer().column("id; drop table x").primaryKey(),
    label: text().column("Ünï`c").default("it's `${1}` \\ */"),
  }, { comment: "*/ `${process}` \n-- end", indexes: [index("label").named('i"x')] }) {}
  await goes(world, [Odd]);
  class Fewer extends model(odd, { id: integer().column("id; drop table x").primaryKey() }) {}
  const quoted = `"${odd.replaceAll('"', '""')}"`;
  await assert.rejects(make(world, [Fewer], { renames: [`${quoted}.nothing:x`] }), {
    code: "rename_matches_nothing",
  });
  class Renamed extends model(odd, {
    id: integer().column("id; drop table x").primaryKey(),
    label: text().column('new".name').default("it's `${1}` \\ */"),
  }, { comment: "*/ `${process}` \n-- end", indexes: [index("label").named('i"x')] }) {}
  const renames = [`${quoted}."Ünï\`c":"new"".name"`];
  const made = await goes(world, [Renamed], { renames, format: "sql" });
  assert.deepEqual(made.losses, []);
});

test("makemigrations() writes nothing where the proof fails", skip, async () => {
  await using world = await migrationWorld(server);
  class Order extends model("orders", { id: integer().primaryKey(), note: text() }) {}
  await make(world, [Order]);
  await migrate(world.at);
  await world.sql("create schema reports");
  await world.sql("create view reports.notes as select note from orders");
  class Bare extends model("orders", { id: integer().primaryKey() }) {}
  const files = await world.files();
  const snapshot = await world.read("snapshot.json");
  await assert.rejects(make(world, [Bare], { allowLoss: true }), (error: Error) => {
    assert.match(error.message, /The way up fails in the shadow.*note.*CREATE VIEW "reports"/s);
    return true;
  });
  assert.deepEqual([await world.files(), await world.read("snapshot.json")], [files, snapshot]);
});

test("makemigrations() needs no right on the tables that it compares", skip, async () => {
  const role = "matrx_makes_only";
  await using db = await testDatabase(server);
  await runScript(db.driver, "create table notes (id int primary key, body text)");
  await administer(
    server,
    `drop role if exists ${role}`,
    `create role ${role} login password 'x' nosuperuser`,
  );
  const url = new URL(urlOf(server, db.name));
  [url.username, url.password] = [role, "x"];
  await using folder = await emptyFolder();
  class Note extends model("notes", { id: integer().primaryKey() }) {}
  const database = "makes_only";
  registerDatabase({ name: database, url: url.href });
  try {
    const options = { database, folder: folder.path, models: [Note], objects: [] };
    const made = await makemigrations({
      ...options,
      shadow: db.url,
      allowLoss: true,
      dryRun: true,
    });
    assert.deepEqual(made.losses.map(({ object, rows }) => [object, rows]), [
      ["public.notes.body", null],
    ]);
    await assert.rejects(makemigrations({ ...options, shadow: "server" }), {
      code: "shadow_not_permitted",
    });
  } finally {
    await closeDatabase(database);
    await administer(server, `drop role if exists ${role}`);
  }
});

test(
  "makemigrations() takes composite keys and a database that a driver opened",
  skip,
  async () => {
    await using world = await migrationWorld(server);
    class Link extends model("links", {
      left: integer(),
      right: integer(),
    }, { constraints: [primaryKey(["left", "right"])] }) {}
    const { folder } = world;
    const made = await makemigrations({
      driver: world.db.driver,
      folder,
      models: [Link],
      objects: [],
      shadow: world.db.url,
      importFrom,
    });
    assert.equal(made.name, "0001_create_links");
    await assert.rejects(makemigrations({ driver: world.db.driver, offline: true }), {
      code: "conflicting_options",
    });
    // @ts-expect-error there is no such option
    await assert.rejects(makemigrations({ alowLoss: true }), { code: "unknown_option" });
  },
);

const shop = new URL("../../examples/shop/schema.sql", import.meta.url);
const torture = new URL("./introspect_torture.sql", import.meta.url);

/** What the catalog cannot describe cannot be built in a shadow, and nor can what stands on it. */
const UNDESCRIBED = [
  /create type t\.base_type;[^]*?create cast [^;]*;/,
];

for (
  const { name, kind, script } of [
    { name: "the torture schema", kind: "pg18", script: torture },
    // with the embedded shadow, as most users have it
    { name: "the shop", kind: "pglite", script: shop },
  ] as const
) {
  const on = await testServer(kind);
  test(`makemigrations() has nothing to do right after generate --with-objects of ${name}`, {
    skip: on.skip,
  }, async () => {
    await using folder = await emptyFolder();
    await using world = await migrationWorld(on);
    let text = await readFile(script, "utf8");
    for (const part of UNDESCRIBED) text = text.replace(part, "");
    await runScript(world.db.driver, text);
    const { database } = world.at;
    const schema = objectsOf(await readLive(world.db.driver), "schema").map((one) => one.name);
    const [models, objects] = [join(folder.path, "models"), join(folder.path, "objects")];
    const written = { out: models, withObjects: true, objects, importFrom: LIBRARY };
    await generate({ database, schema, ...written });
    const made = await makemigrations({
      ...world.at,
      models,
      objects,
      dropUnmanaged: true,
      ...(kind === "pg18" ? { shadow: world.db.url } : {}),
    });
    assert.deepEqual(made.changes, []);
    assert.deepEqual(await world.files(), []);
  });
}
