/**
 * The driver over a `Pool` of `jsr:@db/postgres`, the client that is written for Deno.
 *
 * What it lacks: `LISTEN`; prepared statements that stay; statements of one connection wait for each
 * other; a cut connection is noticed by the statement that fails on it; a text without values may hold
 * several commands; a byte order mark at the start of a value is dropped by the package.
 *
 * @module
 */
import type { Driver, Param, ResultColumn } from "../driver/port.ts";
import { ConfigurationError, ValidationError } from "../errors/base.ts";
import { AdapterDriver } from "./adapter/driver.ts";
import type { Answer, Session, Source } from "./adapter/seam.ts";
import type { PoolOptions } from "./shared/pool_options.ts";
import type { ServerError } from "./shared/server_error.ts";

/** A pool of `@db/postgres`: `new Pool({ ..., controls: { decodeStrategy: "string" } }, 10, true)` fits. */
export interface DenoPostgresPool {
  /** How many of its connections are free. */
  readonly available: number;
  /** Takes a connection out of the pool. */
  connect(): Promise<unknown>;
  /** Closes it; the caller does. */
  end(): Promise<void>;
}

/** Settings of a driver over a pool of `@db/postgres`. */
export interface DenoPostgresOptions extends PoolOptions {
  /** How many connections the pool has: what its constructor was given, as a pool does not tell it before it is open. */
  readonly size: number;
}

/** The pool with the parts that the driver uses. */
interface Pool extends DenoPostgresPool {
  connect(): Promise<Client>;
}

/** A connection of the pool. */
interface Client {
  readonly session: { readonly pid: number | undefined };
  queryArray(query: { text: string; args: readonly Param[] }): Promise<Result>;
  end(): Promise<void>;
  release(): void;
}

interface Result {
  readonly rows: readonly (readonly unknown[])[];
  readonly rowDescription?: {
    readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  };
  readonly rowCount?: number;
  readonly command?: string;
}

/**
 * Makes a driver from a `Pool` of `@db/postgres` that the caller owns: it stays open when the driver closes.
 *
 * The pool must be made with `controls: { decodeStrategy: "string" }` and without decoders, or no value could be
 * read; the first call tells when it was not. One of its connections is kept free, to cancel statements from: a
 * pool of one cannot cancel.
 *
 * @throws {ValidationError} what is given is no such pool, or its size is not said
 *
 * @example
 * ```ts ignore
 * import { Pool } from "jsr:@db/postgres";
 * import { registerDatabase } from "@matrx/orm";
 * import { denoPostgres } from "@matrx/orm/drivers/deno-postgres";
 *
 * const url = Deno.env.get("DATABASE_URL");
 * const pool = new Pool({ host_type: "tcp", hostname: "db", controls: { decodeStrategy: "string" } }, 10, true);
 * registerDatabase({ name: "main", driver: denoPostgres(pool, { size: 10 }) });
 * ```
 */
export function denoPostgres(pool: DenoPostgresPool, options: DenoPostgresOptions): Driver {
  if (typeof pool?.connect !== "function" || !("available" in pool)) {
    throw new ValidationError("denoPostgres() needs a Pool of @db/postgres", {
      code: "invalid_argument",
      hint: 'Give new Pool({ ..., controls: { decodeStrategy: "string" } }, 10, true)',
    });
  }
  const size = options?.size;
  if (!Number.isInteger(size) || size < 1) {
    throw new ValidationError("denoPostgres() needs to know how many connections the pool has", {
      code: "invalid_argument",
      hint: "Give { size } as its options: the second argument of new Pool()",
    });
  }
  return new AdapterDriver(sourceOf(pool as Pool, size), options);
}

function sourceOf(pool: Pool, size: number): Source {
  return {
    name: "deno_postgres",
    max: Math.max(1, size - 1),
    cancels: size > 1,
    prepares: false,
    listen: null,
    open: async () => new DenoPostgresSession(pool, size > 1, await pool.connect()),
    serverError,
  };
}

/** A connection that was taken out of the pool. */
class DenoPostgresSession implements Session {
  dead = false;
  readonly fresh = true;
  readonly #pool: Pool;
  readonly #cancels: boolean;
  readonly #client: Client;
  #proven = false;

  constructor(pool: Pool, cancels: boolean, client: Client) {
    this.#pool = pool;
    this.#cancels = cancels;
    this.#client = client;
  }

  async run(text: string, params: readonly Param[]): Promise<Answer> {
    const { rows, rowDescription, rowCount, command } = await this.#ask(text, params);
    const columns = (rowDescription?.columns ?? []).map(({ name, typeOid }): ResultColumn => ({
      name,
      typeOid: typeOid >>> 0,
    }));
    const affected = rowCount === undefined || Number.isNaN(rowCount) ? 0 : rowCount;
    // a text each, as the first statement has proven
    return {
      rows: { columns, rows: rows as readonly (readonly Param[])[], affected },
      command: command ?? "",
    };
  }

  async script(text: string): Promise<void> {
    await this.#ask(text, []);
  }

  async cancel(): Promise<boolean> {
    const { pid } = this.#client.session;
    if (!this.#cancels || pid === undefined) return false;
    // the request of the protocol is not to be had: the package keeps its key to itself
    const other = await this.#pool.connect();
    try {
      await other.queryArray({
        text: "select pg_catalog.pg_cancel_backend($1)",
        args: [String(pid)],
      });
    } finally {
      other.release();
    }
    return true;
  }

  release(): void {
    this.#client.release();
  }

  destroy(): void {
    this.dead = true;
    // what it cannot close it would hand out again, so that one stays out of the pool
    this.#client.end().then(() => this.#client.release(), () => {});
  }

  async #ask(text: string, args: readonly Param[]): Promise<Result> {
    if (!this.#proven) await this.#prove();
    try {
      return await this.#client.queryArray({ text, args });
    } catch (error) {
      // the package has closed it, or tried to
      if (serverError(error) === undefined && !this.dead) this.destroy();
      throw error;
    }
  }

  /** Makes sure that the pool leaves values as the server's text. */
  async #prove(): Promise<void> {
    this.#proven = true;
    const { rows } = await this.#ask(PROOF, []);
    if (rows[0]?.every((value) => typeof value === "string") === true) return;
    throw new ConfigurationError(
      "Cannot use this pool of @db/postgres: it does not leave values as text",
      {
        code: "unsupported_package",
        hint: 'Make it with controls: { decodeStrategy: "string" } and without decoders',
      },
    );
  }
}

/** One value of each kind that the package has a decoder for. */
const PROOF = "select 1, 1::int8, 1::float8, true, date '2000-01-01', " +
  "timestamptz '2000-01-01', '1'::jsonb, ''::bytea, '{1}'::int4[], 'x'::text";

function serverError(error: unknown): ServerError | undefined {
  const { name, fields } = (error ?? {}) as { name?: unknown; fields?: ServerError & Named };
  if (name !== "PostgresError" || typeof fields?.code !== "string") return undefined;
  return { ...fields, dataType: fields.dataTypeName };
}

/** The field of an error that the package calls otherwise. */
interface Named {
  readonly dataTypeName?: string;
}
