import assert from "node:assert/strict";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import type { Driver } from "../../src/driver/port.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { administer, driverOptions, testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";

const script = `
  create schema app;
  create schema "a,""b}\\";
  create schema hidden;
  create table public.open (id int primary key);
  create table app.users (id int primary key, mail text);
  create table "a,""b}\\".t (id int references app.users);
  create table app.secret (id int);
  create table app.partly (id int, secret text);
  create view app.v as select 1 as one;
  create table hidden.t (id int);
  create operator app.@@@ (leftarg = int, rightarg = int, function = int4eq);
  create function public.noop() returns event_trigger language plpgsql as $$ begin end $$;
  create type app.words;
  create event trigger watcher on ddl_command_end execute function public.noop();`;

const names = (catalog: Catalog) =>
  objectsOf(catalog, "table").map((table) => `${table.schema}.${table.name}`);
const unmodelled = (catalog: Catalog) =>
  objectsOf(catalog, "unmodelled").map(({ what, name }) => `${what} ${name}`);

async function load(driver: Driver, text: string): Promise<void> {
  const connection = await driver.acquire();
  await connection.script(text);
  connection.release();
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(
    `introspect() keeps to the schemas asked for on ${kind}`,
    { skip: server.skip },
    async () => {
      await using db = await testDatabase(server);
      await load(db.driver, script);

      const { catalog: every } = await introspect(db.driver);
      assert.deepEqual(objectsOf(every, "schema").map(({ name }) => name), [
        'a,"b}\\',
        "app",
        "hidden",
        "public",
      ]);
      assert.deepEqual(unmodelled(every), ["type app.words"]);
      assert.ok(every.objects.has(`operator "app"."@@@(integer,integer)"`));
      assert.ok(every.objects.has(`event trigger "watcher"`));

      const { catalog: odd } = await introspect(db.driver, { schemas: ['a,"b}\\'] });
      assert.deepEqual(names(odd), ['a,"b}\\.t']);
      assert.deepEqual(unmodelled(odd), []);
      assert.ok(!odd.objects.has(`operator "app"."@@@(integer,integer)"`));
      assert.ok(odd.objects.has(`event trigger "watcher"`));
      const key = objectsOf(odd, "constraint")[0];
      assert.ok(key?.type === "foreign");
      assert.deepEqual(key.references, { schema: "app", table: "users", columns: ["id"] });

      const { catalog: bare } = await introspect(db.driver, { unmodelled: false });
      assert.deepEqual(unmodelled(bare), []);
      assert.equal(names(bare).length, 6);

      const { catalog: none } = await introspect(db.driver, { schemas: [] });
      assert.deepEqual(names(none), []);
    },
  );

  test(`introspect() names a missing schema on ${kind}`, { skip: server.skip }, async () => {
    await using db = await testDatabase(server);
    await load(db.driver, "create schema billing");
    await assert.rejects(
      introspect(db.driver, { schemas: ["public", "biling"] }),
      (error) =>
        error instanceof ConfigurationError && error.code === "schema_not_found" &&
        error.message === `Cannot read schema "biling": the database has no such schema` &&
        error.hint === `Did you mean "billing"?`,
    );
    // The connection is whole again.
    assert.deepEqual(names((await introspect(db.driver)).catalog), []);
    await load(db.driver, "create table public.t ()");
    assert.deepEqual(names((await introspect(db.driver)).catalog), ["public.t"]);
  });

  test(
    `introspect() is not misled by temporary tables on ${kind}`,
    { skip: server.skip },
    async () => {
      await using db = await testDatabase(server, { options: { poolMax: 1 } });
      await load(db.driver, "create table public.t (id int)");
      await load(
        db.driver,
        "create temporary table pg_class (oid oid); create temporary table text ()",
      );
      assert.deepEqual(names((await introspect(db.driver)).catalog), ["public.t"]);
    },
  );

  // The embedded server has one session, that of its superuser.
  const skip = server.skip || kind === "pglite" && "the embedded server has one role at a time";
  test(`introspect() needs no rights on tables on ${kind}`, { skip }, async () => {
    await using db = await testDatabase(server);
    await load(db.driver, script);
    const role = `reader_${crypto.randomUUID().slice(0, 8)}`;
    await administer(server, `create role ${role} login password 'reader'`);
    try {
      await load(
        db.driver,
        `grant usage on schema app to ${role}; grant select on app.users, app.v to ${role};
        grant select (id) on app.partly to ${role}; grant select on hidden.t to ${role};
        grant select on public.open to ${role};`,
      );
      const url = new URL(db.url);
      url.username = role;
      url.password = "reader";
      const reader = openNodePg(driverOptions(url.href));
      try {
        const { catalog, unreadable } = await introspect(reader);
        const { catalog: whole } = await introspect(db.driver);
        assert.deepEqual(catalog, whole);
        assert.deepEqual(unreadable, [
          { schema: 'a,"b}\\', name: "t" },
          { schema: "app", name: "partly" },
          { schema: "app", name: "secret" },
          { schema: "hidden", name: "t" },
        ]);
      } finally {
        await reader.close();
      }
    } finally {
      await load(db.driver, `drop owned by ${role}`);
      await administer(server, `drop role ${role}`);
    }
  });
}
