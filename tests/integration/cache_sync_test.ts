import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, sql, transaction } from "../../mod.ts";
import { nodePg } from "../../src/drivers/node_pg.ts";
import { PoolClass } from "../../src/drivers/node_pg/module.ts";
import { one } from "../contract/subject.ts";
import { bouncerLacks, startBouncer } from "../support/bouncer.ts";
import { testDatabase } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import { testServer } from "../support/servers.ts";
import {
  eventually,
  openSide,
  otherName,
  runSql,
  type Side,
  syncWorld,
  TABLES,
  untilOpen,
} from "./cache_sync_world.ts";

const server = await testServer("pg18");
const { skip } = server;

/** Ways to give the only shop the name `new`. */
const WRITES: Readonly<Record<string, (side: Side) => Promise<unknown>>> = {
  "save()": async ({ Shop }) => {
    const row = await Shop.get({ id: 1 });
    row.name = "new";
    await row.save();
  },
  "updateWhere()": ({ Shop }) => Shop.updateWhere({ code: "a" }, { name: "new" }),
  "upsert()": ({ Shop }) => Shop.upsert({ id: 1, code: "a", name: "new" }, { conflict: ["id"] }),
  "bulkUpdate()": async ({ Shop }) => {
    const row = await Shop.get({ id: 1 });
    row.name = "new";
    await Shop.bulkUpdate([row], ["name"]);
  },
  "rawSql()": ({ Shop }) => Shop.rawSql(sql`update shops set name = 'new'`, { touches: [Shop] }),
  "delete() and create()": async ({ Shop }) => {
    await Shop.deleteWhere({ id: 1 });
    await Shop.create({ id: 1, code: "a", name: "new" });
  },
  "a transaction": ({ Shop, name }) =>
    transaction(async () => {
      await Shop.updateWhere({ id: 1 }, { name: "half" });
      await transaction(async () => await Shop.updateWhere({ id: 1 }, { name: "new" }), {
        database: name,
      });
    }, { database: name }),
};

test("every write does reach the caches of other programs", { skip }, async () => {
  await using world = await syncWorld(server);
  const { here, there, db } = world;
  await runSql(db, "insert into shops values (1, 'old', 'a'), (2, 'other', 'b')");
  await Promise.all([untilOpen(here), untilOpen(there)]);
  for (const [title, write] of Object.entries(WRITES)) {
    await here.Shop.updateWhere({ id: 1 }, { name: "old" });
    await eventually(async () => (await there.Shop.get({ id: 1 })).name === "old", "it is old");
    await there.Shop.get({ id: 1 });
    await there.Shop.get({ id: 2 });
    there.sent();
    assert.equal((await there.Shop.get({ id: 1 })).name, "old");
    assert.deepEqual(there.sent(), [], `${title}: the row is cached`);
    await write(here);
    assert.equal((await here.Shop.get({ id: 1 })).name, "new", title);
    await eventually(
      async () => (await there.Shop.getOrNull({ id: 1 }))?.name === "new",
      `${title} has reached the other program`,
    );
  }
});

test("a write does tell in the round trip of its own", { skip }, async () => {
  await using world = await syncWorld(server);
  const { here, db } = world;
  const { Shop, Item } = here;
  await runSql(db, "insert into shops values (1, 'old', 'a')");
  await Shop.get({ id: 1 });
  await using proxy = await startProxy(Number(new URL(db.url).port), { delayMs: 150 });
  const url = new URL(db.url);
  url.port = String(proxy.port);
  const far = openSide(`far ${db.name}`, { url: url.href });
  try {
    const took = async (work: () => Promise<unknown>): Promise<number> => {
      let least = Infinity;
      for (let round = 0; round < 4; round++) {
        const start = performance.now();
        await work();
        least = Math.min(least, performance.now() - start);
      }
      return least;
    };
    await far.Shop.updateWhere({ id: 1 }, { name: "x" });
    const write = await took(() => far.Shop.updateWhere({ id: 1 }, { name: "x" }));
    const both = await took(() =>
      transaction((tx) => far.Shop.using(tx).updateWhere({ id: 1 }, { name: "x" }), {
        database: far.name,
      })
    );
    console.log(
      `one round trip is 300 ms: a write ${write.toFixed(0)} ms, ` +
        `in a transaction ${both.toFixed(0)} ms`,
    );
    assert.ok(write < 560, `${write} ms`);
    assert.ok(both < 860, `${both} ms`);
  } finally {
    await closeDatabase(far.name);
  }
  here.sent();
  await Shop.create({ id: 2 });
  assert.deepEqual(here.sent(), ["create"], "a new row is in no cache");
  await Item.create({ id: "a", shop: 2 });
  await assert.rejects(Shop.updateWhere({ id: 2 }, { id: 1 }), { code: "unique_violation" });
  await assert.rejects(Item.updateWhere({ id: "a" }, { shop: 99 }), {
    code: "foreign_key_violation",
  });
  // and the connection is good for more
  assert.equal((await Item.get({ id: "a" })).shop, 2);
  await Shop.updateWhere({ id: 2 }, { name: "y" });
  assert.equal((await Shop.get({ id: 2 })).name, "y");
});

