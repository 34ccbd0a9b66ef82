/** Transactions that are rolled back, an embedded database, statements that are written down. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  check,
  citext,
  closeDatabase,
  databaseNames,
  domain,
  enumeration,
  index,
  integer,
  manyToMany,
  model,
  registerDatabase,
  sql,
  text,
  transaction,
  vector,
} from "../../mod.ts";
import { embedded, recording, rollback } from "../../src/testing/mod.ts";
import { testDatabase } from "../support/database.ts";
import { runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";

const TABLES = "create table tags (id int primary key, label text not null)";

class Tag extends model("tags", { id: integer().primaryKey(), label: text() }, {
  database: "rollback",
}) {}

const given = await testServer("pg18");
const server = given.skip === false ? given : await testServer("pglite");
const db = await testDatabase(server, { options: { poolMax: 8 } });
await runScript(db.driver, TABLES);
registerDatabase({ name: "rollback", driver: db.driver });
after(async () => {
  await closeDatabase("rollback");
  await db[Symbol.asyncDispose]();
});

const alone = { database: "rollback" };

test("rollback() gives what its function gives, and undoes what it did", async () => {
  const found = await rollback(async () => {
    await Tag.create({ id: 1, label: "a" });
    return await Tag.count();
  }, alone);
  assert.equal(found, 1);
  assert.equal(await Tag.count(), 0);
});

test("embedded() refuses a name that is taken, and leaves its database alone", async () => {
  await using first = await embedded({ name: "taken", sql: TABLES });
  await assert.rejects(embedded({ name: "taken", sql: TABLES }), {
    code: "database_already_registered",
  });
  await first.run("insert into tags values (1, 'a')");
});

test("rollback() throws what its function throws, and undoes what it did", async () => {
  const fault = new Error("mine");
  const run = rollback(async () => {
    await Tag.create({ id: 1, label: "a" });
    throw fault;
  }, alone);
  await assert.rejects(run, (error) => error === fault);
  assert.equal(await Tag.count(), 0);
});

test("rollback() does keep tests apart that run side by side", async () => {
  const counts = await Promise.all(Array.from({ length: 6 }, (_, at) =>
    rollback(async () => {
      await Tag.bulkCreate(Array.from({ length: at + 1 }, (_, id) => ({
        id: at * 100 + id,
        label: `test ${at}`,
      })));
      await new Promise((done) => setTimeout(done, 5));
      return await Tag.count();
    }, alone)));
  assert.deepEqual(counts, [1, 2, 3, 4, 5, 6]);
  assert.equal(await Tag.count(), 0);
});

test("rollback() makes a transaction inside a savepoint, and never calls afterCommit()", async () => {
  const calls: string[] = [];
  await rollback(async (outer) => {
    outer.afterCommit(() => void calls.push("outer"));
    await transaction(async (tx) => {
      tx.afterCommit(() => void calls.push("inner"));
      tx.afterRollback(() => void calls.push("undone"));
      await Tag.create({ id: 1, label: "kept" });
    }, alone);
    await assert.rejects(transaction(async () => {
      await Tag.create({ id: 2, label: "undone" });
      throw new Error("mine");
    }, alone));
    assert.deepEqual((await Tag.all()).map(({ id }) => id), [1]);
  }, alone);
  assert.deepEqual(calls, ["undone"]);
});

test("rollback() inside of another one undoes its own part alone", async () => {
  await rollback(async () => {
    await Tag.create({ id: 1, label: "outer" });
    await rollback(async () => void await Tag.create({ id: 2, label: "inner" }), alone);
    assert.equal(await Tag.count(), 1);
  }, alone);
});

test("rollback() refuses what is no function, and takes a transaction by hand", async () => {
  await assert.rejects(rollback(5 as never), { code: "invalid_argument" });
  await rollback(async (tx) => {
    await Tag.using(tx).create({ id: 1, label: "a" });
    assert.equal(await Tag.using(tx).count(), 1);
  }, alone);
});

test("embedded() opens databases of their own and forgets them when they close", async () => {
  const before = databaseNames();
  {
    await using one = await embedded({ sql: [TABLES, "insert into tags values (1, 'one')"] });
    await using two = await embedded({ sql: TABLES });
    assert.notEqual(one.name, two.name);
    await two.run("insert into tags values (2, 'two'); insert into tags values (3, 'three')");
    assert.deepEqual((await Tag.using(one.name).all()).map(({ label }) => label), ["one"]);
    assert.equal(await Tag.using(two.name).count(), 2);
  }
  assert.deepEqual(databaseNames(), before);
});

test("embedded() makes the tables of models, of a list or a module", async () => {
  class Shelf extends model("shelves", {
    id: integer().primaryKey().identity(),
    kind: enumeration("shelf_kind", ["low", "high"]).default("low"),
    size: domain("shelf_size", integer()),
    place: vector(2).nullable(),
    labels: manyToMany<Label>(() => Label, {
      through: "shelf_labels",
      source: "shelf_id",
      target: "label_id",
    }),
  }, { constraints: [check(sql`size > 1`)], indexes: [index("kind")] }) {}
  class Label extends model("labels", { id: integer().primaryKey(), name: citext() }) {}
  for (const models of [[Shelf, Label], { Shelf, Label, other: 5 }]) {
    await using db = await embedded({
      models,
      before: "create domain shelf_size as integer check (value < 100)",
      sql: "insert into labels values (1, 'New')",
    });
    const shelf = await Shelf.using(db.name).create({ size: 2, place: [1, 0] });
    assert.deepEqual([shelf.kind, shelf.place], ["low", [1, 0]]);
    assert.equal(await shelf.addM2m("labels", 1), 1);
    assert.equal(await Label.using(db.name).count({ name: "NEW" }), 1);
    for (const size of [1, 100]) {
      await assert.rejects(Shelf.using(db.name).create({ size }), { name: "CheckViolationError" });
    }
  }
});

test("embedded() refuses what is no model, and forgets the database", async () => {
  const before = databaseNames();
  await assert.rejects(embedded({ models: [5] }), { name: "ConfigurationError" });
  assert.deepEqual(databaseNames(), before);
});

test("embedded() closes what it opened when its SQL fails, and refuses a taken name", async () => {
  const before = databaseNames();
  await assert.rejects(embedded({ sql: "create tabel x ()" }), { code: "syntax_error" });
  await assert.rejects(embedded({ name: "rollback" }), { code: "database_already_registered" });
  assert.deepEqual(databaseNames(), before);
});

test("recording() writes down what a call sends", async () => {
  const recorder = recording();
  registerDatabase({ name: "recorded", driver: recorder });
  const [statement] = await recorder.capture(() => Tag.using("recorded").count());
  assert.equal(statement?.text, 'select count(*) from "public"."tags" as "t0"');
  await closeDatabase("recorded");
});
