/** What becomes of a partitioned table when a column of its key changes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diff, plan } from "../../migrations/mod.ts";
import type { Step } from "../../migrations/plan/step.ts";
import type { Driver } from "../../src/driver/port.ts";
import { carryOut, differences, read, runScript } from "../../tools/conformance_changes.ts";
import { testDatabase } from "../support/database.ts";
import { type ServerKind, testServer } from "../support/servers.ts";

const EMPTY = "drop schema public cascade; create schema public;";

/** A partitioned table with something of every kind on it; its key has a type of the caller's. */
const events = (type: string, more = ""): string => `
  create type kind as enum ('view', 'sale');
  create function noted() returns trigger language plpgsql as
    $$begin new.note := new.note || '!'; return new; end$$;
  create table people (id int primary key);
  create table events (
    id ${type} not null, at ${type} not null, kind kind not null, note text not null,
    person int references people (id),
    primary key (id, at, kind), constraint later check (at >= 0)
  ) partition by range (id);
  create table events_low partition of events for values from (0) to (10);
  create table events_high partition of events for values from (10) to (100) partition by list (kind);
  create table "events Odd" partition of events_high for values in ('view');
  create table events_rest partition of events_high default;
  create table events_default partition of events default;
  create index on events (note) where note <> '';
  create table seen (event ${type}, at ${type}, kind kind,
    foreign key (event, at, kind) references events (id, at, kind));
  create view shown as select id, note from events;
  create materialized view counted as select count(*) as n from shown;
  create function first_event() returns ${type} language sql begin atomic select min(id) from events; end;
  create trigger noted before insert on events for each row execute function noted();
  create trigger low_noted before insert on events_low for each row execute function noted();
  comment on table events is 'what happened';
  comment on column events.note is 'in words';
  comment on table events_low is 'the first ones';
  alter table events enable row level security;
  alter table events force row level security;
  create policy mine on events using (person = 1);
  grant select on events to public;
  grant insert (note) on events_low to public;
  ${more}`;

const rows = `
  alter table events no force row level security;
  alter table events disable trigger user;
  alter table events_low disable trigger user;
  insert into people values (1);
  insert into events select n, n * 2, case when n % 2 = 0 then 'view' else 'sale' end::kind, 'n' || n, 1
    from generate_series(1, 120) n;
  insert into seen select id, at, kind from events where id <= 5;
  refresh materialized view counted;
  alter table events enable trigger user;
  alter table events_low enable trigger user;
  alter table events force row level security;`;

async function values(driver: Driver, text: string): Promise<readonly (readonly unknown[])[]> {
  return (await driver.query({ text, params: [] })).rows;
}

/** Where every row is, and what it holds. */
const PLACES =
  `select tableoid::regclass::text, id::text, at::text, kind::text, note, person from events order by 2`;

/** Leads a database from one state with rows to another. */
async function lead(
  driver: Driver,
  from: string,
  to: string,
  fill: string,
): Promise<{ readonly steps: readonly Step[]; readonly back: () => Promise<void> }> {
  await runScript(driver, `${EMPTY} ${to}`);
  const wanted = await read(driver);
  await runScript(driver, `${EMPTY} ${from}`);
  const live = await read(driver);
  await runScript(driver, fill);
  const { steps } = plan(diff(live, wanted), live, wanted);
  await carryOut(driver, { steps });
  assert.deepEqual(differences(await read(driver), wanted), []);
  return {
    steps,
    back: async () => {
      await carryOut(driver, plan(diff(wanted, live), wanted, live));
      assert.deepEqual(differences(await read(driver), live), []);
    },
  };
}

