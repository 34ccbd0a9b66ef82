/**
 * The driver over clients of `jsr:@db/postgres`, which is written for Deno.
 *
 * What it lacks: `LISTEN`; prepared statements that stay; statements of one connection wait for each
 * other; a connection that the server ends is noticed by the statement that fails on it; a text without
 * values may hold several commands; the package drops a byte order mark at the start of a value.
 *
 * @module
 */
import type { Driver } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import { AdapterDriver } from "./adapter/driver.ts";
import { DenoPostgresSource } from "./deno_postgres/source.ts";
import type { PoolOptions } from "./shared/pool_options.ts";

/** A client of `@db/postgres`: `new Client({ ..., controls: { decodeStrategy: "string" } })` fits. */
export interface DenoPostgresClient {
  /** Opens its connection. */
  connect(): Promise<void>;
  /** Runs a statement. */
  queryArray(text: string): Promise<unknown>;
  /** Closes its connection. */
  end(): Promise<void>;
}

/** Settings of a driver over clients of `@db/postgres`. */
export interface DenoPostgresOptions extends PoolOptions {
  /** Most connections open at once; default 10. Cancelling a statement opens one more for a moment. */
  readonly poolMax?: number | undefined;
  /** Longest time to open a connection in ms; default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** A connection that was idle for this long is closed, in ms; default 30,000. */
  readonly idleTimeoutMs?: number | undefined;
}

/**
 * Makes a driver from a function that makes clients of `@db/postgres`, not connected yet. The driver opens and
 * closes them: the package's own `Pool` keeps connections that were cut, and hands them out again.
 *
 * The clients must be made with `controls: { decodeStrategy: "string" }` and without decoders, or no value could
 * be read: the first call fails with `unsupported_package` when they are not.
 *
 * @throws {ValidationError} what is given is no function, or a setting is no whole number from 1
 *
 * @example
 * ```ts ignore
 * import { Client } from "jsr:@db/postgres@0.19";
 * import { registerDatabase } from "@matrx/orm";
 * import { denoPostgres } from "@matrx/orm/drivers/deno-postgres";
 *
 * const login = { hostname: "localhost", user: "me", password: "secret", database: "shop" };
 * const make = () => new Client({ ...login, controls: { decodeStrategy: "string" } });
 * registerDatabase({ name: "main", driver: denoPostgres(make) });
 * ```
 */
export function denoPostgres(
  make: () => DenoPostgresClient,
  options: DenoPostgresOptions = {},
): Driver {
  if (typeof make !== "function") {
    throw new ValidationError("denoPostgres() needs a function that makes clients", {
      code: "invalid_argument",
      hint: 'Give () => new Client({ ..., controls: { decodeStrategy: "string" } })',
    });
  }
  const { poolMax = 10, connectTimeoutMs = 10_000, idleTimeoutMs = 30_000 } = options;
  for (const [name, value] of Object.entries({ poolMax, connectTimeoutMs, idleTimeoutMs })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new ValidationError(`denoPostgres() cannot use its setting ${name}`, {
      code: "invalid_argument",
      hint: "Give a whole number from 1",
    });
  }
  const source = new DenoPostgresSource({
    make,
    ownsSession: options.poolMode !== "transaction",
    max: poolMax,
    connectTimeoutMs,
    idleTimeoutMs,
  });
  return new AdapterDriver(source, options);
}
