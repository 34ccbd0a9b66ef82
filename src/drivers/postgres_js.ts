/**
 * The driver over a client of `postgres` (postgres.js).
 *
 * What it lacks: statements of one connection wait for each other; a link that falls silent is found
 * dead by a time limit alone, and its place in the client stays taken until the system closes it; a
 * transaction that the server ends for being idle is told as a lost connection; a connection that is cut
 * while it is being opened is not told of; the first run of a statement with values takes two round trips.
 *
 * @module
 */
import type { Driver } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import { AdapterDriver } from "./adapter/driver.ts";
import { type Client, postgresJsSource } from "./postgres_js/source.ts";
import type { PoolOptions } from "./shared/pool_options.ts";

export type { PoolOptions as PostgresJsOptions } from "./shared/pool_options.ts";

/** A client of `postgres`, which is a pool: what `postgres(url)` gives fits. */
export interface PostgresJsClient {
  /** What it was made with. */
  readonly options: { readonly max: number };
  /** Makes a statement of a text. */
  unsafe(text: string): unknown;
  /** Subscribes to a channel. */
  listen(channel: string, onPayload: (payload: string) => void): unknown;
  /** Closes it; the caller does. */
  end(options?: { timeout?: number | undefined }): Promise<void>;
}

/**
 * Makes a driver from a client of `postgres` that the caller owns: it stays open when the driver closes,
 * and can be used beside the driver.
 *
 * Values go and come as the server's text, whatever `types` the client has. A client with a `transform`
 * that renames columns or changes rows is refused. `LISTEN` uses the client's own connection for it,
 * beside the pool. Make the client with `fetch_types: false` where nothing else uses it: it reads them on each
 * new connection, and a cut in that moment rejects a promise that nobody handles.
 *
 * @throws {ValidationError} what is given is no such client, or it has such a transform
 *
 * @example
 * ```ts ignore
 * import postgres from "postgres";
 * import { registerDatabase } from "@matrx/orm";
 * import { postgresJs } from "@matrx/orm/drivers/postgres-js";
 *
 * const sql = postgres(process.env.DATABASE_URL);
 * registerDatabase({ name: "main", driver: postgresJs(sql) });
 * ```
 */
export function postgresJs(client: PostgresJsClient, options: PoolOptions = {}): Driver {
  const known = client as Partial<Client> | undefined;
  if (
    typeof known?.unsafe !== "function" || typeof known.listen !== "function" ||
    typeof known.typed !== "function"
  ) {
    throw new ValidationError("postgresJs() needs a client of postgres (postgres.js)", {
      code: "invalid_argument",
      hint: "Give what postgres(url) returns, of version 3.4 or newer",
    });
  }
  const { column, row } = known.options?.transform ?? {};
  if (typeof column?.from === "function" || typeof row?.from === "function") {
    throw new ValidationError("postgresJs() needs a client that leaves columns and rows alone", {
      code: "invalid_argument",
      hint: "Make one without transform; models map the names of columns themselves",
    });
  }
  return new AdapterDriver(postgresJsSource(known as Client), options);
}
