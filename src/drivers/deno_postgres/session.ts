import type { Param, ResultColumn } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { type Answer, NotSent, type Session } from "../adapter/seam.ts";
import type { ServerError } from "../shared/server_error.ts";

/** The parts of a client of the package that the driver uses. */
export interface Client {
  readonly connected: boolean;
  connect(): Promise<void>;
  queryArray(query: { text: string; args: readonly Param[] }): Promise<Result>;
  end(): Promise<void>;
}

/** A client that was proven. */
export interface Opened {
  readonly client: Client;
  /** The server's process behind it; null where a pooler gives it another one at any time. */
  readonly pid: string | null;
}

interface Result {
  readonly rows: readonly (readonly unknown[])[];
  readonly rowDescription?: {
    readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  };
  readonly rowCount?: number;
  readonly command?: string;
}

/** The server's process, and one value of each kind that the package would decode. */
const PROOF = "select pg_catalog.pg_backend_pid(), 1::int8, 1::float8, true, date '2000-01-01', " +
  "timestamptz '2000-01-01', '1'::jsonb, ''::bytea, '{1}'::int4[], 'x'::text";

/** After so long without an answer a link is tried before something is sent on it, in ms. */
const QUIET = 500;

/** Makes sure that a client leaves values as the server's text; gives the number of the server's process. */
export async function proveText(client: Client): Promise<string> {
  const { rows } = await client.queryArray({ text: PROOF, args: [] });
  const pid = rows[0]?.[0];
  const proven = rows[0]?.every((value) => typeof value === "string") === true;
  if (proven && typeof pid === "string") return pid;
  throw new ConfigurationError(
    "Cannot use clients of @db/postgres that do not leave values as text",
    {
      code: "unsupported_package",
      hint: 'Make them with controls: { decodeStrategy: "string" } and without decoders',
    },
  );
}

/** Asks for nothing; resolves when the server has answered. */
export async function probe(client: Client): Promise<void> {
  try {
    await client.queryArray({ text: "select 1", args: [] });
  } catch (error) {
    // refused within a transaction that has failed: an answer as well
    if (serverError(error) === undefined) throw error;
  }
}

/** What the session needs of who made it. */
export interface Home {
  /** Takes the client back. */
  release(opened: Opened): void;
  /** Ends the client. */
  end(client: Client): void;
  /** Cancels what a process of the server does. */
  cancel(pid: string): Promise<void>;
}

/** A connection that one caller has. */
export class DenoPostgresSession implements Session {
  dead = false;
  readonly fresh: boolean;
  readonly #opened: Opened;
  readonly #client: Client;
  readonly #home: Home;
  #answered = performance.now();

  /** Takes charge of an open client. */
  constructor(opened: Opened, fresh: boolean, home: Home) {
    this.#opened = opened;
    this.#client = opened.client;
    this.fresh = fresh;
    this.#home = home;
  }

  async run(text: string, params: readonly Param[]): Promise<Answer> {
    const { rows, rowDescription, rowCount, command } = await this.#ask(text, params);
    const columns = (rowDescription?.columns ?? []).map(({ name, typeOid }): ResultColumn => ({
      name,
      typeOid: typeOid >>> 0,
    }));
    const affected = rowCount === undefined || Number.isNaN(rowCount) ? 0 : rowCount;
    // a text each, as proveText() has seen
    return {
      rows: { columns, rows: rows as readonly (readonly Param[])[], affected },
      command: command ?? "",
    };
  }

  async script(text: string): Promise<void> {
    await this.#ask(text, []);
  }

  async cancel(): Promise<boolean> {
    const { pid } = this.#opened;
    if (pid === null) return false;
    await this.#home.cancel(pid);
    return true;
  }

  release(): void {
    this.#home.release(this.#opened);
  }

  destroy(): void {
    this.dead = true;
    this.#home.end(this.#client);
  }

  async #ask(text: string, args: readonly Param[]): Promise<Result> {
    if (!this.dead) await this.#mustLive();
    if (this.dead) throw new NotSent("The link has ended");
    try {
      return await this.#client.queryArray({ text, args });
    } catch (error) {
      if (serverError(error) === undefined && !this.dead) this.destroy();
      throw error;
    } finally {
      this.#answered = performance.now();
    }
  }

  /** Finds out that the link has ended, which the package does not notice, before more is sent than a probe. */
  async #mustLive(): Promise<void> {
    // asked now it would open another connection, without a word
    if (!this.#client.connected) this.dead = true;
    else if (performance.now() - this.#answered > QUIET) {
      await probe(this.#client).catch(() => {
        if (!this.dead) this.destroy();
      });
    }
  }
}

/** What the server refused. */
export function serverError(error: unknown): ServerError | undefined {
  const { name, fields } = (error ?? {}) as { name?: unknown; fields?: ServerError & Named };
  if (name !== "PostgresError" || typeof fields?.code !== "string") return undefined;
  return { ...fields, dataType: fields.dataTypeName };
}

/** The field of an error that the package calls otherwise. */
interface Named {
  readonly dataTypeName?: string;
}
