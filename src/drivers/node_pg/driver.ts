import type {
  Capabilities,
  Connection,
  Driver,
  Rows,
  RunOptions,
  Statement,
} from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { ConnectionError } from "../../errors/database.ts";
import { Held, type HeldSettings } from "../shared/held.ts";
import { connectError, neverWentOut, noneFree, type Target } from "../shared/link_errors.ts";
import { driverClosed, transactionLeftOpen } from "../shared/refusals.ts";
import { refuseSessionState } from "../shared/session_state.ts";
import { isShareable } from "../shared/shareable.ts";
import { checkStatement } from "../shared/statement_check.ts";
import { PgConnection } from "./connection.ts";
import { Lanes } from "./lanes.ts";
import { Link } from "./link.ts";
import type { PgClient, PgPool } from "./module.ts";
import { Prober } from "./probe.ts";
import type { Liveness } from "./watch.ts";

/** What a driver takes of a package whose pool and clients are those of node-postgres. */
export interface PgPackage {
  /** The driver's name for messages. */
  readonly name: string;
  /** Makes a client like those of the pool, which is not connected yet. */
  newClient(pool: PgPool): PgClient;
  /** Adds to a client of the pool what its package lacks. */
  complete(client: PgClient): void;
  /** Asks the server to cancel what a client is running; resolves once the server has taken the request. */
  cancel(client: PgClient, limitMs: number): Promise<void>;
}

/** What a driver over a pg pool needs to know. */
export interface PgDriverSettings {
  /** The package of the pool. */
  readonly package: PgPackage;
  /** Where it goes, for messages. */
  readonly target: Target;
  /** Opens the pool on first use. */
  readonly open: () => PgPool;
  /** The pool's clients pipeline. */
  readonly pipelining: boolean;
  /** Whether prepared names and LISTEN may be used. */
  readonly poolMode: "session" | "transaction";
  /** Most connections. */
  readonly max: number;
  /** Longest wait for a connection in ms; 0 for no limit. */
  readonly acquireTimeoutMs: number;
  /** Silence of a link, in ms, after which the server is asked whether it is at work; 0 for never. */
  readonly livenessTimeoutMs: number;
  /** A limit for every statement that the client keeps, because the server cannot; 0 for none. */
  readonly defaultTimeoutMs: number;
  /** What is to be known of connections that callers hold. */
  readonly held: HeldSettings;
  /** Makes a new connection fit for the codecs. */
  readonly prepare: (client: PgClient) => Promise<void>;
  /** Close the pool with the driver. */
  readonly ownsPool: boolean;
  /** Switches TLS off when the server has none; false when TLS is a must. */
  readonly fallBack: () => boolean;
}

/** A driver over a pool of node-postgres. */
export class PgDriver implements Driver {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly #settings: PgDriverSettings;
  readonly #lanes: Lanes;
  readonly #links = new WeakMap<PgClient, Link>();
  readonly #held: Held<Link, PgConnection>;
  readonly #waiters = new Set<(error: Error) => void>();
  readonly #liveness: Liveness | undefined;
  /** Links that were not heard since then may have died with one that was found dead. */
  #doubtBefore = 0;
  #pool: PgPool | undefined;
  #closing: Promise<void> | undefined;

