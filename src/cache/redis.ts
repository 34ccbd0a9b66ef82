/**
 * Keeps cached rows in Redis, Valkey or another server of that protocol, for several processes.
 *
 * @module
 */
import { ValidationError } from "../errors/base.ts";
import { random } from "../util/host.ts";
import type { CachedRow, CacheMiss, CachePlace, CacheStore, StoreReport } from "./store.ts";

/** A client of the `redis` package (node-redis), version 5; a connected one. */
export interface NodeRedisClient {
  /** Sends a command. */
  sendCommand(args: string[]): Promise<unknown>;
}

/** A client of the `ioredis` package. */
export interface IoRedisClient {
  /** Sends a command. */
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** Anything that sends a command: a client, or a function of one's own. */
export type RedisClient =
  | NodeRedisClient
  | IoRedisClient
  | ((args: readonly string[]) => Promise<unknown>);

/** Settings of a store in Redis. */
export interface RedisStoreOptions {
  /** What all keys begin with, so that programs do not share rows; default `matrx`. */
  readonly prefix?: string;
}

/** How long a read may take until its row is no longer taken, in ms. */
const LEASE_MS = 30_000;

/*
 * A row is a hash with a field for each scope, so that one DEL removes it for all of them. A lookup that
 * finds nothing leaves a lease in it, and only who still finds his lease there may put the row: a write
 * takes the leases away with the row. The generation of the table, which a write of many rows replaces,
 * stands before each row.
 */
const READ = `
local gen = redis.call('GET', KEYS[2])
if not gen then gen = ARGV[2]; redis.call('SET', KEYS[2], gen) end
local row = redis.call('HGET', KEYS[1], 'r' .. ARGV[1])
if row and string.sub(row, 1, #gen + 1) == gen .. ' ' then
  return {1, string.sub(row, #gen + 2)}
end
redis.call('HSET', KEYS[1], 'l' .. ARGV[1], ARGV[2])
if redis.call('PTTL', KEYS[1]) < 0 and redis.call('HEXISTS', KEYS[1], 'kept') == 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return {0, gen}`;

const FILL = `
if redis.call('HGET', KEYS[1], 'l' .. ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], 'l' .. ARGV[1])
redis.call('HSET', KEYS[1], 'r' .. ARGV[1], ARGV[3])
if redis.call('HSETNX', KEYS[1], 'kept', '1') == 1 then
  if ARGV[4] == '' then redis.call('PERSIST', KEYS[1])
  else redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
end
return 1`;

class RedisStore implements CacheStore {
  readonly shared = true;
  readonly #send: (args: readonly string[]) => Promise<unknown>;
  readonly #prefix: string;

  constructor(client: RedisClient, { prefix = "matrx" }: RedisStoreOptions) {
    this.#send = senderOf(client);
    this.#prefix = prefix;
  }

  async read({ table, scope }: CachePlace, key: string): Promise<CachedRow | CacheMiss> {
    const lease = token();
    const keys = [this.#row(table, key), this.#generation(table)];
    const answer = await this.#run(READ, keys, [scope, lease, String(LEASE_MS)]) as unknown[];
    const [found, text] = [Number(answer[0]), String(answer[1])];
    return found === 1 ? JSON.parse(text) as CachedRow : { ticket: `${lease} ${text}` };
  }

  async fill(
    { table, scope }: CachePlace,
    key: string,
    { ticket }: CacheMiss,
    row: CachedRow,
    lifeMs: number,
  ): Promise<void> {
    const [lease = "", generation = ""] = ticket.split(" ");
    const life = lifeMs === Infinity ? "" : String(Math.max(1, Math.floor(lifeMs)));
    const kept = `${generation} ${JSON.stringify(row)}`;
    await this.#run(FILL, [this.#row(table, key)], [scope, lease, kept, life]);
  }

  async remove(table: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#send(["DEL", ...keys.map((key) => this.#row(table, key))]);
  }

  async clear(table: string): Promise<void> {
    await this.#send(["SET", this.#generation(table), token()]);
  }

  report(): StoreReport {
    return { size: null, evictions: null };
  }

  #run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#send(["EVAL", script, String(keys.length), ...keys, ...args]);
  }

  // in braces: a cluster keeps all keys of a table together, as scripts over several of them need it
  #row(table: string, key: string): string {
    return `{${this.#prefix} ${table}} ${key}`;
  }

  #generation(table: string): string {
    return `{${this.#prefix} ${table}}`;
  }
}

/** A word that no other process makes; tells of nothing. */
function token(): string {
  return `${random().toString(36).slice(2)}${random().toString(36).slice(2)}`;
}

function senderOf(client: RedisClient): (args: readonly string[]) => Promise<unknown> {
  if (typeof client === "function") return client;
  if (typeof (client as IoRedisClient)?.call === "function") {
    const { call } = client as IoRedisClient;
    return ([command = "", ...args]) => call.apply(client, [command, ...args]);
  }
  if (typeof (client as NodeRedisClient)?.sendCommand === "function") {
    return (args) => (client as NodeRedisClient).sendCommand([...args]);
  }
  throw new ValidationError("redisStore() needs a client", {
    code: "invalid_argument",
    hint: "Give a connected client of redis or ioredis, or a function that sends a command",
  });
}

/**
 * Makes a store of cached rows in Redis or a server that speaks like it. A write in one process makes
 * rows void for all, and a row that was read before a write is never kept after it.
 *
 * The client stays the caller's: connect it before, close it after the databases. When the server
 * cannot be reached lookups go to the database.
 *
 * @throws {ValidationError} what is given is no client
 *
 * @example
 * ```ts ignore
 * import { registerDatabase } from "@matrx/orm";
 * import { redisStore } from "@matrx/orm/cache/redis";
 * import { createClient } from "redis";
 *
 * const client = await createClient({ url: "redis://localhost" }).connect();
 * registerDatabase({ name: "main", url: "postgres://localhost/shop", cacheStore: redisStore(client) });
 * ```
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): CacheStore {
  return new RedisStore(client, options);
}
