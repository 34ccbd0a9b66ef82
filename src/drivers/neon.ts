/**
 * The driver over a pool of `@neondatabase/serverless`, which speaks PostgreSQL through a WebSocket.
 *
 * @module
 */
import type { Driver } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import { PgDriver, type PgPackage } from "./node_pg/driver.ts";
import type { PgClient, PgPool } from "./node_pg/module.ts";
import type { PgPoolOptions } from "./node_pg/pool_options.ts";
import { applyToClient, checkClient } from "./node_pg/session.ts";
import { heldSettings } from "./shared/held.ts";

export type { PgPoolOptions as NeonOptions } from "./node_pg/pool_options.ts";

/** A pool of `@neondatabase/serverless`: `new Pool({ connectionString })` fits. */
export interface NeonPool {
  /** How many clients it has. */
  readonly totalCount: number;
  /** How many of them nobody uses. */
  readonly idleCount: number;
  /** How many callers wait for one. */
  readonly waitingCount: number;
  /** Takes a client out of the pool. */
  connect(): Promise<unknown>;
  /** Closes it; the caller does. */
  end(): Promise<void>;
}

/** The package's pool is that of an older node-postgres, with its own client. */
interface Pool extends PgPool {
  readonly Client: new (options: unknown) => PgClient & { readonly connection: Wire };
}

/** The side of a client that speaks to the server. */
interface Wire {
  on(event: "readyForQuery", listener: (message: { readonly status: string }) => void): unknown;
  on(event: "connect" | "end" | "error", listener: (error: Error) => void): unknown;
  connect(port: number, host: string): void;
  cancel(processID: number, secretKey: number): void;
}

/** What the older client lacks. */
interface Completed {
  getTransactionStatus?: () => string | null;
  readonly connection: Wire & { submittedNamedStatements?: Record<string, string> };
}

/**
 * Makes a driver from a `Pool` of `@neondatabase/serverless` that the caller owns: it stays open when
 * the driver closes. Statements of one connection wait for each other, as the package does not pipeline.
 *
 * @throws {ValidationError} what is given is no such pool
 *
 * @example
 * ```ts ignore
 * import { Pool } from "@neondatabase/serverless";
 * import { registerDatabase } from "@matrx/orm";
 * import { neon } from "@matrx/orm/drivers/neon";
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * registerDatabase({ name: "main", driver: neon(pool) });
 * ```
 */
export function neon(pool: NeonPool, options: PgPoolOptions = {}): Driver {
  const source = pool as Pool;
  if (typeof source?.connect !== "function" || typeof source.Client !== "function") {
    throw new ValidationError("neon() needs a Pool of @neondatabase/serverless", {
      code: "invalid_argument",
      hint:
        "Give new Pool({ connectionString }); the sql function of HTTP has no transactions to join",
    });
  }
  const target = { name: options.name ?? "main", place: "a pool of the caller's" };
  const poolMode = options.poolMode ?? "session";
  const limit = options.statementTimeoutMs ?? 0;
  const pooled = poolMode === "transaction";
  return new PgDriver({
    package: NEON,
    target,
    open: () => source,
    pipelining: false,
    poolMode,
    max: source.options.max,
    acquireTimeoutMs: options.acquireTimeoutMs ?? 10_000,
    livenessTimeoutMs: options.livenessTimeoutMs ?? 15_000,
    held: heldSettings(target.name, options),
    defaultTimeoutMs: pooled ? limit : 0,
    prepare: (client) => pooled ? checkClient(client, target) : applyToClient(client, limit),
    ownsPool: false,
    fallBack: () => false,
  });
}

const NEON: PgPackage = {
  name: "neon",
  newClient: (pool) => new (pool as Pool).Client(pool.options),
  complete(client) {
    const target = client as unknown as Completed;
    if (target.getTransactionStatus !== undefined) return;
    // a client comes out of the pool once it is ready, outside of any transaction
    let status = "I";
    target.connection.on("readyForQuery", (message) => void (status = message.status));
    target.getTransactionStatus = () => status;
    target.connection.submittedNamedStatements ??= {};
  },
  cancel,
};

/** Sends the protocol's cancel request through a WebSocket of its own. */
function cancel(client: PgClient, limitMs: number): Promise<void> {
  const { processID, secretKey, port, host } = client;
  if (processID === null || secretKey === null) {
    return Promise.reject(new Error("The server gave no key to cancel with"));
  }
  const { connection } = new (client.constructor as unknown as Pool["Client"])({ host, port });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => connection.stream.destroy(new Error("The cancel request was not answered")),
      limitMs,
    );
    connection.on("connect", () => connection.cancel(processID, secretKey));
    connection.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // the server closes the link after it has passed the signal on
    connection.on("end", () => {
      clearTimeout(timer);
      resolve();
    });
    connection.connect(port, host);
  });
}
