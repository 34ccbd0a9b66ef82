/** What caches are typed as. */
import { test } from "node:test";
import {
  type CacheStatistics,
  type CacheStore,
  integer,
  memoryStore,
  model,
  registerDatabase,
  sql,
  StateManager,
  text,
} from "../../mod.ts";
import { Order } from "./models.ts";

class Kept extends model("kept", { id: integer().primaryKey(), name: text() }, {
  cache: "long-term",
  cacheTimeout: 30,
}) {}

async function caches(): Promise<void> {
  await Kept.get({ id: 1 }, { useCache: false, timeoutMs: 5 });
  await Kept.getOrNull({ id: 1 }, { useCache: true });
  await Kept.getById(1, { useCache: false });
  await Kept.rawSql(sql`update kept set name = ''`, { touches: [Kept, Order] });
  const row: Kept | null = await StateManager.get(Kept, 1);
  const counted: CacheStatistics[] = await StateManager.statistics();
  const store: CacheStore = memoryStore({ maxEntries: 5 });
  registerDatabase({ name: "m", url: "pglite://memory", cache: "instant", cacheStore: store });
  registerDatabase({
    name: "s",
    url: "postgres://h/d",
    cacheSync: true,
    listenUrl: "postgres://h/d",
  });
  // @ts-expect-error it is on or off
  registerDatabase({ name: "s", url: "postgres://h/d", cacheSync: "yes" });
  await StateManager.clearCache();
  void [row, counted];
  // @ts-expect-error no such policy
  model("x", { id: integer() }, { cache: "always" });
  // @ts-expect-error seconds are a number
  model("x", { id: integer() }, { cacheTimeout: "30" });
  // @ts-expect-error a query is never answered from a cache
  await Kept.filter({ id: 1 }).get({ useCache: false });
  // @ts-expect-error nor is a write
  await Kept.create({ id: 1, name: "x" }, { useCache: false });
  // @ts-expect-error what is no model is not touched
  await Kept.raw(sql`select 1`, { touches: ["kept"] });
  // @ts-expect-error the name of a table is no model
  await StateManager.remove("kept", 1);
}

test("caches compile as they are meant to", () => {
  void caches;
});
