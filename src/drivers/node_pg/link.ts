import { nextTick } from "node:process";
import type { Rows, RunOptions, Statement } from "../../driver/port.ts";
import type { DatabaseError } from "../../errors/database.ts";
import { runGuarded, within } from "../shared/guarded.ts";
import { skipped, stalePlan, type Target } from "../shared/link_errors.ts";
import { isStalePlan } from "../shared/server_error.ts";
import { queryError } from "./errors.ts";
import { type Exchange, exchangeClass, Part, type Prepared, Skipped } from "./exchange.ts";
import type { PgClient, PgStream } from "./module.ts";
import { type Liveness, Watch } from "./watch.ts";

/** How long a cancelled statement may take to end before its link is given up, in ms. */
const CANCEL_LIMIT = 2_000;

/** PostgreSQL cuts longer names, and two names could become one. */
const LONGEST_NAME = 63;

/** Commands after which the server knows no prepared name any more. */
const FORGETS = /^\s*(?:deallocate|discard)\b/i;

/** How a link is used. */
export interface LinkOptions {
  /** Statements follow each other without waiting. */
  readonly pipelining: boolean;
  /** Statements may be prepared by name: the name does not stay with a session that others use next. */
  readonly named: boolean;
  /** Watches over a server that says nothing any more. */
  readonly liveness?: Liveness | undefined;
  /** Asks the server to cancel what a client is running; resolves once the server has taken the request. */
  cancel(client: PgClient, limitMs: number): Promise<void>;
}

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
  readonly #options: LinkOptions;
  readonly #waiting: Turn[] = [];
  #running = 0;
  #alone = false;
  #idlers: (() => void)[] = [];
  readonly #prepared = new Map<string, Prepared>();
  /** How many prepared names were spoiled, so that each new one is another. */
  #renewed = 0;
  /** What opens a transaction and goes out at the end of this turn with all that follows. */
  #opening: Exchange | null = null;
  /** A transaction could not be opened: what was meant for it must not run outside of one. */
  #unopened = false;
  #corked: PgStream | null = null;
  readonly #watch: Watch | undefined;
  /** What the server or the socket said at the end of the link. */
  #end: unknown;

  /** Takes charge of a client; its `error` events never become uncaught from here on. */
  constructor(client: PgClient, target: Target, options: LinkOptions) {
    this.client = client;
    const { liveness } = options;
    if (liveness !== undefined) {
      const isBusy = (): boolean => this.#running > 0;
      this.#watch = new Watch(client, liveness, isBusy, (reason) => this.destroy(reason));
    }
    this.#target = target;
    this.#options = options;
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
    if (signal !== undefined || (timeoutMs !== undefined && timeoutMs > 0)) {
      return runGuarded(statement, signal, timeoutMs ?? 0, {
        enter: (start) => this.#line(start),
        send: (guarded) => this.#send(guarded),
        cancel: (settled) => this.#cancel(settled),
      });
    }
    if (this.#opening !== null) return this.#ask(statement, this.#opening, false);
    if (statement.opens === true) return this.#enqueue(true, () => this.#open(statement));
    if (!this.#options.pipelining || this.#alone || this.#waiting.length > 0) {
      return this.#enqueue(!this.#options.pipelining, () => this.#send(statement));
    }
    this.#begin();
    const rows = this.#send(statement);
    const done = (): void => {
      this.#running--;
      this.#pump();
    };
    // before the caller's own handlers: who hears of the answer must find the link idle
    rows.then(done, done);
    return rows;
  }

  /** Runs a script after the statements before it. */
  script(text: string): Promise<void> {
    return this.#enqueue(!this.#options.pipelining, async () => {
      const failed = { text, params: [] };
      if (this.#unopened) throw skipped(failed);
      this.lastText = text;
      try {
        await this.client.query(text);
      } catch (error) {
        throw this.#fail(queryError(error, this.#target, failed, this.#end));
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

  #begin(): void {
    if (this.#running++ === 0) this.#watch?.begin();
  }

  #pump(): void {
    while (!this.#alone) {
      const next = this.#waiting[0];
      if (next === undefined || (next.alone && this.#running > 0)) break;
      this.#waiting.shift();
      this.#begin();
      this.#alone = next.alone;
      next.start(() => {
        this.#running--;
        if (next.alone) this.#alone = false;
        this.#pump();
      });
    }
    if (this.load === 0) { for (const resolve of this.#idlers.splice(0)) resolve(); }
  }

  /** Sends a statement by itself. */
  #send(statement: Statement, again = true): Promise<Rows> {
    if (this.#unopened) return Promise.reject(skipped(statement));
    const exchange = new (exchangeClass(this.client))();
    const rows = this.#ask(statement, exchange, again);
    this.#cork();
    this.client.query(exchange);
    return rows;
  }

  /** Sends what opens a transaction at the end of this turn, with all that was asked for until then. */
  #open(statement: Statement): Promise<Rows> {
    const exchange = new (exchangeClass(this.client))();
    this.#opening = exchange;
    nextTick(() => {
      this.#opening = null;
      this.client.query(exchange);
    });
    return this.#ask(statement, exchange, false);
  }

  /** Puts a statement into an exchange; `again` tells whether it may go out once more by itself. */
  async #ask(statement: Statement, exchange: Exchange, again: boolean): Promise<Rows> {
    this.lastText = statement.text;
    const part = new Part(statement, this.#preparedFor(statement));
    exchange.add(part);
    try {
      const rows = await part.answer;
      if (part.prepared === null && FORGETS.test(statement.text)) this.#renewAll();
      return rows;
    } catch (error) {
      if (statement.opens === true) this.#unopened = this.broken = true;
      if (error instanceof Skipped) throw skipped(statement);
      if (part.prepared !== null && isStalePlan(error)) {
        this.#renew(statement);
        // refused before it ran: prepared anew it is the same statement, unless a transaction has failed with it
        const alone = (this.client.getTransactionStatus() ?? "I") === "I";
        if (alone && again) return await this.#send(statement, false);
        throw stalePlan(statement, error);
      }
      throw this.#fail(queryError(error, this.#target, statement, this.#end));
    }
  }

  /** Lets all that is written in this turn go out as one piece. */
  #cork(): void {
    const { stream } = this.client.connection;
    if (this.#corked !== null || stream.cork === undefined) return;
    stream.cork();
    this.#corked = stream;
    queueMicrotask(() => {
      this.#corked?.uncork?.();
      this.#corked = null;
    });
  }

  /** Notes that the server ends the session with this error; the socket closes a little later. */
  #fail(error: DatabaseError): DatabaseError {
    if (error.severity === "FATAL" || error.severity === "PANIC") this.broken = true;
    return error;
  }

  /** What is known of the name of a statement; null when it is better sent without one. */
  #preparedFor({ name, text }: Statement): Prepared | null {
    if (name === undefined || !this.#options.named) return null;
    let known = this.#prepared.get(name);
    if (known === undefined) {
      const fits = new TextEncoder().encode(name).length <= LONGEST_NAME;
      known = { name: fits ? name : "", text, columns: null };
      this.#prepared.set(name, known);
    }
    return known.name !== "" && known.text === text ? known : null;
  }

  /** Has the next use of a statement prepare it under another name. */
  #renew({ name = "", text }: Statement): void {
    this.#prepared.set(name, { name: `matrx~${++this.#renewed}`, text, columns: null });
  }

  /** The server has forgotten every name; COMMIT too is prepared by one. */
  #renewAll(): void {
    for (const [name, { text }] of this.#prepared) {
      this.#renew({ name, text, params: [] });
    }
  }

  /** Puts work that runs alone behind what waits; gives the function that takes it out again. */
  #line(start: (free: () => void) => void): () => boolean {
    const turn: Turn = { alone: true, start };
    this.#waiting.push(turn);
    this.#pump();
    return () => {
      const at = this.#waiting.indexOf(turn);
      if (at === -1) return false;
      this.#waiting.splice(at, 1);
      this.#pump();
      return true;
    };
  }

  /** Cancels the one statement under way and makes sure that the request cannot hit a later one. */
  async #cancel(settled: Promise<boolean>): Promise<void> {
    const requested = this.#options.cancel(this.client, CANCEL_LIMIT).then(() => true, () => false);
    // without an answer to the request it may still be on its way
    const taken = await requested;
    if (!taken || !await within(settled, CANCEL_LIMIT)) return this.destroy();
    // the signal is out: a server that reads the next command has taken or dropped it
    const barrier = this.client.query("").then(() => true, (error) => isCancelled(error));
    if (!await within(barrier, CANCEL_LIMIT)) this.destroy();
  }
}

function isCancelled(error: unknown): boolean {
  return (error as { code?: unknown }).code === "57014";
}