test("what is rolled back is not told, and what a key brings along is", { skip }, async () => {
  await using world = await syncWorld(server);
  const { here, there, db } = world;
  await runSql(
    db,
    "insert into shops values (1, 'old', 'a'), (2, 'other', 'b'); " +
      "insert into items values ('i', 1, 'old')",
  );
  await Promise.all([untilOpen(here), untilOpen(there)]);
  for (const read of [() => there.Shop.get({ id: 1 }), () => there.Item.get({ id: "i" })]) {
    await read();
  }
  await there.Shop.get({ id: 2 });
  const work = transaction(async () => {
    await here.Shop.updateWhere({}, { name: "never" });
    throw new Error("back");
  }, { database: here.name });
  await assert.rejects(work, /back/);
  await here.Place.create({ a: "x", b: 1 });
  await here.Place.updateWhere({ a: "x" }, { val: "told after it" });
  there.sent();
  await here.Shop.updateWhere({ id: 1 }, { id: 9 });
  await eventually(async () => (await there.Item.get({ id: "i" })).shop === 9, "the item moved");
  await eventually(async () => await there.Shop.getOrNull({ id: 1 }) === null, "the shop moved");
});

test("keys of any kind and number do reach other programs", { skip }, async () => {
  await using world = await syncWorld(server);
  const { here, there } = world;
  await Promise.all([untilOpen(here), untilOpen(there)]);
  const keys = ['"', "\\", "'", "[1]", "\u0001\n\u2028", "😀é", "=", "", "x".repeat(9_000)];
  await here.Place.bulkCreate(keys.map((a) => ({ a, b: 1, val: "old" })));
  await here.Item.bulkCreate(keys.map((id) => ({ id, val: "old" })));
  const read = (id: string) => there.Item.get({ id });
  for (const key of keys) {
    await read(key);
    await there.Place.get({ a: key, b: 1 });
  }
  for (const [index, key] of keys.entries()) {
    const row = await here.Item.get({ id: key });
    await row.update({ val: "new" });
    await (await here.Place.get({ a: key, b: 1 })).update({ val: "new" });
    await eventually(async () => (await read(key)).val === "new", `item ${index} is seen`);
    const place = () => there.Place.get({ a: key, b: 1 });
    await eventually(async () => (await place()).val === "new", `place ${index} is seen`);
  }
  const many = Array.from({ length: 3_000 }, (_, id) => ({ id: id + 1, name: "old" }));
  const rows = await here.Shop.bulkCreate(many);
  await there.Shop.get({ id: 2_999 });
  for (const row of rows) row.name = "new";
  await here.Shop.bulkUpdate(rows, ["name"]);
  await eventually(async () => (await there.Shop.get({ id: 2_999 })).name === "new", "all of many");
});

test("a lost listener does close the caches until it listens again", { skip }, async () => {
  await using world = await syncWorld(server);
  const { here, there, db } = world;
  await runSql(db, "insert into shops values (1, 'old', 'a')");
  await untilOpen(there);
  await there.Shop.get({ id: 1 });
  for (let round = 0; round < 5; round++) {
    // each cut loses what is told meanwhile
    const cut =
      "select pg_terminate_backend(pid) from pg_stat_activity where query ~ '^listen|^select 1$' " +
      "and datname = current_database() and pid <> pg_backend_pid()";
    await one(db.driver, cut);
    await here.Shop.updateWhere({ id: 1 }, { name: `n${round}` });
    await eventually(
      async () => (await there.Shop.get({ id: 1 })).name === `n${round}`,
      "the write is seen",
    );
    await untilOpen(there);
    assert.equal((await there.Shop.get({ id: 1 })).name, `n${round}`);
  }
  assert.deepEqual(there.warnings, []);
});

