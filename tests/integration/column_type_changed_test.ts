import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  bigint,
  boolean,
  bytea,
  closeDatabase,
  decimal,
  doublePrecision,
  enumeration,
  F,
  foreignKey,
  integer,
  json,
  jsonb,
  model,
  QueryError,
  registerDatabase,
  smallint,
  sql,
  text,
  timestamptz,
  transaction,
  uuid,
} from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";

const options = { database: "changed" } as const;
const id = () => integer().primaryKey();

const TABLE = `
  create domain big as bigint;
  create type mood as enum ('good');
  create table facts (
    id int primary key, large bigint, domained big, word text, words text[], number numeric,
    small smallint, code varchar(9), data json, feeling mood, key uuid
  );
  insert into facts values (1, 9007199254740993, 9007199254740993, 'secret', '{secret}', 1.5, 7,
    'secret', '{"a": 1}', 'good', '00000000-0000-0000-0000-000000000001');
  create table owners (id int primary key, fact_id int references facts);
  insert into owners values (1, 1);
  create table items (id int primary key, n int not null);
  insert into items values (1, 1);
`;

/** A field that does not fit its column, the type it declares, and the one of the column. */
const WRONG = [
  ["large", integer(), "int4", "int8"],
  ["large", doublePrecision(), "float8", "int8"],
  ["domained", integer(), "int4", "int8"],
  ["number", doublePrecision(), "float8", "numeric"],
  ["word", integer(), "int4", "text"],
  ["word", bigint(), "int8", "text"],
  ["word", jsonb(), "jsonb", "text"],
  ["word", boolean(), "bool", "text"],
  ["word", timestamptz(), "timestamptz", "text"],
  ["word", bytea(), "bytea", "text"],
  ["code", decimal(), "numeric", "varchar"],
  ["words", array(integer()), "int4[]", "text[]"],
  ["data", array(text()), "text[]", "json"],
  ["words", enumeration("mood", ["good"]), "mood", "text[]"],
] as const;

class Good extends model("facts", {
  id: id(),
  large: decimal(),
  word: uuid(),
  words: array(text()),
  number: text(),
  small: bigint(),
  code: enumeration("mood", ["good"]),
  data: jsonb(),
  feeling: text(),
  key: text(),
}, options) {}

class Unknown extends model("facts", { id: id(), feeling: json() }, options) {}

class Item extends model("items", { id: smallint().primaryKey(), n: integer() }, options) {}

class Fact extends model("facts", { id: id(), word: integer() }, options) {}
class Owner extends model("owners", {
  id: id(),
  fact: foreignKey(() => Fact).nullable().column("fact_id"),
}, options) {}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`a column of another type than its field is refused on ${kind}`, {
    skip: server.skip,
  }, async (t) => {
    await using db = await testDatabase(server, { folder: true });
    const connection = await db.driver.acquire();
    await connection.script(TABLE);
    connection.release();
    if (kind === "pglite") await db.driver.close();
    registerDatabase({ name: "changed", url: db.url });
    const changed = (field: string, declared: string, actual: string) => (error: unknown) => {
      assert.ok(error instanceof QueryError, String(error));
      assert.equal(error.code, "column_type_changed");
      assert.deepEqual({ ...error.context, model: undefined }, {
        model: undefined,
        field,
        declared,
        actual,
      });
      return true;
    };
    try {
      for (const [field, declaration, declared, actual] of WRONG) {
        await t.test(`${declared} over ${actual}`, async () => {
          const Wrong = model("facts", { id: id(), [field]: declaration.nullable() }, options);
          for (const load of [() => Wrong.filter().all(), () => Wrong.filter({ id: 2 }).all()]) {
            await assert.rejects(load(), changed(field, declared, actual));
          }
          assert.equal((await Wrong.filter().only("id").all()).length, 1);
        });
      }
      await t.test("joins, lists, statements by hand and lookups by key", async () => {
        const refused = changed("word", "int4", "text");
        await assert.rejects(Owner.filter().selectRelated("fact").all(), refused);
        await assert.rejects(Owner.filter().prefetchRelated({ fact: true }).all(), refused);
        await assert.rejects(Fact.filter().valuesList("word").all(), refused);
        const named = Fact.filter().annotate({ named: F("word") });
        await assert.rejects(named.values("named").all(), changed("named", "int4", "text"));
        await assert.rejects(named.groupBy("named").all(), changed("named", "int4", "text"));
        await assert.rejects(Fact.raw(sql`select word, 1 as id from facts`), refused);
        await assert.rejects(Fact.get({ id: 1 }), refused);
        assert.equal((await Fact.raw(sql`select 7 as word, 1 as id`))[0]?.word, 7);
      });
      await t.test("what loses nothing is read", async () => {
        const good = await Good.get({ id: 1 });
        assert.equal(good.large, "9007199254740993");
        assert.deepEqual([good.small, good.number, good.data], [7n, "1.5", { a: 1 }]);
        assert.deepEqual([good.word, good.words, good.feeling], ["secret", ["secret"], "good"]);
      });
      await t.test("a value that cannot be read names the field and is not shown", async () => {
        await assert.rejects(Unknown.filter().all(), (error: unknown) => {
          assert.ok(error instanceof QueryError, String(error));
          assert.equal(error.code, "unreadable_value");
          assert.match(error.message, /field "feeling" of public\.facts/);
          assert.equal(error.cause, undefined);
          assert.ok(!error.message.includes("good"));
          return true;
        });
      });
      await t.test("a column that is altered while the program runs", async () => {
        const item = await Item.get({ id: 1 });
        await Item.rawSql(sql`alter table items alter n type bigint`);
        const refused = changed("n", "int4", "int8");
        await assert.rejects(Item.get({ id: 1 }), refused);
        await assert.rejects(item.refresh(), refused);
        await assert.rejects(item.update({ n: 2 }), refused);
        const before = item.n;
        await assert.rejects(
          transaction(async (tx) => void await Item.using(tx).create({ id: 2, n: 1 }), {
            database: "changed",
          }),
          refused,
        );
        await assert.rejects(Item.bulkCreate([{ id: 3, n: 1 }]), refused);
        await assert.rejects(Item.bulkUpdate([Object.assign(item, { n: 5 })], ["n"]), refused);
        assert.equal(before, 1);
        await Item.rawSql(sql`alter table items alter n type int`);
        assert.equal((await Item.get({ id: 1 })).n, 2);
        assert.equal(await Item.filter({ id: 2 }).exists(), false);
      });
    } finally {
      await closeDatabase("changed");
    }
  });
}
