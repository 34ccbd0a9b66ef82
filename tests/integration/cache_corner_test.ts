/** Rows that several tables share, servers that are behind, commits whose answer is lost, lives of rows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CachePolicy,
  closeDatabase,
  type DatabaseConfig,
  DatabaseError,
  integer,
  memoryStore,
  model,
  registerDatabase,
  sql,
  StateManager,
  text,
  transaction,
} from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { eventually, runSql } from "./cache_sync_world.ts";
import { startProxy } from "./transaction_proxy.ts";

const server = await testServer("pg18");
const { skip } = server;

const columns = { id: integer().primaryKey(), val: text().nullable() };

/** Registers a database for a test; tells what its models sent since the last look. */
async function registered(
  config: Omit<DatabaseConfig, "name">,
  check: (name: string, sent: () => string[]) => Promise<void>,
): Promise<void> {
  const name = `corner ${crypto.randomUUID()}`;
  const log: string[] = [];
  registerDatabase({
    ...config,
    name,
    onQuery: ({ origin }) => void (origin.model !== null && log.push(origin.operation)),
  });
  try {
    await check(name, () => log.splice(0));
  } finally {
    await closeDatabase(name);
  }
}

test("a write of a table does make rows of its family void", { skip }, async () => {
  await using db = await testDatabase(server);
  await runSql(
    db,
    `create table parts (id int primary key, val text) partition by range (id);
    create table parts_low partition of parts for values from (0) to (100);
    create table elders (id int primary key, val text);
    create table heirs (primary key (id)) inherits (elders);
    insert into parts values (1, 'old'), (2, 'old');
    insert into heirs values (1, 'old'), (2, 'old')`,
  );
  await registered({ url: db.url }, async (database, sent) => {
    const cache = { database, cache: "permanent" } as const;
    class Part extends model("parts", columns, {
      ...cache,
      partitionBy: sql`range (id)`,
      partitions: [{ table: "parts_low", bound: sql`for values from (0) to (100)` }],
    }) {}
    class Low extends model("parts_low", columns, cache) {}
    class Elder extends model("elders", columns, cache) {}
    class Heir extends model("heirs", columns, {
      ...cache,
      inherits: [["public", "elders"]],
    }) {}
    for (const [Parent, Child] of [[Part, Low], [Elder, Heir]] as const) {
      let round = 0;
      for (const [Writer, Reader] of [[Parent, Child], [Child, Parent]] as const) {
        const title = `${Writer.name}, read by ${Reader.name}`;
        for (const way of ["key", "filter"] as const) {
          const val = `new ${++round}`;
          for (const id of [1, 2]) await Reader.get({ id });
          sent();
          if (way === "key") await (await Writer.filter({ id: 1 }).get()).update({ val });
          else await Writer.updateWhere({ id: 1 }, { val });
          assert.equal((await Reader.get({ id: 1 })).val, val, title);
          assert.equal((await Writer.get({ id: 1 })).val, val, title);
          sent();
          await Reader.get({ id: 2 });
          // a write by key leaves the other rows
          assert.equal(sent().length, way === "key" ? 0 : 1, title);
        }
      }
      assert.equal(await Child.deleteWhere({ id: 1 }), 1);
      assert.equal(await Parent.getOrNull({ id: 1 }), null, Parent.name);
    }
  });
});

test("new rows do leave the others in the cache", { skip }, async () => {
  await using db = await testDatabase(server);
  await runSql(db, "create table shops (id int primary key, val text)");
  await registered({ url: db.url }, async (database, sent) => {
    class Shop extends model("shops", columns, { database, cache: "permanent" }) {}
    await Shop.create({ id: 1, val: "one" });
    await Shop.get({ id: 1 });
    sent();
    await Shop.create({ id: 2, val: "two" });
    await Shop.bulkCreate([{ id: 3 }, { id: 4 }]);
    await Shop.bulkCreate([{ id: 4 }], { ignoreConflicts: true });
    sent();
    await Shop.get({ id: 1 });
    assert.deepEqual(sent(), []);
    // a row that others removed unseen, and that is there again
    await runSql(db, "delete from shops where id = 1");
    await Shop.create({ id: 1, val: "again" });
    assert.equal((await Shop.get({ id: 1 })).val, "again");
  });
});

