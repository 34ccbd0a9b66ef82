import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import {
  closeDatabase,
  integer,
  model,
  registerDatabase,
  sql,
  text,
  transaction,
} from "../../mod.ts";
import { recording } from "../../src/drivers/recording.ts";
import type { Recording, RecordingOptions } from "../../src/drivers/recording.ts";

const SECRET = "Ann-of-nowhere";
const SELECT = 'select t0."id", t0."name" from "people" as t0 where t0."id" = $1';

let count = 0;

// deno-lint-ignore explicit-function-return-type -- what it gives is a class
function open(options?: RecordingOptions) {
  const database = `recorded_${++count}`;
  const recorder = recording(options);
  registerDatabase({ name: database, driver: recorder });
  after(() => closeDatabase(database));
  class Person extends model("people", { id: integer().primaryKey(), name: text() }, {
    database,
  }) {}
  return { database, recorder, Person };
}

function texts({ statements }: Recording): string[] {
  return statements.map((one) => one.text);
}

test("recording() answers without a database", async () => {
  const person = { rows: [["7", "Ann"]] };
  const { recorder, Person } = open({
    answers: ({ text }) => text.startsWith("select") ? person : undefined,
  });
  const row = await Person.filter({ id: 7 }).getOrNull();
  assert.deepEqual([row?.id, row?.name, row instanceof Person], [7, "Ann", true]);
  assert.deepEqual(recorder.statements.map(({ rows }) => rows?.rows), [[["7", "Ann"]]]);
  recorder.clear();
  assert.equal(recorder.statements.length, 0);
});

test("recording() answers by text, with columns, counts and errors", async () => {
  const refused = new Error("no");
  const { Person } = open({
    answers: {
      "select 1 as n": { columns: [{ name: "n", typeOid: 23 }], rows: [["1"]] },
      "delete it": { affected: 3 },
      "fail": { error: refused },
    },
  });
  assert.deepEqual(await Person.rawSql(sql`select 1 as n`), [{ n: 1 }]);
  assert.deepEqual(await Person.rawSql(sql`delete it`), []);
  await assert.rejects(Person.rawSql(sql`fail`), refused);
});

test("recording() says which statement has no answer, or gives no rows", async () => {
  const { recorder, Person } = open();
  await assert.rejects(Person.filter({ id: 7 }).all(), (error) => {
    const { code, message } = error as { code: string; message: string };
    assert.equal(code, "unanswered_statement");
    assert.match(message, /has no answer to: select /);
    return true;
  });
  assert.equal((recorder.statements[0]?.error as { code: string }).code, "unanswered_statement");
  const empty = open({ unanswered: "empty" });
  assert.deepEqual(await empty.Person.all(), []);
});

test("capture() gives the SQL of a write without a database", async () => {
  const { recorder, Person } = open();
  const [insert, ...none] = await recorder.capture(() => Person.create({ id: 1, name: SECRET }));
  assert.equal(
    insert?.text,
    'insert into "public"."people" ("id", "name") values ($1, $2) returning "id", "name"',
  );
  assert.deepEqual([insert?.params.reveal(), none], [["1", SECRET], []]);
  const shown = `${JSON.stringify(insert)} ${insert?.params} ${inspect(insert)}`;
  assert.ok(!shown.includes(SECRET), shown);
  const bulk = await recorder.capture(() => Person.bulkCreate([{ id: 1, name: "a" }]));
  assert.match(bulk[0]?.text ?? "", /unnest/);
  await assert.rejects(recorder.capture(() => Person.create({ id: "x" as never, name: "a" })), {
    code: "invalid_value",
  });
});

test("recording() tells transactions apart", async () => {
  const { database, recorder, Person } = open({ unanswered: "empty" });
  await Promise.all([1, 2].map((id) =>
    transaction(async (tx) => {
      await Person.using(tx).deleteWhere({ id });
      await tx.savepoint((inner) => Person.using(inner).updateWhere({ id }, { name: "x" }));
    }, { database })
  ));
  await Person.all();
  for (const number of [1, 2]) {
    const own = recorder.statements.filter(({ transaction, text }) =>
      // what the end of a transaction asks is its own affair
      transaction === number && !text.startsWith("select pg_")
    );
    assert.deepEqual(own.map(({ text }) => text.split(" ").slice(0, 2).join(" ")), [
      "begin",
      "delete from",
      'savepoint "matrx_1"',
      'update "public"."people"',
      "release savepoint",
      "commit",
    ]);
  }
  assert.equal(recorder.statements.at(-1)?.transaction, null);
});

test("recording() keeps the rules of a driver", async () => {
  const driver = recording({ unanswered: "empty" });
  await assert.rejects(driver.query({ text: "a\0b", params: [] }), {
    code: "unsupported_character",
  });
  const connection = await driver.acquire();
  await connection.script("create table t ()");
  await assert.rejects(connection.listen("c", () => {}), { code: "listen_unsupported" });
  connection.release();
  assert.deepEqual(texts(driver), ["create table t ()"]);
  await driver.close();
  await assert.rejects(driver.query({ text: SELECT, params: ["1"] }), { code: "driver_closed" });
  await assert.rejects(driver.acquire(), { code: "driver_closed" });
});
