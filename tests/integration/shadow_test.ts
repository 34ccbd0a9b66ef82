import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openShadow, type Shadow, withShadow } from "../../migrations/shadow/shadow.ts";
import { DATABASE_PREFIX } from "../../migrations/shadow/queries.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { administer, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const SCRIPT = [
  "create view v as select id, s.twice(id) as two from t",
  "create function s.twice(int) returns int language sql as 'select $1 * 2'",
  "create policy p on t to clerk using (true)",
  "grant select on t to clerk",
  "create table t (id int primary key default nextval('q'), tag citext, d hstore)",
  "create sequence q",
  "create schema s",
  "create extension citext",
  "create schema extra",
  "create extension hstore schema extra",
  "create index concurrently t_tag on t (tag)",
].map((sql, at) => ({ sql, origin: `all.sql:${at + 1}` }));

const shadows: Shadow[] = [];
after(async () => {
  for (const shadow of shadows) await shadow.close();
});

test("Shadow loads statements in whatever order they are in, and is empty after reset()", async () => {
  const shadow = await openShadow();
  shadows.push(shadow);
  await shadow.load(SCRIPT);
  const first = await shadow.read(["public", "s", "not there"]);
  for (
    const id of ['view "public"."v"', 'policy "public"."t"."p"', 'index "public"."t"."t_tag"']
  ) assert.ok(first.objects.has(id), `${id} is missing`);
  assert.ok(
    ![...first.objects.values()].some((one) => one.kind === "schema" && one.name === "extra"),
  );
  await shadow.reset();
  const empty = await shadow.read();
  assert.deepEqual([...empty.objects.keys()], ['extension "plpgsql"', 'schema "public"']);
  await shadow.load(SCRIPT.toReversed());
  assert.deepEqual([...(await shadow.read(["public", "s"])).objects], [...first.objects]);
  await shadow.reset();
});

test("Shadow is empty after reset() also when something without an owner is left", async () => {
  const [shadow] = shadows;
  await shadow!.load(["create access method heap_too type table handler heap_tableam_handler"]);
  await shadow!.reset();
  const empty = await shadow!.read();
  assert.deepEqual([...empty.objects.keys()], ['extension "plpgsql"', 'schema "public"']);
});

test("Shadow says which statement the server refuses, where it is and why", async () => {
  const [shadow] = shadows;
  await assert.rejects(
    shadow!.load([
      { sql: "create table ok (id int)", origin: "a.sql:1" },
      { sql: "create view broken as select nothing from ok", origin: "b.sql:7" },
    ]),
    (error) => {
      assert.ok(error instanceof MigrationError);
      assert.equal(error.code, "shadow_refused");
      assert.match(error.message, /b\.sql:7: create view broken.*column "nothing" does not exist/s);
      assert.doesNotMatch(error.message, /a\.sql/);
      return true;
    },
  );
  await shadow!.reset();
});

test("withShadow() goes to the live server when the embedded one lacks an extension", async (t) => {
  const server = await testServer("pg18");
  if (server.skip !== false) return t.skip(server.skip);
  await using db = await testDatabase(server);
  const lines: string[] = [];
  const places: string[] = [];
  await assert.rejects(
    withShadow({ target: db.url, onNotice: (line) => lines.push(line) }, async (shadow) => {
      places.push(shadow.place);
      await shadow.load(["create extension postgis"]);
    }),
    { code: "shadow_extension_missing" },
  );
  assert.deepEqual(places, ["embedded", "server"]);
  assert.match(lines[0]!, /lacks the extension postgis/);
});

test("A shadow on a server leaves nothing, and drops what a killed run left", async (t) => {
  const server = await testServer("pg18");
  if (server.skip !== false) return t.skip(server.skip);
  await using db = await testDatabase(server);
  const stale = `${DATABASE_PREFIX}1000_0123456789ab`;
  const fresh = `${DATABASE_PREFIX}${Date.now()}_0123456789ab`;
  await administer(server, `create database ${stale}`, `create database ${fresh}`);
  const databases = async () => {
    const { rows } = await db.driver.query({
      text: `select datname from pg_database where datname like '${DATABASE_PREFIX}%'`,
      params: [],
    });
    return rows.map(([name]) => name);
  };
  const own: (string | null | undefined)[] = [];
  await withShadow({ place: "server", target: db.url }, async (shadow) => {
    const current = { text: "select current_database()", params: [] };
    own.push((await shadow.driver.query(current)).rows[0]?.[0]);
    assert.equal(shadow.place, "server");
    await shadow.load(["create table t (id int primary key)"]);
    await shadow.reset();
    assert.ok(!(await shadow.read()).objects.has('table "public"."t"'));
    own.push((await shadow.driver.query(current)).rows[0]?.[0]);
    const names = await databases();
    assert.ok(own.every((name) => name?.startsWith(DATABASE_PREFIX)) && own[0] !== own[1]);
    assert.ok(names.includes(fresh) && !names.includes(stale), String(names));
  });
  await assert.rejects(
    withShadow({ place: db.url }, () => Promise.reject(new Error("in the middle"))),
    /in the middle/,
  );
  const left = await databases();
  await administer(server, `drop database ${fresh}`);
  assert.ok(left.includes(fresh));
  assert.deepEqual(left.filter((name) => own.includes(name)), []);
  await assert.rejects(openShadow({ place: "server" }), { code: "shadow_without_server" });
  await assert.rejects(openShadow({ place: "elsewhere" }), { code: "shadow_without_server" });
});
