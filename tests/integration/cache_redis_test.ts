import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, registerDatabase, StateManager } from "../../mod.ts";
import { type RedisClient, redisStore } from "../../src/cache/redis.ts";
import type { CacheMiss, CacheStore } from "../../src/cache/store.ts";
import { testDatabase } from "../support/database.ts";
import { connectRedis, redisLacks, startRedis } from "../support/redis.ts";
import { testServer } from "../support/servers.ts";
import { cachedModels, makeTables } from "./cache_world.ts";

interface Opened {
  readonly client: RedisClient;
  close(): void;
}

/** The shapes of clients that the store takes, each over a link to a real server. */
const CLIENTS: Readonly<Record<string, (port: number) => Promise<Opened>>> = {
  async sendCommand(port) {
    const link = await connectRedis(port);
    return { client: { sendCommand: (args) => link.send(args) }, close: () => link.close() };
  },
  async call(port) {
    const link = await connectRedis(port);
    return { client: { call: (...args: string[]) => link.send(args) }, close: () => link.close() };
  },
};

const PLACE = { table: "t", scope: "ann" };
const OTHER = { table: "t", scope: "bob" };

async function missOf(store: CacheStore, place = PLACE, key = "=1"): Promise<CacheMiss> {
  const found = await store.read(place, key);
  if ("ticket" in found) return found;
  throw new Error("there is a row");
}

const skip = redisLacks();

for (const [name, open] of Object.entries(CLIENTS)) {
  test(`redisStore() does keep rows in Redis by a client with ${name}()`, { skip }, async () => {
    await using redis = await startRedis();
    const [first, second] = [await open(redis.port), await open(redis.port)];
    try {
      // two stores are two processes
      const [here, there] = [redisStore(first.client), redisStore(second.client)];
      const row = ["1", null, 'a "quoted" text é'];
      await here.fill(PLACE, "=1", await missOf(here), row, 60_000);
      assert.deepEqual(await there.read(PLACE, "=1"), row);
      await missOf(there, OTHER);
      await missOf(redisStore(second.client, { prefix: "another" }));
      await there.remove("t", ["=1"]);
      const early = await missOf(here);
      // written while it was read: the row comes too late
      await there.remove("t", ["=1"]);
      await here.fill(PLACE, "=1", early, row, 60_000);
      await here.fill(OTHER, "=1", await missOf(here, OTHER), ["1", "b"], Infinity);
      await here.fill(PLACE, "=1", await missOf(here), row, Infinity);
      assert.deepEqual(await there.read(OTHER, "=1"), ["1", "b"]);
      const [late, cleared] = [await missOf(here, PLACE, "=2"), await missOf(here, PLACE, "=3")];
      await there.clear("t");
      await here.fill(PLACE, "=2", late, row, Infinity);
      for (const key of ["=1", "=2"]) await missOf(there, PLACE, key);
      await here.fill(PLACE, "=3", cleared, row, Infinity);
      await missOf(here, PLACE, "=3");
      await here.fill(PLACE, "=4", await missOf(here, PLACE, "=4"), row, 30);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await missOf(here, PLACE, "=4");
    } finally {
      first.close();
      second.close();
    }
  });

  test(`a model does keep its rows in Redis by a client with ${name}()`, { skip }, async () => {
    await using redis = await startRedis();
    const server = await testServer("pg18");
    await using db = await testDatabase(
      server.skip === false ? server : await testServer("pglite"),
    );
    await makeTables(db.driver);
    const [first, second] = [await open(redis.port), await open(redis.port)];
    let reads = 0;
    const onQuery = (event: { origin: { operation: string } }): void => {
      if (event.origin.operation === "get") reads++;
    };
    registerDatabase({
      name: "redis",
      driver: db.driver,
      onQuery,
      cacheStore: redisStore(first.client),
    });
    try {
      const { Shop } = cachedModels("redis");
      await Shop.create({ id: 1, code: "a", name: "old" });
      const settle = async (): Promise<void> => {
        for (let round = 0; round < 3; round++) {
          await Shop.get({ id: 1 });
          await Shop.get({ code: "a" });
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      await settle();
      reads = 0;
      assert.equal((await Shop.get({ id: 1 })).name, "old");
      assert.equal((await Shop.get({ code: "a" })).name, "old");
      assert.equal(reads, 0);
      await Shop.updateWhere({ id: 1 }, { name: "new" });
      assert.equal((await Shop.get({ id: 1 })).name, "new");
      const row = await Shop.get({ code: "a" });
      await row.update({ name: "newer" });
      assert.equal((await Shop.get({ id: 1 })).name, "newer");
      assert.equal((await Shop.get({ code: "a" })).name, "newer");
      await settle();
      // without Redis the database answers
      await redis.kill();
      reads = 0;
      assert.equal((await Shop.get({ id: 1 })).name, "newer");
      await Shop.updateWhere({ id: 1 }, { name: "last" });
      assert.equal((await Shop.get({ id: 1 })).name, "last");
      assert.equal(reads, 2);
      const [counted] = await StateManager.statistics(Shop);
      assert.ok(counted!.failures > 0);
    } finally {
      first.close();
      second.close();
      await closeDatabase("redis");
    }
  });
}