test("a cache does keep nothing that a replica answers", { skip }, async () => {
  await using db = await testDatabase(server);
  // a replica that is behind: a database of its own that has the old rows
  await using behind = await testDatabase(server);
  for (const one of [db, behind]) {
    await runSql(one, "create table shops (id int primary key, val text, code text unique)");
    await runSql(one, "insert into shops values (1, 'old', 'a'), (2, 'old', 'b')");
  }
  const config = { url: db.url, replicas: [behind.url], readYourWrites: false };
  await registered({ ...config, readFrom: "replicas" }, async (database, sent) => {
    class Shop extends model("shops", { ...columns, code: text().unique() }, {
      database,
      cache: "permanent",
    }) {}
    await Shop.updateWhere({ id: 1 }, { val: "new" });
    assert.equal((await Shop.filter({ id: 1 }).get()).val, "old", "queries go to the replica");
    for (let round = 0; round < 2; round++) {
      assert.equal((await Shop.using("replica").get({ id: 1 })).val, "old");
      assert.equal((await Shop.get({ id: 1 })).val, "new");
      assert.equal((await Shop.get({ code: "a" })).val, "new");
    }
    const row = await Shop.get({ id: 2 });
    await row.update({ val: "newer" });
    assert.equal((await Shop.using("replica").get({ code: "b" })).val, "old");
    assert.equal((await Shop.get({ id: 2 })).val, "newer");
    sent();
    assert.equal((await Shop.get({ id: 2 })).val, "newer");
    assert.deepEqual(sent(), []);
  });
});

for (const cacheSync of [false, true]) {
  const title = `a commit whose answer is lost does leave no old row, cacheSync: ${cacheSync}`;
  test(title, { skip }, async () => {
    await using db = await testDatabase(server);
    await runSql(db, "create table shops (id int primary key, val text)");
    await runSql(db, "insert into shops values (1, '0')");
    await using proxy = await startProxy(db.url);
    await registered({ url: proxy.url, cacheSync }, async (database) => {
      class Shop extends model("shops", columns, { database, cache: "permanent" }) {}
      await eventually(async () => {
        await Shop.get({ id: 1 });
        return await StateManager.count(Shop) === 1;
      }, "the row is cached");
      const write = (val: string): Promise<unknown> => Shop.updateWhere({ id: 1 }, { val });
      const ways = [
        (val: string) => transaction(() => write(val), { database }),
        // a write by itself has a COMMIT of its own when it is told
        ...(cacheSync ? [write] : []),
      ];
      for (const [index, way] of ways.entries()) {
        for (const where of ["after commit", "before commit"] as const) {
          const before = (await Shop.get({ id: 1 })).val;
          const val = `${index} ${where} it`;
          proxy.arm(where);
          const error = await way(val).catch((reason: unknown) => reason);
          assert.ok(error instanceof DatabaseError, String(error));
          assert.equal(error.outcome, "unknown", `${where}: ${error.code} ${error.message}`);
          const expected = where === "after commit" ? val : before;
          assert.equal((await Shop.get({ id: 1 })).val, expected, val);
          // nothing of that time is kept
          await runSql(db, `update shops set val = 'by others' where id = 1`);
          assert.equal((await Shop.get({ id: 1 })).val, "by others");
        }
      }
    });
  });
}

const LIVES: readonly (readonly [CachePolicy, number])[] = [
  ["instant", 60],
  ["short-term", 600],
  ["long-term", 4 * 3_600],
  ["permanent", Infinity],
];

test("rows do live as long as their policy says", { skip }, async () => {
  await using db = await testDatabase(server);
  await runSql(db, "create table shops (id int primary key, val text)");
  await runSql(db, "insert into shops values (1, 'x')");
  let time = 1_000;
  const cacheStore = memoryStore({ clock: () => time });
  await registered({ url: db.url, cacheStore, cache: "instant" }, async (database, sent) => {
    const models = LIVES.map(([cache]) =>
      class extends model("shops", columns, { database, cache }) {}
    );
    class Silent extends model("shops", columns, { database }) {}
    class Off extends model("shops", columns, { database, cache: "off" }) {}
    class Timed extends model("shops", columns, { database, cacheTimeout: 5, cache: "off" }) {}
    const lives = [...LIVES.map(([, seconds]) => seconds), 60, 0, 5];
    for (const [index, Shop] of [...models, Silent, Off, Timed].entries()) {
      // models of one table and one set of columns share its rows
      await Shop.updateWhere({ id: 1 }, { val: String(index) });
      const seconds = lives[index]!;
      await Shop.get({ id: 1 });
      sent();
      time += Math.min(seconds, 1e9) * 1_000 - 1;
      await Shop.get({ id: 1 });
      assert.equal(sent().length, seconds === 0 ? 1 : 0, `${seconds} s are not over`);
      time += 1;
      await Shop.get({ id: 1 });
      assert.equal(sent().length, seconds === Infinity ? 0 : 1, `${seconds} s are over`);
    }
  });
});
