import type {
  Capabilities,
  Connection,
  Driver,
  Rows,
  RunOptions,
  Statement,
} from "../../driver/port.ts";
import { ConnectionError, TimeoutError } from "../../errors/database.ts";
import { connectionReleased, driverClosed, transactionLeftOpen } from "../shared/refusals.ts";
import { isShareable } from "../shared/shareable.ts";
import { checkStatement, checkText } from "../shared/statement_check.ts";
import { type PgliteDatabase, runScript, runStatement } from "./engine.ts";
import { loadExtensions, namesExtensions } from "./extensions.ts";
import { Turnstile } from "./turnstile.ts";

/** What a driver over PGlite needs to know. */
export interface PgliteSettings {
  /** The database's name, for messages. */
  readonly name: string;
  /** Where it lives, for messages. */
  readonly place: string;
  /** Starts it on first use. */
  readonly open: () => Promise<PgliteDatabase>;
  /** Ends it. */
  readonly close: (database: PgliteDatabase) => Promise<void>;
  /** Longest wait for the one session in ms; 0 for no limit. */
  readonly acquireTimeoutMs: number;
}

/** One subscription: who hears the payloads, and of the end. */
interface Listener {
  readonly onPayload: (payload: string) => void;
  readonly onEnd: (() => void) | undefined;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Puts the session back as it was at the start: no cursors, settings, locks, temporary tables or
 * sequence values of the last holder. `discard all` would end subscriptions as well.
 */
const RESET = "close all; set session authorization default; reset all; deallocate all; " +
  "select pg_catalog.pg_advisory_unlock_all(); discard temp; discard sequences";

/** A driver over one PGlite, whose single session callers have one after another. */
export class PgliteDriver implements Driver {
  readonly name: string = "pglite";
  readonly capabilities: Capabilities = {
    pipelining: false,
    namedStatements: false,
    concurrentConnections: false,
    cancel: false,
    listen: true,
  };
  readonly #settings: PgliteSettings;
  readonly #turnstile: Turnstile;
  readonly #channels = new Map<string, Set<Listener>>();
  #database: Promise<PgliteDatabase> | undefined;
  #extensions: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** What is at work in the session at this moment. */
  readonly #working = new Set<Promise<unknown>>();

  /** Makes a driver; nothing is started yet. */
  constructor(settings: PgliteSettings) {
    this.#settings = settings;
    this.#turnstile = new Turnstile(
      settings.acquireTimeoutMs,
      (words) =>
        new ConnectionError({
          message: `Cannot get the session of "${settings.name}" (${settings.place}): it did not ` +
            `become free within ${settings.acquireTimeoutMs} ms (${words})`,
          sqlstate: "08001",
          code: "acquire_timeout",
          hint: "The embedded database has one session: end the open transaction first",
          outcome: "rolledBack",
          retryable: true,
        }),
    );
  }

  async query(statement: Statement, options?: RunOptions): Promise<Rows> {
    checkStatement(statement);
    const leave = await this.#enter(options);
    try {
      return await this.#track(this.#runAlone(statement));
    } finally {
      leave();
    }
  }

