/** Lookups of one turn that must not meet, and whose errors concern one caller alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closeDatabase,
  DoesNotExistError,
  foreignKey,
  integer,
  model,
  registerDatabase,
  text,
  transaction,
  UndefinedObjectError,
} from "../../mod.ts";
import type { Driver, Statement } from "../../src/driver/port.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { script } from "./model_world.ts";

const SCHEMA = (label: string): string => `
  create table authors (id int primary key, name text not null, note text);
  create table books (id int primary key, author_id int);
  insert into authors select n, '${label} ' || n, 'note' from generate_series(1, 40) n;
  insert into books select n, 1 + n % 50 from generate_series(1, 500) n;
`;

/** A driver that writes down the statements of its pool. */
function watched(driver: Driver, sent: Statement[]): Driver {
  return {
    name: driver.name,
    capabilities: driver.capabilities,
    query: (statement, options) => {
      sent.push(statement);
      return driver.query(statement, options);
    },
    acquire: (options) => driver.acquire(options),
    close: () => driver.close(),
  };
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(
    `lookups of one turn stay apart where they must on ${kind}`,
    { skip: server.skip },
    async (t) => {
      await using first = await testDatabase(server);
      await using second = await testDatabase(server);
      await script(first, SCHEMA("one"));
      await script(second, SCHEMA("two"));
      const sent: Statement[] = [];
      const [name, other] = [`apart_${kind}`, `apart_other_${kind}`];
      registerDatabase({ name, driver: watched(first.driver, sent) });
      registerDatabase({ name: other, driver: watched(second.driver, sent) });

      class Author extends model("authors", {
        id: integer().primaryKey(),
        name: text(),
        note: text().nullable(),
      }, { database: name }) {}
      class Short extends model("authors", { id: integer().primaryKey(), name: text() }, {
        database: name,
      }) {}
      class Book extends model("books", {
        id: integer().primaryKey(),
        authorId: foreignKey<Author>(() => Author).nullable(),
      }, { database: name }) {}

      const counted = async <Value>(work: () => Promise<Value>): Promise<[Value, number]> => {
        sent.length = 0;
        return [await work(), sent.length];
      };

      await t.test("a key that is asked for many times goes out once", async () => {
        const books = await Book.filter({ authorId: { lte: 40 } }).all();
        const [rows, n] = await counted(() =>
          Promise.all(books.map((book) => book.fetchFk("authorId")))
        );
        assert.equal(n, 1);
        assert.equal(rows.length, books.length);
        const keys = sent[0]!.params[0]!.slice(1, -1).split(",");
        assert.equal(keys.length, 40);
        assert.equal(new Set(rows).size, rows.length, "each caller has a row of its own");
      });

      await t.test("databases, transactions and sets of columns have statements of their own", async () => {
        const [rows, n] = await counted(() =>
          Promise.all([
            Author.get({ id: 1 }),
            Author.using(other).get({ id: 1 }),
            Short.get({ id: 1 }),
            Author.get({ id: 2 }),
            Author.using(other).get({ id: 2 }),
          ])
        );
        assert.equal(n, 3);
        assert.deepEqual(rows.map((row) => row.name), [
          "one 1",
          "two 1",
          "one 1",
          "one 2",
          "two 2",
        ]);
        assert.ok(!("note" in rows[2]!));
        await assert.rejects(
          transaction(async (tx) => {
            await Author.using(tx).updateWhere({ id: 1 }, { name: "changed" });
            const [inside, elsewhere] = await Promise.all([
              Author.using(tx).get({ id: 1 }),
              Author.using(other).get({ id: 1 }),
            ]);
            assert.deepEqual([inside.name, elsewhere.name], ["changed", "two 1"]);
            // one connection cannot answer outside of its transaction meanwhile
            if (first.driver.capabilities.concurrentConnections) {
              const outside = await transaction(
                async (own) => await Author.using(own).get({ id: 1 }),
                { database: other },
              );
              assert.equal(outside.name, "two 1");
            }
            throw new Error("undone");
          }, { database: name }),
          /^Error: undone$/,
        );
      });

      await t.test("two transactions of one turn each see what is theirs", {
        skip: !first.driver.capabilities.concurrentConnections,
      }, async () => {
        const work = (id: number): Promise<string[]> =>
          transaction(async (tx) => {
            const authors = Author.using(tx) as typeof Author;
            await authors.updateWhere({ id }, { name: `mine ${id}` });
            const rows = await Promise.all([authors.get({ id: 1 }), authors.get({ id: 2 })]);
            return rows.map((row) => row.name);
          }, { database: name });
        const [one, two, outside] = await Promise.all([work(1), work(2), Author.get({ id: 3 })]);
        assert.equal(one[0], "mine 1");
        assert.equal(two[1], "mine 2");
        assert.equal(outside.name, "one 3");
      });

      await t.test("an error reaches the caller whose key it is", async () => {
        const books = await Book.filter({ id: { in: [1, 48, 2] } }).orderBy("id").all();
        // book 48 names an author who is not there
        const fetched = await Promise.allSettled([
          books[0]!.fetchFk("authorId"),
          books[2]!.fetchFk("authorId"),
          books[1]!.fetchFk("authorId"),
        ]);
        assert.deepEqual(fetched.map(({ status }) => status), [
          "fulfilled",
          "rejected",
          "fulfilled",
        ]);
        assert.ok((fetched[1] as PromiseRejectedResult).reason instanceof DoesNotExistError);
        class Loose extends model("authors", { id: text().primaryKey(), name: text() }, {
          database: name,
        }) {}
        // the server alone can tell that these are no numbers
        const found = await Promise.allSettled([
          Loose.getOrNull({ id: "3" }),
          Loose.getOrNull({ id: "not a number" }),
          Loose.getOrNull({ id: "4" }),
        ]);
        assert.equal(found.filter(({ status }) => status === "rejected").length > 0, true);
        for (const end of found) {
          if (end.status === "rejected") assert.equal(typeof end.reason.code, "string");
        }
      });

      await t.test("an error of the statement reaches every caller of it, and no other", async () => {
        class Nowhere
          extends model("nowhere", { id: integer().primaryKey() }, { database: name }) {}
        const ends = await Promise.allSettled([
          ...Array.from({ length: 20 }, (_, id) => Nowhere.get({ id })),
          Author.get({ id: 5 }),
        ]);
        for (const end of ends.slice(0, 20)) {
          assert.ok(end.status === "rejected" && end.reason instanceof UndefinedObjectError);
        }
        assert.equal(ends[20]!.status, "fulfilled");
      });

      await t.test("an aborted caller does not take the others with it", async () => {
        const stop = new AbortController();
        stop.abort(new Error("stopped"));
        const ends = await Promise.allSettled([
          Author.get({ id: 6 }, { signal: stop.signal }),
          Author.get({ id: 6 }),
          Author.get({ id: 7 }),
        ]);
        assert.deepEqual(ends.map(({ status }) => status), ["rejected", "fulfilled", "fulfilled"]);
        assert.equal((ends[0] as PromiseRejectedResult).reason.message, "stopped");
      });

      await closeDatabase(name);
      await closeDatabase(other);
    },
  );
}
