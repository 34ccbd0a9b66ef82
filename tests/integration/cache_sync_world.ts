/** Two programs on one database, as far as caches can tell: they reach it by different names. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  closeDatabase,
  type DatabaseConfig,
  foreignKey,
  integer,
  model,
  type QueryEvent,
  registerDatabase,
  StateManager,
  text,
  type WarningEvent,
} from "../../mod.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { TestServer } from "../support/servers.ts";

export const TABLES = `
  create table shops (id int primary key, name text, code text unique);
  create table items (
    id text primary key, shop int references shops on update cascade on delete cascade, val text);
  create table places (a text, b int, val text, primary key (a, b));
`;

/** The models of one of the programs. */
// deno-lint-ignore explicit-function-return-type -- what it gives is a bag of classes
export function syncModels(database: string) {
  class Shop extends model("shops", {
    id: integer().primaryKey(),
    name: text().nullable(),
    code: text().unique().nullable(),
  }, { database, cache: "permanent" }) {}
  class Item extends model("items", {
    id: text().primaryKey(),
    shop: foreignKey<Shop>(() => Shop, { onUpdate: "cascade", onDelete: "cascade" }).nullable(),
    val: text().nullable(),
  }, { database, cache: "permanent" }) {}
  class Place extends model("places", {
    a: text(),
    b: integer(),
    val: text().nullable(),
  }, { database, cache: "permanent", primaryKey: ["a", "b"] }) {}
  return { Shop, Item, Place };
}

/** One of the programs. */
export type Side = ReturnType<typeof syncModels> & {
  readonly name: string;
  /** The statements that it sent since the last look: the operation of each. */
  sent(): string[];
  readonly warnings: WarningEvent[];
};

/** A database and the programs that use it. */
export interface SyncWorld extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly here: Side;
  readonly there: Side;
}

/** Registers one more program: by a host name that makes its caches others than those of `url`. */
export function openSide(name: string, config: Omit<DatabaseConfig, "name">): Side {
  let log: string[] = [];
  const warnings: WarningEvent[] = [];
  registerDatabase({
    cacheSync: true,
    ...config,
    name,
    onQuery: ({ origin }: QueryEvent) => void log.push(origin.operation),
    onWarning: (warning) => void warnings.push(warning),
  });
  return {
    ...syncModels(name),
    name,
    warnings,
    sent() {
      const sent = log;
      log = [];
      return sent;
    },
  };
}

/** The same address by another host name. */
export function otherName(url: string): string {
  const other = new URL(url);
  other.hostname = other.hostname === "localhost" ? "127.0.0.1" : "localhost";
  return other.href;
}

/** Makes a database with tables and two programs that listen. */
export async function syncWorld(
  server: TestServer,
  config: Partial<DatabaseConfig> = {},
): Promise<SyncWorld> {
  const db = await testDatabase(server);
  await runSql(db, TABLES);
  const here = openSide(`here ${db.name}`, { url: db.url, ...config });
  const there = openSide(`there ${db.name}`, { url: otherName(db.url), ...config });
  return {
    db,
    here,
    there,
    async [Symbol.asyncDispose]() {
      await closeDatabase(here.name);
      await closeDatabase(there.name);
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Runs a script beside the library. */
export async function runSql(db: TestDatabase, script: string): Promise<void> {
  const connection = await db.driver.acquire();
  try {
    await connection.script(script);
  } finally {
    connection.release();
  }
}

/** Waits until lookups of a program may use its caches, or may not. */
export async function untilOpen({ Shop, name }: Side, wanted = true): Promise<void> {
  await eventually(async () => {
    // the first lookup starts to listen
    await Shop.getOrNull({ id: -1 });
    return await isOpen(name) === wanted;
  }, `the caches of ${name} are ${wanted ? "open" : "closed"}`);
}

/** Whether lookups of a database may use its caches. */
export async function isOpen(database: string): Promise<boolean> {
  const [found] = await StateManager.statistics(undefined, { database });
  return found?.open ?? false;
}

/** Waits until something holds. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  what: string,
  limitMs = 20_000,
): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!await holds()) {
    assert.ok(Date.now() < limit, `waited in vain until ${what}`);
    await sleep(5);
  }
}
