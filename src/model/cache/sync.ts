/** How processes tell each other of writes, and hear of them. Loaded by programs with `cacheSync`. */
import { CACHE_CHANNEL, noticeTexts, readNotice, type Told } from "../../cache/notice.ts";
import type { Driver, Rows, Statement } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { ConnectionError, DatabaseError } from "../../errors/database.ts";
import { type Rider, runJoined } from "../../execute/joined.ts";
import { CACHE_SYNC } from "../../execute/origin.ts";
import type { Database } from "../../execute/registry.ts";
import { outside } from "../../execute/scope.ts";
import { warn } from "../../execute/warning.ts";
import { now, pause, random } from "../../util/host.ts";
import type { TableChange } from "./graph.ts";

/** How often the connection that listens is asked whether it is there, in ms. */
const LOOK_MS = 2_000;

/** Longest wait for its answer, and for what is told to itself at the start, in ms. */
const ANSWER_MS = 5_000;

/** Without a word for this long nothing is taken from the cache, even where no timer ran meanwhile. */
const SILENT_MS = 10_000;

/** The wait before it is opened anew, in ms: the first time and at most. */
const AGAIN_MS = { first: 50, longest: 10_000 } as const;

/** The statement that tells of changes when its transaction is committed; null when there is nothing to tell. */
export function noticeOf(by: string, changes: readonly TableChange[]): Statement | null {
  // a new row is in nobody's cache
  const texts = noticeTexts(by, changes.filter(({ inserted }) => !inserted));
  if (texts.length === 0) return null;
  return noticeStatement(texts);
}

function noticeStatement(texts: readonly string[]): Statement {
  const calls = texts.map((_, index) => `pg_catalog.pg_notify($1, $${index + 2})`);
  return { text: `select ${calls.join(", ")}`, params: [CACHE_CHANNEL, ...texts] };
}

/** Runs a write by itself and tells of it in the same round trip. */
export async function writeAndTell(
  database: Database,
  write: Rider,
  notice: Statement,
): Promise<Rows> {
  return await onceMore(() =>
    runJoined(database, write, [{ statement: notice, caller: CACHE_SYNC }])
  );
}

/** Does again what was not done because a link or a prepared statement was no longer good. */
export async function onceMore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.outcome !== "rolledBack") throw error;
    const stale = error.code === "stale_plan";
    const lost = error instanceof ConnectionError && error.code === "connection_lost";
    if (!error.retryable || !(stale || lost)) throw error;
    return await work();
  }
}

/** Listens for what other processes write, and tells whether they can be heard. */
export class CacheSync {
  readonly #database: Database;
  /** The name by which this process tells of its own writes. */
  readonly #own: string;
  /** Hears of what was written by others; null for anything. */
  readonly #hear: (told: readonly Told[] | null) => void | Promise<void>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #listening = false;
  /** When the server was last heard. */
  #heard = 0;
  /** What is told to itself at the start of a connection. */
  #probe: { readonly by: string; heard(): void } | null = null;

  /** Starts to listen. */
  constructor(
    database: Database,
    own: string,
    hear: (told: readonly Told[] | null) => void | Promise<void>,
  ) {
    this.#database = database;
    this.#own = own;
    this.#hear = hear;
    this.#running = outside(() => this.#run());
  }

