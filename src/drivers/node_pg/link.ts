import type { Rows, RunOptions, Statement } from "../../driver/port.ts";
import { type DatabaseError, TimeoutError } from "../../errors/database.ts";
import { requestCancel } from "./cancel.ts";
import { queryError, stalePlan, type Target } from "./errors.ts";
import type { PgClient, PgResult } from "./module.ts";
import { type Liveness, Watch } from "./watch.ts";

/** How long a cancelled statement may take to end before its link is given up, in ms. */
const CANCEL_LIMIT = 2_000;

/** How long a caller waits for word that the cancel worked, in ms. */
const CANCEL_WORD = 100;

/** PostgreSQL cuts longer names, and two names could become one. */
const LONGEST_NAME = 63;

const textOnly = { getTypeParser: () => (text: string): string => text };

interface Turn {
  /** Nothing else may be under way beside it. */
  readonly alone: boolean;
  /** Starts the work; calls `free` when the link may take the next one. */
  start(free: () => void): void;
}

/** One pg client with what the driver knows of it; lives as long as the client. */
export class Link {
  /** The pg client. */
  readonly client: PgClient;
  /** The link is gone or unsafe: it must not go back to the pool as healthy. */
  broken = false;
  /** The session was made ready for the codecs. */
  ready = false;
  /** The text that was last sent, for the message about the longest holder. */
  lastText = "";
  readonly #target: Target;
  readonly #pipelining: boolean;
  readonly #waiting: Turn[] = [];
  #running = 0;
  #alone = false;
  #idlers: (() => void)[] = [];
  /** Counts how often a prepared name was spoiled, so that the next use prepares anew. */
  readonly #spoiled = new Map<string, number>();
  readonly #watch: Watch | undefined;
  /** What the server or the socket said at the end of the link. */
  #end: unknown;

  /** Takes charge of a client; its `error` events never become uncaught from here on. */
  constructor(client: PgClient, target: Target, pipelining: boolean, liveness?: Liveness) {
    this.client = client;
    if (liveness !== undefined) {
      const isBusy = (): boolean => this.#running > 0;
      this.#watch = new Watch(client, liveness, isBusy, (reason) => this.destroy(reason));
    }
    this.#target = target;
    this.#pipelining = pipelining;
    const down = (error?: unknown): void => {
      this.broken = true;
      this.#end ??= error;
    };
    client.on("error", down);
    client.on("end", down);
  }

  /** How many statements are under way or waiting. */
  get load(): number {
    return this.#running + this.#waiting.length;
  }

  /** When the last byte arrived, on the clock of `performance.now()`; Infinity where nobody watches. */
  get heard(): number {
    return this.#watch?.heard ?? Infinity;
  }

  /** Runs one statement after those before it. */
  run(statement: Statement, options?: RunOptions): Promise<Rows> {
    const { signal, timeoutMs } = options ?? {};
    if (signal === undefined && (timeoutMs === undefined || timeoutMs === 0)) {
      return this.#enqueue(!this.#pipelining, () => this.#send(statement));
    }
    return this.#runGuarded(statement, signal, timeoutMs ?? 0);
  }

