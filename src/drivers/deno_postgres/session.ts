import type { Param, ResultColumn } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { type Answer, NotSent, type Session } from "../adapter/seam.ts";
import type { ServerError } from "../shared/server_error.ts";

/** The parts of a client of the package that the driver uses. */
export interface Client {
  readonly connected: boolean;
  readonly session: { readonly pid: number | undefined };
  connect(): Promise<void>;
  queryArray(query: { text: string; args: readonly Param[] }): Promise<Result>;
  end(): Promise<void>;
}

interface Result {
  readonly rows: readonly (readonly unknown[])[];
  readonly rowDescription?: {
    readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  };
  readonly rowCount?: number;
  readonly command?: string;
}

/** One value of each kind that the package would decode. */
const PROOF = "select 1, 1::int8, 1::float8, true, date '2000-01-01', " +
  "timestamptz '2000-01-01', '1'::jsonb, ''::bytea, '{1}'::int4[], 'x'::text";

/** After so long without an answer a link is tried before something is sent on it, in ms. */
const QUIET = 500;

/** Makes sure that a client leaves values as the server's text. */
export async function proveText(client: Client): Promise<void> {
  const { rows } = await client.queryArray({ text: PROOF, args: [] });
  if (rows[0]?.every((value) => typeof value === "string") === true) return;
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

/** Ends a client. The package cannot say goodbye on a link that is gone; the runtime closes such a link itself. */
export async function endClient(client: Client): Promise<void> {
  await client.end().catch(() => {});
}

/** What the session needs of who made it. */
export interface Home {
  /** Takes the client back. */
  release(client: Client): void;
  /** Cancels what a process of the server does. */
  cancel(pid: number): Promise<void>;
}

/** A connection that one caller has. */
export class DenoPostgresSession implements Session {
  dead = false;
  readonly fresh: boolean;
  readonly #client: Client;
  readonly #home: Home;
  #answered = performance.now();

  /** Takes charge of an open client. */
  constructor(client: Client, fresh: boolean, home: Home) {
    this.#client = client;
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
    const { pid } = this.#client.session;
    if (pid === undefined) return false;
    await this.#home.cancel(pid);
    return true;
  }

  release(): void {
    this.#home.release(this.#client);
  }

  destroy(): void {
    this.dead = true;
    void endClient(this.#client);
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