  /** Whether what others write is heard at this moment. */
  get isOpen(): boolean {
    return this.#listening && now() - this.#heard < SILENT_MS;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted;) {
      let opened = false;
      try {
        await this.#session(() => {
          this.#listening = opened = true;
        });
      } catch (error) {
        if (signal.aborted) return;
        failures = opened ? 0 : failures + 1;
        if (failures === 1) this.#warn(error);
        if (isForGood(error)) return;
      } finally {
        this.#listening = false;
      }
      const longest = Math.min(AGAIN_MS.longest, AGAIN_MS.first * 2 ** failures);
      // an abort ends the wait, and the loop with it
      await pause(longest * (0.5 + random() / 2), signal).catch(() => {});
    }
  }

  /** Opens a connection and listens until it is lost. */
  async #session(onOpen: () => void): Promise<never> {
    const own = await this.#database.openListener();
    try {
      return await this.#listen(own ?? await this.#database.driver(), own !== null, onOpen);
    } finally {
      await own?.close();
    }
  }

  async #listen(driver: Driver, isOwn: boolean, onOpen: () => void): Promise<never> {
    if (!driver.capabilities.listen) throw this.#refused(`the driver ${driver.name} cannot LISTEN`);
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, lost.signal]);
    const shared = !isOwn && !driver.capabilities.concurrentConnections;
    const connection = await driver.acquire({ signal });
    let unlisten = (): Promise<void> => Promise.resolve();
    try {
      unlisten = await connection.listen(
        CACHE_CHANNEL,
        (payload) => this.#take(payload),
        () => lost.abort(),
      );
      // the only session must be free for others; it goes on listening
      if (shared) connection.release();
      await this.#hearItself(signal);
      await this.#hear(null);
      this.#heard = now();
      onOpen();
      for (;;) {
        await pause(LOOK_MS, signal);
        const look = { text: "select 1", params: [] };
        if (!shared) await connection.query(look, { timeoutMs: ANSWER_MS, signal });
        this.#heard = now();
      }
    } catch (error) {
      // a pool of one connection ends what was listened to when it takes the connection back
      const isAlone = shared && lost.signal.aborted && !this.#listening;
      throw isAlone ? this.#refused("its driver has one connection, which cannot do both") : error;
    } finally {
      // a session that goes on must not hear any more
      if (shared) await unlisten();
      connection.release({ broken: true });
    }
  }

  /** Tells itself something by way of the pool: what a pooler shares out among servers does not arrive. */
  async #hearItself(signal: AbortSignal): Promise<void> {
    const heard = new AbortController();
    const by = `${this.#own}?${random().toString(36).slice(2)}`;
    this.#probe = { by, heard: () => heard.abort() };
    const probe = noticeStatement([JSON.stringify([by])]);
    try {
      await this.#database.query(probe, { signal, timeoutMs: ANSWER_MS }, CACHE_SYNC);
      await pause(ANSWER_MS, AbortSignal.any([signal, heard.signal]));
    } catch (error) {
      if (heard.signal.aborted) return;
      throw error;
    } finally {
      this.#probe = null;
    }
    throw this.#unheard();
  }

  #take(payload: string): void {
    const notice = readNotice(payload);
    // what a later version tells is not understood, and may concern any row
    if (notice === null) return void this.#hear(null);
    const { by, told } = notice;
    if (by === this.#probe?.by) return this.#probe.heard();
    if (by !== this.#own && told.length > 0) void this.#hear(told);
  }

  #warn(error: unknown): void {
    const { name, config } = this.#database;
    const message = `Cannot listen for writes to database "${name}": ` +
      "lookups go past its caches until that works";
    const code = error instanceof ConfigurationError ? error.code : "cache_sync_down";
    try {
      warn(config.registeredAs, {
        ...{ code, message, source: "cacheSync", member: null, key: null, error },
      });
    } catch {
      // a hook that throws fails the call that it is told of, and here is none
    }
  }

  #refused(why: string): ConfigurationError {
    const { name } = this.#database;
    return new ConfigurationError(`Cannot listen for writes to database "${name}": ${why}`, {
      code: "cache_sync_unsupported",
      hint: "Give listenUrl, the URL of the server itself, or take cacheSync out",
      context: { database: name },
    });
  }

  #unheard(): ConfigurationError {
    const { name } = this.#database;
    return new ConfigurationError(
      `Cannot listen for writes to database "${name}": what is told does not arrive`,
      {
        code: "cache_sync_unheard",
        hint:
          "Where the URL leads to a pooler in transaction mode, give listenUrl, the URL of the " +
          "server itself; it must lead to the same database",
        context: { database: name },
      },
    );
  }
}

/** Nothing that time could mend. */
function isForGood(error: unknown): boolean {
  return error instanceof ConfigurationError && error.code === "cache_sync_unsupported";
}