  async #runAlone(statement: Statement): Promise<Rows> {
    const database = await this.#ready(statement.text);
    const rows = await runStatement(database, statement);
    if (database.isInTransaction()) {
      await runScript(database, "rollback");
      throw transactionLeftOpen();
    }
    if (!isShareable(statement.text)) await runScript(database, RESET);
    return rows;
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const end = (): void => {
      this.#working.delete(work);
    };
    this.#working.add(work);
    work.then(end, end);
    return work;
  }

  async acquire(options?: { readonly signal?: AbortSignal | undefined }): Promise<Connection> {
    const leave = await this.#enter(options);
    let database: PgliteDatabase;
    try {
      database = await this.#ready("");
    } catch (error) {
      leave();
      throw error;
    }
    return this.#hold(database, leave);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#shut();
  }

  #enter(options: RunOptions | undefined): Promise<() => void> {
    if (this.#closing !== undefined) return Promise.reject(this.#closed());
    return this.#turnstile.enter(options?.signal, options?.timeoutMs ?? 0, tooLate);
  }

  /** Starts the database on first use, and loads extensions before a statement that may need them. */
  async #ready(text: string): Promise<PgliteDatabase> {
    let database: PgliteDatabase;
    try {
      database = await (this.#database ??= this.#start());
    } catch (error) {
      this.#database = undefined; // the next call tries again
      throw error;
    }
    if (namesExtensions(text)) await this.#load(database);
    return database;
  }

  async #start(): Promise<PgliteDatabase> {
    const database = await this.#settings.open();
    database.onNotification((channel, payload) => {
      for (const listener of this.#channels.get(channel) ?? []) {
        queueMicrotask(() => listener.onPayload(payload));
      }
    });
    const installed = await runStatement(database, {
      text: "select 1 from pg_catalog.pg_extension where extname <> 'plpgsql' limit 1",
      params: [],
    });
    if (installed.affected > 0) await this.#load(database);
    return database;
  }

  #load(database: PgliteDatabase): Promise<void> {
    return this.#extensions ??= loadExtensions(database.Module.FS);
  }

  #hold(database: PgliteDatabase, leave: () => void): Connection {
    let released = false;
    // the answers come in the order of the calls
    let last: Promise<unknown> = Promise.resolve();
    const next = <T>(work: () => Promise<T>): Promise<T> => {
      if (released) return Promise.reject(connectionReleased());
      const answer = this.#track(last.then(work));
      last = answer.catch(() => {});
      return answer;
    };
    const run = async (statement: Statement): Promise<Rows> => {
      if (namesExtensions(statement.text)) await this.#load(database);
      return await runStatement(database, statement);
    };
    return {
      query: async (statement, options) => {
        checkStatement(statement);
        return await next(() => {
          options?.signal?.throwIfAborted();
          return run(statement);
        });
      },
      script: async (text) => {
        checkText("the script", text);
        await next(async () => {
          if (namesExtensions(text)) await this.#load(database);
          await runScript(database, text);
        });
      },
      listen: (channel, onPayload, onEnd) =>
        next(() => this.#listen(database, channel, { onPayload, onEnd })),
      release: () => {
        if (released) return;
        released = true;
        const reset = this.#track(last.then(async () => {
          if (database.isInTransaction()) await runScript(database, "rollback");
          await runScript(database, RESET);
        }));
        // it fails only when the database has ended, which the next call will say
        reset.then(leave, leave);
      },
    };
  }

  /** A subscription outlives the connection: holding the only session to keep it would stop everyone. */
  async #listen(
    database: PgliteDatabase,
    channel: string,
    entry: Listener,
  ): Promise<() => Promise<void>> {
    checkText("the channel's name", channel);
    const listeners = this.#channels.get(channel) ?? new Set<Listener>();
    await runStatement(database, { text: `listen ${quote(channel)}`, params: [] });
    this.#channels.set(channel, listeners);
    listeners.add(entry);
    return async () => {
      if (!listeners.delete(entry) || listeners.size > 0) return;
      this.#channels.delete(channel);
      // beside the turn of a holder: unlisten waits for nothing and changes nothing of his
      if (this.#closing === undefined) {
        await runStatement(database, { text: `unlisten ${quote(channel)}`, params: [] });
      }
    };
  }

  #closed(): ConnectionError {
    return driverClosed(this.#settings.name);
  }

  async #shut(): Promise<void> {
    // after this turn, so that later calls already see it closed
    await Promise.resolve();
    this.#turnstile.close(() => this.#closed());
    // what never started needs no end, and what failed to start has none
    const database = await this.#database?.catch(() => undefined);
    if (database === undefined) return;
    while (this.#working.size > 0) await Promise.allSettled([...this.#working]);
    for (const listeners of this.#channels.values()) {
      for (const { onEnd } of listeners) onEnd?.();
      listeners.clear();
    }
    await this.#settings.close(database);
  }
}

function tooLate(timeoutMs: number): TimeoutError {
  return new TimeoutError({
    message: `The statement did not start within ${timeoutMs} ms`,
    sqlstate: "57014",
    code: "timeout",
    hint: "The embedded database has one session: end the open transaction first",
  });
}
