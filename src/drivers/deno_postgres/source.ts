import { clearTimeout, setTimeout } from "node:timers"; // the global ones cannot be told to let the process end
import { ConfigurationError } from "../../errors/base.ts";
import type { Session, Source } from "../adapter/seam.ts";
import { within } from "../shared/guarded.ts";
import {
  type Client,
  DenoPostgresSession,
  type Opened,
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
  /** A connection has a process of the server for itself; false behind a pooler in transaction mode. */
  readonly ownsSession: boolean;
  /** Most connections. */
  readonly max: number;
  /** Longest time to open one, in ms. */
  readonly connectTimeoutMs: number;
  /** One that was idle for this long is closed, in ms. */
  readonly idleTimeoutMs: number;
}

/** A client that nobody has, and the clock that ends it. */
interface Idle {
  readonly opened: Opened;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Why a connect was given up. */
class TooSlow extends Error {}

/** Clients of the package, kept while nobody uses them. One whose link failed is never used again. */
export class DenoPostgresSource implements Source {
  readonly name = "deno_postgres";
  readonly max: number;
  readonly cancels: boolean;
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
    this.cancels = settings.ownsSession;
  }

  async open(): Promise<Session> {
    for (;;) {
      const known = this.#idle.pop();
      if (known === undefined) break;
      clearTimeout(known.timer);
      // the package does not notice that an idle link has ended
      if (await isAlive(known.opened.client)) return this.#sessionOf(known.opened, false);
      this.#end(known.opened.client);
    }
    const client = await this.#connect();
    try {
      const pid = await this.#limited(proveText(client));
      return this.#sessionOf({ client, pid: this.cancels ? pid : null }, true);
    } catch (error) {
      this.#end(client);
      throw error;
    }
  }

  /** Ends every client that nobody has; those that are given back later end at once. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { opened, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#end(opened.client);
    }
    await Promise.all(this.#ending);
  }

  #sessionOf(opened: Opened, fresh: boolean): Session {
    return new DenoPostgresSession(opened, fresh, {
      release: (given) => this.#keep(given),
      end: (client) => this.#end(client),
      cancel: (pid) => this.#cancel(pid),
    });
  }

  #keep(opened: Opened): void {
    if (this.#closed) return this.#end(opened.client);
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.findIndex((each) => each.opened === opened), 1);
      this.#end(opened.client);
    }, this.#settings.idleTimeoutMs);
    // a connection that nobody uses must not keep a program from ending
    timer.unref();
    this.#idle.push({ opened, timer });
  }

  #end(client: Client): void {
    // the package cannot say goodbye on a link that is gone; the runtime has closed such a link itself
    const ending = client.end().catch(() => {}).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** The request of the protocol is not to be had: the package keeps its key to itself. */
  async #cancel(pid: string): Promise<void> {
    const other = await this.#connect();
    try {
      await this.#limited(
        other.queryArray({ text: "select pg_catalog.pg_cancel_backend($1)", args: [pid] }),
      );
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
  async #limited<Value>(work: Promise<Value>): Promise<Value> {
    const { connectTimeoutMs } = this.#settings;
    if (await within(work.then(() => true, () => true), connectTimeoutMs)) return await work;
    throw new TooSlow(`connection timeout: nothing came within ${connectTimeoutMs} ms`);
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