  /** Makes a driver; nothing is opened yet. */
  constructor(settings: PgDriverSettings) {
    this.#settings = settings;
    this.name = settings.package.name;
    const session = settings.poolMode === "session";
    this.capabilities = {
      pipelining: settings.pipelining,
      namedStatements: session,
      concurrentConnections: settings.max > 1,
      cancel: true,
      listen: session,
    };
    this.#held = new Held(settings.held, (hold) => {
      hold.link.broken = true;
      // who waits for an answer still does, though he let go of the connection
      hold.link.idle().then(() => {
        this.#held.delete(hold);
        this.#restore(hold.link);
      });
    });
    this.#liveness = this.#makeLiveness(settings.livenessTimeoutMs);
    this.#lanes = new Lanes({
      max: settings.max,
      waitLimit: settings.acquireTimeoutMs,
      lease: () => this.#lease(undefined),
      wanted: () => (this.#pool?.waitingCount ?? 0) > 0,
      restore: (link) => this.#restore(link),
      tooLate: () => this.#tooLate(),
    });
  }

  async query(statement: Statement, options?: RunOptions): Promise<Rows> {
    checkStatement(statement);
    try {
      return await this.#runOnce(statement, options);
    } catch (error) {
      // another link may have it
      if (!neverWentOut(error) || this.#closing !== undefined) throw error;
      return await this.#runOnce(statement, options);
    }
  }

  async acquire(options?: { readonly signal?: AbortSignal | undefined }): Promise<Connection> {
    return await this.#take(options?.signal);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#shut();
  }

  async #runOnce(statement: Statement, options: RunOptions | undefined): Promise<Rows> {
    this.#mustBeOpen();
    if (!this.capabilities.namedStatements) refuseSessionState(statement.text);
    const timeoutMs = options?.timeoutMs ?? this.#settings.defaultTimeoutMs;
    const alone = options?.signal !== undefined || timeoutMs > 0;
    if (!alone && isShareable(statement.text)) return await this.#lanes.run(statement);
    const connection = await this.#take(options?.signal);
    try {
      const rows = await connection.link.run(statement, { signal: options?.signal, timeoutMs });
      if ((connection.link.client.getTransactionStatus() ?? "I") !== "I") {
        connection.link.broken = true;
        throw transactionLeftOpen();
      }
      return rows;
    } finally {
      // a cancel may still be under way on it
      connection.link.idle().then(() => connection.release());
    }
  }

  async #take(signal: AbortSignal | undefined): Promise<PgConnection> {
    const trace = this.#held.trace();
    const link = await this.#lease(signal, true);
    return this.#held.add(
      link,
      trace,
      (hold) =>
        new PgConnection(link, this.capabilities.listen, () => {
          this.#held.delete(hold);
          this.#restore(link);
        }),
    );
  }

  /** Takes a connection of the pool within the acquire timeout. */
  async #lease(signal: AbortSignal | undefined, own = false): Promise<Link> {
    this.#mustBeOpen();
    signal?.throwIfAborted();
    const pool = this.#pool ??= this.#open();
    // places that nobody uses and nobody waits for yet
    const free = pool.options.max - pool.totalCount + pool.idleCount - pool.waitingCount;
    if (own && free <= 0) this.#lanes.giveWay();
    try {
      return await this.#connect(pool, signal);
    } catch (error) {
      const plain = error instanceof ConnectionError && error.code === "tls_unsupported";
      if (plain && this.#settings.fallBack()) return await this.#connect(pool, signal);
      throw error;
    }
  }

  async #connect(pool: PgPool, signal: AbortSignal | undefined): Promise<Link> {
    const request = this.#connectReady(pool); // it may throw at once, too
    return await this.#withinLimit(request, signal);
  }

  async #connectReady(pool: PgPool): Promise<Link> {
    for (;;) {
      const client = await pool.connect();
      const link = this.#linkOf(client);
      if (link.heard < this.#doubtBefore) {
        link.destroy();
        client.release(true);
        continue;
      }
      if (link.ready) return link;
      try {
        await this.#settings.prepare(client);
      } catch (error) {
        client.release(true);
        throw error;
      }
      link.ready = true;
      return link;
    }
  }

  #linkOf(client: PgClient): Link {
    const known = this.#links.get(client);
    if (known !== undefined) return known;
    const { target, pipelining } = this.#settings;
    const named = this.capabilities.namedStatements;
    this.#settings.package.complete(client);
    const link = new Link(client, target, {
      ...{ pipelining, named, liveness: this.#liveness, cancel: this.#settings.package.cancel },
    });
    this.#links.set(client, link);
    return link;
  }

  #makeLiveness(limitMs: number): Liveness | undefined {
    if (limitMs === 0) return undefined;
    // nobody watches over a link before there is a pool
    const open = (): PgClient => this.#settings.package.newClient(this.#pool!);
    const prober = new Prober(open, limitMs);
    return {
      limitMs,
      isWorking: (client, since) => prober.isWorking(client, since),
      onDead: () => void (this.#doubtBefore = performance.now()),
    };
  }

  #withinLimit(request: Promise<Link>, signal: AbortSignal | undefined): Promise<Link> {
    const { acquireTimeoutMs, target } = this.#settings;
    return new Promise((resolve, reject) => {
      let over = false;
      const end = (act: () => void): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiters.delete(fail);
        act();
      };
      const fail = (error: unknown): void => end(() => reject(error));
      const onAbort = (): void => fail(signal?.reason);
      const timer = acquireTimeoutMs > 0
        ? setTimeout(() => fail(this.#tooLate()), acquireTimeoutMs)
        : undefined;
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(fail);
      request.then(
        // who has given up waiting hands the connection on
        (link) => over ? this.#restore(link) : end(() => resolve(link)),
        (error) => fail(error instanceof ConfigurationError ? error : connectError(error, target)),
      );
    });
  }

  #open(): PgPool {
    const pool = this.#settings.open();
    // the pool has dropped the client already; without a listener Node would end the process
    pool.on("error", () => {});
    // nor may a client that is cut between its connect and its first use
    pool.on("connect", (client) => void client.on("error", () => {}));
    return pool;
  }

  #restore(link: Link): void {
    // pg would wait for what is under way before it gives the place in the pool to the next caller
    if (link.load > 0) link.destroy();
    link.client.release(link.broken);
  }

  #tooLate(): ConnectionError {
    const { target, max, acquireTimeoutMs } = this.#settings;
    return noneFree(target, {
      max,
      limitMs: acquireTimeoutMs,
      waiting: this.#waiters.size,
      held: this.#held.size,
      longest: this.#held.longest(),
    });
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw this.#closed();
  }

  #closed(): ConnectionError {
    return driverClosed(this.#settings.target.name);
  }

  async #shut(): Promise<void> {
    // after this turn, so that later calls already see it closed
    await Promise.resolve();
    const pool = this.#pool;
    if (pool === undefined) return;
    await this.#lanes.close();
    for (const fail of [...this.#waiters]) fail(this.#closed());
    await Promise.all(
      this.#held.connections().map(async (connection) => {
        await connection.link.idle();
        connection.release({ broken: true });
      }),
    );
    if (this.#settings.ownsPool) await pool.end();
  }
}
