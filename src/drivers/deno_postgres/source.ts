import { ConfigurationError } from "../../errors/base.ts";
import type { Session, Source } from "../adapter/seam.ts";
import { within } from "../shared/guarded.ts";
import {
  type Client,
  DenoPostgresSession,
  endClient,
  probe,
  proveText,
  serverError,
} from "./session.ts";

/** How long an idle client may take to show that its link still lives, in ms. */
const PROBE_LIMIT = 1_000;

/** How the clients are kept. */
export interface ClientSettings {
  /** Makes one that is not connected yet. */
  readonly make: () => unknown;
  /** Most connections. */
  readonly max: number;
  /** Longest time to open one, in ms. */
  readonly connectTimeoutMs: number;
  /** One that was idle for this long is closed, in ms. */
  readonly idleTimeoutMs: number;
}

/** A client that nobody has, and the clock that ends it. */
interface Idle {
  readonly client: Client;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Clients of the package, kept while nobody uses them. One whose link failed is never used again. */
export class DenoPostgresSource implements Source {
  readonly name = "deno_postgres";
  readonly max: number;
  readonly cancels = true;
  readonly prepares = false;
  readonly listen = null;
  readonly serverError: typeof serverError = serverError;
  readonly #settings: ClientSettings;
  readonly #idle: Idle[] = [];
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  /** Opens nothing yet. */
  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.max = settings.max;
  }

  async open(): Promise<Session> {
    for (;;) {
      const known = this.#idle.pop();
      if (known === undefined) break;
      clearTimeout(known.timer);
      // the package does not notice that an idle link has ended
      if (await isAlive(known.client)) return this.#sessionOf(known.client, false);
      this.#end(known.client);
    }
    const client = await this.#connect();
    try {
      await this.#limited(proveText(client));
    } catch (error) {
      this.#end(client);
      throw error;
    }
    return this.#sessionOf(client, true);
  }

  /** Ends every client that nobody has; those that are given back later end at once. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { client, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#end(client);
    }
    await Promise.all(this.#ending);
  }

  #sessionOf(client: Client, fresh: boolean): Session {
    return new DenoPostgresSession(client, fresh, {
      release: (given) => this.#keep(given),
      cancel: (pid) => this.#cancel(pid),
    });
  }

  #keep(client: Client): void {
    if (this.#closed) return this.#end(client);
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.findIndex((each) => each.client === client), 1);
      this.#end(client);
    }, this.#settings.idleTimeoutMs);
    // a connection that nobody uses must not keep a program from ending
    timer.unref();
    this.#idle.push({ client, timer });
  }

  #end(client: Client): void {
    const ending = endClient(client).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** The request of the protocol is not to be had: the package keeps its key to itself. */
  async #cancel(pid: number): Promise<void> {
    const other = await this.#connect();
    try {
      await other.queryArray({ text: `select pg_catalog.pg_cancel_backend(${pid})`, args: [] });
    } finally {
      this.#end(other);
    }
  }

  async #connect(): Promise<Client> {
    const client = clientOf(this.#settings.make());
    const opening = client.connect();
    try {
      await this.#limited(opening);
    } catch (error) {
      // it cannot be ended before it is connected
      opening.then(() => this.#end(client), () => {});
      throw error;
    }
    return client;
  }

  /** Gives up after the connect timeout. */
  async #limited(work: Promise<void>): Promise<void> {
    const { connectTimeoutMs } = this.#settings;
    if (await within(work.then(() => true, () => true), connectTimeoutMs)) return await work;
    throw new Error(`connection timeout: nothing came within ${connectTimeoutMs} ms`);
  }
}

async function isAlive(client: Client): Promise<boolean> {
  if (!client.connected) return false;
  return await within(probe(client).then(() => true, () => false), PROBE_LIMIT);
}

function clientOf(made: unknown): Client {
  const { connect, queryArray, end } = (made ?? {}) as Partial<Client>;
  if ([connect, queryArray, end].every((part) => typeof part === "function")) return made as Client;
  throw new ConfigurationError("denoPostgres() was given a function that makes no client", {
    code: "unsupported_package",
    hint: "Let it give a new Client of @db/postgres, not connected yet",
  });
}
