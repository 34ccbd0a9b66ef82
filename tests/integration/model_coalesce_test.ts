import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closeDatabase,
  DoesNotExistError,
  foreignKey,
  integer,
  inverseForeignKey,
  model,
  registerDatabase,
  text,
  transaction,
  ValidationError,
} from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";

const DATABASE = "coalesce";

class Author extends model("authors", {
  id: integer().primaryKey(),
  name: text(),
  books: inverseForeignKey<Book>(() => Book, { fromField: "authorId" }),
}, { database: DATABASE }) {}

class Book extends model("books", {
  id: integer().primaryKey(),
  title: text(),
  authorId: foreignKey<Author>(() => Author),
}, { database: DATABASE }) {}

const SCHEMA = `
  create table authors (id int primary key, name text not null);
  create table books (id int primary key, title text not null, author_id int not null references authors);
  insert into authors select n, 'author ' || n from generate_series(1, 40) n;
  insert into books select n, 'book ' || n, 1 + n % 40 from generate_series(1, 500) n;
`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`lookups of one turn become one statement on ${kind}`, { skip: server.skip }, async (t) => {
    await using db = await testDatabase(server);
    const connection = await db.driver.acquire();
    await connection.script(SCHEMA);
    connection.release();
    const sent: string[] = [];
    registerDatabase({
      name: DATABASE,
      driver: db.driver,
      onQuery: ({ text }) => sent.push(text),
    });
    const counted = async <Value>(work: () => Promise<Value>): Promise<[Value, number]> => {
      sent.length = 0;
      return [await work(), sent.length];
    };
    try {
      const books = await Book.filter().orderBy("id").all();

      await t.test("fetchFk() of 500 rows gives what 500 single queries give", async () => {
        const [together, statements] = await counted(() =>
          Promise.all(books.map((book) => book.fetchFk("authorId")))
        );
        assert.equal(statements, 1);
        for (const [index, author] of together.entries()) {
          const alone = await Author.filter({ id: books[index]!.authorId }).get();
          assert.deepEqual(author?.toDict(), alone.toDict());
        }
        assert.notEqual(together[0], together[40], "each caller has a row of its own");
      });

      await t.test("fetchIfk() of many rows is one statement, rows in the order of keys", async () => {
        const authors = await Author.filter().orderBy("id").all();
        const [lists, statements] = await counted(() =>
          Promise.all(authors.map((author) => author.fetchIfk("books")))
        );
        assert.equal(statements, 1);
        assert.equal(lists.flat().length, 500);
        assert.deepEqual(lists[0]!.slice(0, 2).map((book) => book.id), [40, 80]);
      });

      await t.test("get() by key joins others, and each caller gets its own answer", async () => {
        const [ends, statements] = await counted(() =>
          Promise.allSettled([
            Author.get({ id: 1 }),
            Author.get({ id: 2 }),
            Author.get({ id: 1 }),
            Author.get({ id: 999 }),
            Author.getOrNull({ id: 998 }),
            Author.get({ id: "x" as never }),
          ])
        );
        assert.equal(statements, 1);
        const [one, two, again, missing, absent, wrong] = ends;
        assert.equal(one?.status === "fulfilled" && one.value.name, "author 1");
        assert.equal(two?.status === "fulfilled" && two.value.name, "author 2");
        assert.equal(again?.status === "fulfilled" && again.value.name, "author 1");
        assert.ok(missing?.status === "rejected" && missing.reason instanceof DoesNotExistError);
        assert.ok(absent?.status === "fulfilled" && absent.value === null);
        assert.ok(wrong?.status === "rejected" && wrong.reason instanceof ValidationError);
      });

      await t.test("lookups in a transaction stay in it", async () => {
        await assert.rejects(
          transaction(async (tx) => {
            await Author.using(tx).create({ id: 500, name: "ghost" });
            const [inside, outside] = await Promise.all([
              Author.using(tx).getOrNull({ id: 500 }),
              Author.using(tx).getOrNull({ id: 1 }),
            ]);
            assert.equal(inside?.name, "ghost");
            assert.equal(outside?.name, "author 1");
            throw new Error("roll back");
          }, { database: DATABASE }),
          /roll back/,
        );
        assert.equal(await Author.getOrNull({ id: 500 }), null);
      });

      await t.test("more keys than fit into one statement are split", async () => {
        const keys = Array.from({ length: 2_500 }, (_, index) => index);
        const [found, statements] = await counted(() =>
          Promise.all(keys.map((id) => Book.getOrNull({ id })))
        );
        assert.equal(statements, 3);
        assert.equal(found.filter((book) => book !== null).length, 500);
      });
    } finally {
      await closeDatabase(DATABASE);
    }
  });
}