test("a link that falls silent does close the caches", { skip }, async () => {
  await using db = await testDatabase(server);
  await runSql(db, `${TABLES}; insert into shops values (1, 'old', 'a')`);
  await using proxy = await startProxy(Number(new URL(db.url).port));
  const listenUrl = new URL(otherName(db.url));
  listenUrl.port = String(proxy.port);
  const there = openSide(`silent ${db.name}`, {
    url: otherName(db.url),
    listenUrl: listenUrl.href,
  });
  const here = openSide(`speaking ${db.name}`, { url: db.url });
  try {
    await untilOpen(there);
    await there.Shop.get({ id: 1 });
    proxy.refuse(true);
    proxy.freeze();
    await here.Shop.updateWhere({ id: 1 }, { name: "new" });
    await untilOpen(there, false);
    assert.equal((await there.Shop.get({ id: 1 })).name, "new");
    await eventually(() => there.warnings.length > 0, "it warns");
    assert.deepEqual(there.warnings.map(({ code, source }) => [code, source]), [
      ["cache_sync_down", "cacheSync"],
    ]);
    proxy.refuse(false);
    await untilOpen(there);
    await here.Shop.updateWhere({ id: 1 }, { name: "newer" });
    await eventually(async () => (await there.Shop.get({ id: 1 })).name === "newer", "it is seen");
  } finally {
    await closeDatabase(here.name);
    await closeDatabase(there.name);
  }
});

test("closing a database does end its listener", { skip }, async () => {
  await using db = await testDatabase(server);
  await runSql(db, TABLES);
  const side = openSide(`closing ${db.name}`, { url: db.url });
  await untilOpen(side);
  await closeDatabase(side.name);
  const here = "select count(*) from pg_stat_activity where datname = current_database() " +
    "and pid <> pg_backend_pid()";
  await eventually(async () => await one(db.driver, here) === "0", "no connection is left");
  // before it listens, too
  const hasty = openSide(`hasty ${db.name}`, { url: db.url });
  await hasty.Shop.getOrNull({ id: 1 });
  await closeDatabase(hasty.name);
  await eventually(async () => await one(db.driver, here) === "0", "no connection is left");
});

test("a driver of the caller's does listen, unless it has one connection", { skip }, async () => {
  await using db = await testDatabase(server);
  await runSql(db, `${TABLES}; insert into shops values (1, 'old', 'a')`);
  const url = new URL(db.url);
  const poolOf = (max: number) =>
    new PoolClass({
      ...{ host: url.hostname, port: Number(url.port), user: url.username, database: db.name, max },
      password: () => url.password,
    });
  const [two, alone] = [poolOf(2), poolOf(1)];
  const there = openSide(`two ${db.name}`, { driver: nodePg(two) });
  const single = openSide(`one ${db.name}`, { driver: nodePg(alone) });
  const here = openSide(`here ${db.name}`, { url: db.url });
  try {
    await untilOpen(there);
    await there.Shop.get({ id: 1 });
    await here.Shop.updateWhere({ id: 1 }, { name: "new" });
    await eventually(async () => (await there.Shop.get({ id: 1 })).name === "new", "it is seen");
    await single.Shop.get({ id: 1 });
    await eventually(() => single.warnings.length > 0, "it is refused");
    assert.equal(single.warnings[0]!.code, "cache_sync_unsupported");
    assert.match(String(single.warnings[0]!.error), /one connection/);
    assert.equal((await single.Shop.get({ id: 1 })).name, "new");
  } finally {
    for (const side of [there, single, here]) await closeDatabase(side.name);
    for (const pool of [two, alone]) await pool.end();
  }
});

const noBouncer = skip === false ? bouncerLacks() : skip;

test("behind a pooler listenUrl is named, and used", { skip: noBouncer }, async () => {
  await using db = await testDatabase(server);
  await runSql(db, `${TABLES}; insert into shops values (1, 'old', 'a')`);
  await using bouncer = await startBouncer(db.url, 4);
  const url = new URL(bouncer.url);
  const pool = new PoolClass({
    ...{ host: url.hostname, port: Number(url.port), user: url.username, database: db.name },
    ...{ password: () => url.password, max: 4 },
  });
  // a pool of the caller's may lead to a pooler without saying so
  const deaf = openSide(`deaf ${db.name}`, { driver: nodePg(pool) });
  const there = openSide(`pooled ${db.name}`, {
    ...{ url: bouncer.url, poolMode: "transaction", listenUrl: otherName(db.url) },
  });
  const here = openSide(`direct ${db.name}`, { url: db.url });
  try {
    await deaf.Shop.get({ id: 1 });
    await untilOpen(there);
    await there.Shop.get({ id: 1 });
    await here.Shop.updateWhere({ id: 1 }, { name: "new" });
    await eventually(async () => (await there.Shop.get({ id: 1 })).name === "new", "it is seen");
    await there.Shop.updateWhere({ id: 1 }, { name: "newer" });
    await eventually(async () => (await here.Shop.get({ id: 1 })).name === "newer", "both ways");
    await eventually(() => deaf.warnings.length > 0, "it warns", 40_000);
    assert.equal(deaf.warnings[0]!.code, "cache_sync_unheard");
    assert.match((deaf.warnings[0]!.error as { hint?: string }).hint ?? "", /listenUrl/);
    assert.equal((await deaf.Shop.get({ id: 1 })).name, "newer");
  } finally {
    for (const side of [deaf, there, here]) await closeDatabase(side.name);
    await pool.end();
  }
});