  /** Runs a script after the statements before it. */
  script(text: string): Promise<void> {
    return this.#enqueue(!this.#pipelining, async () => {
      this.lastText = text;
      try {
        await this.client.query(text);
      } catch (error) {
        throw this.#fail(queryError(error, this.#target, { text, params: [] }, this.#end));
      }
    });
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.load === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  /** Cuts the link at once; statements under way reject. */
  destroy(reason?: Error): void {
    this.broken = true;
    this.client.connection.stream.destroy(reason);
  }

  #enqueue<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        alone,
        // free first: who hears of the answer must find the link idle
        start: (free) => {
          work().then((value) => {
            free();
            resolve(value);
          }, (error) => {
            free();
            reject(error);
          });
        },
      });
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#alone) {
      const next = this.#waiting[0];
      if (next === undefined || (next.alone && this.#running > 0)) break;
      this.#waiting.shift();
      if (this.#running++ === 0) this.#watch?.begin();
      this.#alone = next.alone;
      next.start(() => {
        this.#running--;
        if (next.alone) this.#alone = false;
        this.#pump();
      });
    }
    if (this.load === 0) { for (const resolve of this.#idlers.splice(0)) resolve(); }
  }

  async #send(statement: Statement, again = true): Promise<Rows> {
    this.lastText = statement.text;
    const name = this.#nameOf(statement);
    let result: PgResult;
    try {
      result = await this.client.query({
        text: statement.text,
        values: statement.params,
        name,
        rowMode: "array",
        queryMode: "extended",
        types: textOnly,
      });
    } catch (error) {
      if (statement.name !== undefined && isStalePlan(error)) {
        this.#spoiled.set(statement.name, (this.#spoiled.get(statement.name) ?? 0) + 1);
        // refused before it ran: prepared anew it is the same statement, unless a transaction has failed with it
        const alone = (this.client.getTransactionStatus() ?? "I") === "I";
        if (alone && again) return await this.#send(statement, false);
        throw stalePlan(statement, error);
      }
      throw this.#fail(queryError(error, this.#target, statement, this.#end));
    }
    return {
      columns: result.fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID })),
      rows: result.rows,
      affected: result.rowCount ?? 0,
    };
  }

  /** Notes that the server ends the session with this error; the socket closes a little later. */
  #fail(error: DatabaseError): DatabaseError {
    if (error.severity === "FATAL" || error.severity === "PANIC") this.broken = true;
    return error;
  }

  #nameOf(statement: Statement): string | undefined {
    if (statement.name === undefined) return undefined;
    const times = this.#spoiled.get(statement.name);
    const name = times === undefined ? statement.name : `${statement.name}~${times}`;
    return new TextEncoder().encode(name).length <= LONGEST_NAME ? name : undefined;
  }

  /** Runs a statement that can be given up. It runs alone, so that a cancel can hit nothing else. */
  #runGuarded(
    statement: Statement,
    signal: AbortSignal | undefined,
    timeoutMs: number,
  ): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      let giveUp = (): void => {};
      const stopped = new Promise<void>((stop) => giveUp = stop);
      const timer = timeoutMs > 0 ? setTimeout(giveUp, timeoutMs) : undefined;
      signal?.addEventListener("abort", giveUp, { once: true });
      const forget = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
      };
      const reason = (known: boolean): unknown =>
        signal?.aborted === true ? signal.reason : timedOut(statement, timeoutMs, known);
      let started = false;
      const turn: Turn = {
        alone: true,
        start: async (free) => {
          started = true;
          let stopping = false;
          const answer = this.#send(statement);
          answer.then(forget, forget);
          answer.then(
            resolve,
            (error) => reject(isCancel(error) && stopping ? reason(true) : error),
          );
          const settled = answer.then(() => true, () => true);
          if (await Promise.race([settled, stopped.then(() => false)])) return free();
          stopping = true;
          // who aborts has his reason already; a time that ran out tells whether the cancel worked
          if (signal?.aborted === true) reject(signal.reason);
          const word = setTimeout(() => reject(reason(false)), CANCEL_WORD);
          await this.#cancel(settled);
          clearTimeout(word);
          free();
          reject(reason(false));
        },
      };
      this.#waiting.push(turn);
      stopped.then(() => {
        if (started) return;
        const at = this.#waiting.indexOf(turn);
        if (at !== -1) this.#waiting.splice(at, 1);
        forget();
        reject(reason(true));
        this.#pump();
      });
      this.#pump();
    });
  }

  /** Cancels the one statement under way and makes sure that the request cannot hit a later one. */
  async #cancel(settled: Promise<boolean>): Promise<void> {
    const requested = requestCancel(this.client, CANCEL_LIMIT).then(() => true, () => false);
    // without an answer to the request it may still be on its way
    const taken = await requested;
    if (!taken || !await within(settled, CANCEL_LIMIT)) return this.destroy();
    // the signal is out: a server that reads the next command has taken or dropped it
    const barrier = this.client.query("").then(() => true, (error) => isCancelled(error));
    if (!await within(barrier, CANCEL_LIMIT)) this.destroy();
  }
}

function within(work: Promise<boolean>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    work.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

function isCancelled(error: unknown): boolean {
  return (error as { code?: unknown }).code === "57014";
}

function isCancel(error: unknown): boolean {
  return (error as { sqlstate?: unknown }).sqlstate === "57014";
}

/** The server's plan for a prepared name no longer fits, or the server has forgotten the name. */
function isStalePlan(error: unknown): boolean {
  const { code, routine } = error as { code?: unknown; routine?: unknown };
  return code === "26000" || (code === "0A000" && routine === "RevalidateCachedQuery");
}

function timedOut(statement: Statement, timeoutMs: number, known: boolean): TimeoutError {
  return new TimeoutError({
    message: known
      ? `The statement took longer than ${timeoutMs} ms and was cancelled`
      : `The statement took longer than ${timeoutMs} ms, and the server did not say how it ended`,
    sqlstate: "57014",
    code: "timeout",
    hint: "Make the statement faster or raise timeoutMs",
    outcome: known ? "rolledBack" : "unknown",
  }, statement);
}