const KINDS: readonly ServerKind[] = ["pg15", "pglite"];
for (const kind of KINDS) {
  const server = await testServer(kind);
  const skip = { skip: server.skip };

  test(`plan() gives a column of a partition key another type on ${kind}`, skip, async () => {
    await using db = await testDatabase(server);
    const { steps, back } = await lead(db.driver, events("int"), events("bigint"), rows);
    const [anew, ...others] = steps.filter(({ rewrites }) => rewrites);
    assert.match(anew!.sql, /^DO /);
    assert.equal(anew!.lock?.mode, "ACCESS EXCLUSIVE");
    assert.equal(anew!.lock?.relation, 'table "public"."events"');
    assert.equal(anew!.loss, null);
    assert.deepEqual(others.map(({ lock }) => lock?.relation), [
      'table "public"."seen"',
      'table "public"."seen"',
    ]);
    const after = await values(db.driver, PLACES);
    assert.equal(after.length, 120);
    assert.deepEqual(after.find(([, id]) => id === "12"), [
      ...['"events Odd"', "12", "24", "view", "n12", "1"],
    ]);
    assert.deepEqual(await values(db.driver, "select n from counted"), [["120"]]);
    assert.deepEqual(await values(db.driver, "select count(*) from seen"), [["5"]]);
    assert.deepEqual(await values(db.driver, "select to_regclass('events__rows')"), [[null]]);
    await back();
    assert.deepEqual(await values(db.driver, PLACES), after);
  });

  test(
    `plan() keeps rows when the enum of a partition key is made anew on ${kind}`,
    skip,
    async () => {
      await using db = await testDatabase(server);
      const to = events("int").replace("('view', 'sale')", "('sale', 'view')");
      const { back } = await lead(db.driver, events("int"), to, rows);
      const after = await values(db.driver, PLACES);
      assert.equal(after.length, 120);
      await back();
      assert.deepEqual(await values(db.driver, PLACES), after);
    },
  );

  test(`plan() sorts rows anew by another partition key on ${kind}`, skip, async () => {
    await using db = await testDatabase(server);
    const state = (by: string, partitions: string): string =>
      `create table t (a int, b int, note text) partition by range (${by}); ${partitions}`;
    const half = (name: string, from: number, to: number): string =>
      `create table ${name} partition of t for values from (${from}) to (${to});`;
    const from = state("a", half("t_1", 0, 50) + half("t_2", 50, 100) + half("t_old", 100, 200));
    const to = state("b", half("t_1", 0, 50) + half("t_2", 50, 1000));
    const fill = "insert into t select n, 150 - n, 'x' || n from generate_series(0, 149) n";
    const { back } = await lead(db.driver, from, to, fill);
    const counts = "select tableoid::regclass::text, count(*) from t group by 1 order by 1";
    assert.deepEqual(await values(db.driver, counts), [["t_1", "49"], ["t_2", "101"]]);
    await back();
    assert.deepEqual(await values(db.driver, counts), [
      ...[["t_1", "50"], ["t_2", "50"], ["t_old", "50"]],
    ]);
  });

  test(
    `plan() lets a partition leave with its rows, or go with them, on ${kind}`,
    skip,
    async () => {
      await using db = await testDatabase(server);
      const part = (name: string, at: number): string =>
        `create table ${name} partition of t for values from (${at}) to (${at + 10});`;
      const from = `create table t (a int, note text) partition by range (a);
      ${part("stays", 0)} ${part("leaves", 10)} ${part("goes", 20)}`;
      const to = `create table t (a bigint, note text) partition by range (a); ${part("stays", 0)}
      create table leaves (a int, note text);`;
      const fill = "insert into t select n, 'x' || n from generate_series(0, 29) n";
      const { steps } = await lead(db.driver, from, to, fill);
      assert.deepEqual(await values(db.driver, "select count(*) from t"), [["10"]]);
      assert.deepEqual(await values(db.driver, "select count(*) from leaves"), [["10"]]);
      assert.deepEqual(steps.flatMap(({ loss }) => loss?.what ?? []), [
        'all rows of "public"."goes"',
      ]);
    },
  );

  test(`plan() tells of values that a narrower key cannot hold on ${kind}`, skip, async () => {
    await using db = await testDatabase(server);
    const state = (type: string): string =>
      `create table t (a ${type}) partition by list (a); create table t_1 partition of t default;`;
    const { steps } = await lead(
      db.driver,
      state("bigint"),
      state("int"),
      "insert into t values (1)",
    );
    const [loss] = steps.flatMap(({ loss }) => loss ?? []);
    assert.equal(loss!.what, 'what bigint can hold and integer cannot, in "public"."t"."a"');
    assert.match(loss!.count!, /^SELECT count/);
  });
}

const server = await testServer("pg15");

test("plan() refuses to make a foreign partition anew", { skip: server.skip }, async () => {
  await using db = await testDatabase(server);
  const state = (type: string): string =>
    `drop foreign data wrapper if exists far cascade;
     create foreign data wrapper far; create server away foreign data wrapper far;
     create table t (a ${type}) partition by list (a);
     create table near partition of t for values in (1);
     create foreign table remote partition of t for values in (2) server away;`;
  await assert.rejects(
    lead(db.driver, state("int"), state("bigint"), "select 1"),
    { code: "foreign_partition", message: /public\.remote is a foreign table/ },
  );
});

test(
  "plan() leads a domain to a number through what it is made of",
  { skip: server.skip },
  async () => {
    await using db = await testDatabase(server);
    const from =
      "create domain price as numeric(10,2); create table t (a price, b price, c text, d bool)";
    const to = "create domain price as int; create table t (a bigint, b price, c int, d int)";
    const { back } = await lead(db.driver, from, to, "insert into t values (1.00, 2, '3', true)");
    assert.deepEqual(await values(db.driver, "select * from t"), [["1", "2", "3", "1"]]);
    await back();
    assert.deepEqual(await values(db.driver, "select * from t"), [["1.00", "2.00", "3", "t"]]);
  },
);

test(
  "plan() sets storage and compression anew with another type",
  { skip: server.skip },
  async () => {
    await using db = await testDatabase(server);
    const state = (a: string, b: string, more: string): string =>
      `create type mood as enum ('ok'); create table t (a ${a}, b ${b});
     alter table t alter b set storage external, alter b set compression pglz ${more}`;
    const from = state("text", "varchar(10)", ", alter a set storage external");
    const to = state("mood", "varchar(20)", "");
    const { back } = await lead(db.driver, from, to, "insert into t values ('ok', 'x')");
    await back();
    assert.deepEqual(await values(db.driver, "select * from t"), [["ok", "x"]]);
  },
);
