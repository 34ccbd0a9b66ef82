/**
 * The driver over a client of `Bun.SQL`, for programs that run on Bun alone.
 *
 * What it lacks: statements of one connection wait for each other; no statement stays prepared; a link that
 * falls silent is found dead by a time limit alone; a cancel that overtakes its statement passes it by, and
 * the connection is closed after 2 s; a subscription that ended is told of once the client has opened it anew.
 *
 * @module
 */
import type { Driver } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import { AdapterDriver } from "./adapter/driver.ts";
import { bunSqlSource, type Client } from "./bun_sql/source.ts";
import type { PoolOptions } from "./shared/pool_options.ts";

export type { PoolOptions as BunSqlOptions } from "./shared/pool_options.ts";

/** A client of `Bun.SQL`, which is a pool: what `new Bun.SQL(url, { prepare: false })` gives fits. */
export interface BunSqlClient {
  /** What it was made with. */
  readonly options: object;
  /** Makes a statement of a text. */
  unsafe(text: string): unknown;
  /** Takes a connection out of the pool. */
  reserve(): Promise<unknown>;
  /** Closes it; the caller does. */
  close(options?: { timeout?: number }): Promise<void>;
}

/**
 * Makes a driver from a client of `Bun.SQL` that the caller owns: it stays open when the driver closes,
 * and can be used beside the driver.
 *
 * The client must be made with `prepare: false`: with prepared statements Bun writes values in a way of its
 * own by the types of their parameters. Values go and come as the server's text. `LISTEN` uses the client's
 * own connection for it, beside the pool.
 *
 * @throws {ValidationError} what is given is no such client, it prepares statements, it is for another
 *   database than PostgreSQL, or it changes the names of columns
 *
 * @example
 * ```ts ignore
 * import { SQL } from "bun";
 * import { registerDatabase } from "@matrx/orm";
 * import { bunSql } from "@matrx/orm/drivers/bun-sql";
 *
 * const sql = new SQL(process.env.DATABASE_URL, { prepare: false });
 * registerDatabase({ name: "main", driver: bunSql(sql) });
 * ```
 */
export function bunSql(client: BunSqlClient, options: PoolOptions = {}): Driver {
  const known = client as Partial<Client> | undefined;
  if (
    typeof known?.unsafe !== "function" || typeof known.reserve !== "function" ||
    typeof known.listen !== "function" || known.options?.adapter !== "postgres"
  ) {
    throw new ValidationError("bunSql() needs a client of Bun.SQL for PostgreSQL", {
      code: "invalid_argument",
      hint: "Give new Bun.SQL(url, { prepare: false }), of Bun 1.4 or newer",
    });
  }
  if (known.options.prepare !== false) {
    throw new ValidationError("bunSql() needs a client that prepares no statements", {
      code: "invalid_argument",
      hint: "Make it with new Bun.SQL(url, { prepare: false }): values then go and come as text",
    });
  }
  if (typeof known.options.transform?.column?.from === "function") {
    throw new ValidationError("bunSql() needs a client that leaves columns alone", {
      code: "invalid_argument",
      hint: "Make one without transform; models map the names of columns themselves",
    });
  }
  return new AdapterDriver(bunSqlSource(known as Client), options);
}
