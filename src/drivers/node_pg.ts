/**
 * The driver on node-postgres (`pg`), for `postgres://` and `postgresql://`.
 *
 * @module
 */
import type { Driver, DriverOptions } from "../driver/port.ts";
import { requestCancel } from "./node_pg/cancel.ts";
import { resolve } from "./node_pg/config.ts";
import { PgDriver, type PgPackage } from "./node_pg/driver.ts";
import { ClientClass, type PgConfig, type PgPool, PoolClass } from "./node_pg/module.ts";
import type { PgPoolOptions } from "./node_pg/pool_options.ts";
import { applyToClient, checkClient } from "./node_pg/session.ts";
import { heldSettings } from "./shared/held.ts";

export type { PgPool } from "./node_pg/module.ts";
export type { PgPoolOptions as NodePgPoolOptions } from "./node_pg/pool_options.ts";

const NODE_PG: PgPackage = {
  name: "node_pg",
  // the pool hides the password from a copy
  newClient: ({ options }) => new ClientClass({ ...options, password: options.password }),
  complete: () => {},
  cancel: requestCancel,
};

/** Options of a driver that opens its own pool: the URL, and what differs from the defaults. */
export type NodePgOptions = Pick<DriverOptions, "url"> & Partial<DriverOptions>;

/**
 * Makes a driver from a `pg.Pool` that the caller owns, or from options.
 *
 * A pool of the caller's stays open when the driver closes. Make it with `pipeline: true` to have statements
 * follow each other without waiting.
 *
 * @example
 * ```ts
 * import { closeAll, registerDatabase } from "@matrx/orm";
 * import { nodePg } from "@matrx/orm/drivers/node-pg";
 *
 * const driver = nodePg({ url: "postgres://me@localhost/shop" }); // or a pg.Pool of your own
 * registerDatabase({ name: "main", driver });
 * await closeAll();
 * ```
 */
export function nodePg(source: PgPool, options?: PgPoolOptions): Driver;
/** Makes a driver that opens a pool of its own on first use. */
export function nodePg(source: NodePgOptions): Driver;
export function nodePg(source: PgPool | NodePgOptions, options: PgPoolOptions = {}): Driver {
  if ("connect" in source) return overPool(source, options);
  return openNodePg({
    name: "main",
    poolMax: 10,
    poolMode: "session",
    connectTimeoutMs: 10_000,
    acquireTimeoutMs: 10_000,
    statementTimeoutMs: 0,
    idleTimeoutMs: 30_000,
    livenessTimeoutMs: 15_000,
    ...source,
  });
}

/**
 * Makes a driver that opens its own pool on first use.
 *
 * @throws {ConfigurationError} the URL cannot be read
 *
 * @example
 * ```ts
 * import { openNodePg } from "@matrx/orm/drivers/node-pg";
 *
 * const driver = openNodePg({
 *   ...{ name: "main", url: "postgres://me@localhost/shop", poolMode: "session", poolMax: 10 },
 *   ...{ connectTimeoutMs: 10_000, acquireTimeoutMs: 10_000, statementTimeoutMs: 0 },
 *   ...{ idleTimeoutMs: 30_000, livenessTimeoutMs: 15_000 },
 * });
 * await driver.close(); // nothing was opened yet
 * ```
 */
export function openNodePg(options: DriverOptions): Driver {
  const { config, target, plainToo } = resolve(options);
  const shared: { -readonly [Key in keyof PgConfig]: PgConfig[Key] } = { ...config };
  const pooled = options.poolMode === "transaction";
  let pool: (PgPool & { options: { ssl?: unknown } }) | undefined;
  return new PgDriver({
    package: NODE_PG,
    target,
    open: () => pool = new PoolClass(shared),
    pipelining: true,
    poolMode: options.poolMode,
    max: options.poolMax,
    acquireTimeoutMs: options.acquireTimeoutMs,
    livenessTimeoutMs: options.livenessTimeoutMs,
    held: heldSettings(options.name, options),
    // a pooler does not keep statement_timeout for one client, so the client keeps the time
    defaultTimeoutMs: pooled ? options.statementTimeoutMs : 0,
    prepare: (client) => pooled ? checkClient(client, target) : Promise.resolve(),
    ownsPool: true,
    fallBack: () => {
      if (!plainToo || pool === undefined) return false;
      pool.options.ssl = false;
      return true;
    },
  });
}

function overPool(pool: PgPool, options: PgPoolOptions): Driver {
  const target = { name: options.name ?? "main", place: "a pool of the caller's" };
  const poolMode = options.poolMode ?? "session";
  const limit = options.statementTimeoutMs ?? 0;
  const pooled = poolMode === "transaction";
  return new PgDriver({
    package: NODE_PG,
    target,
    open: () => pool,
    pipelining: pool.options.pipeline === true,
    poolMode,
    max: pool.options.max,
    acquireTimeoutMs: options.acquireTimeoutMs ?? 10_000,
    livenessTimeoutMs: options.livenessTimeoutMs ?? 15_000,
    held: heldSettings(target.name, options),
    defaultTimeoutMs: pooled ? limit : 0,
    prepare: (client) => pooled ? checkClient(client, target) : applyToClient(client, limit),
    ownsPool: false,
    fallBack: () => false,
  });
}
