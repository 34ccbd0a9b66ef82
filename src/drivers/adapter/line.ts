import type { Rows, RunOptions, Statement } from "../../driver/port.ts";
import type { DatabaseError, FailedStatement } from "../../errors/database.ts";
import { databaseError } from "../../errors/server.ts";
import { runGuarded, within } from "../shared/guarded.ts";
import { lost, stalePlan, type Target } from "../shared/link_errors.ts";
import { fieldsOf, isStalePlan } from "../shared/server_error.ts";
import { NotSent, type Session, type Source } from "./seam.ts";

/** How long a cancelled statement may take to end before its link is given up, in ms. */
const CANCEL_LIMIT = 2_000;

/** After this time the request goes out again, in ms: between two messages the server lets one pass. */
const CANCEL_AGAIN = 250;

/** Commands that end a transaction for certain; others that bear the same tag may not. */
const ENDS =
  /^\s*(?:commit|end|rollback|abort)(?:\s+(?:work|transaction))?(?:\s+and\s+no\s+chain)?\s*;?\s*$/i;

/** A script without these words opens no transaction. */
const MAY_BEGIN = /\b(?:begin|start)\b/i;

type Turn = (free: () => void) => void;

/**
 * A connection with what the adapter knows of it.
 *
 * Its statements wait for each other: no package tells which of several under way a cancel would hit.
 */
export class Line {
  /** The link is gone or unsafe: it must not go back to the pool. */
  broken = false;
  /** A transaction is open, or may be. */
  open = false;
  /** The text that was last sent, for the message about the longest holder. */
  lastText = "";
  /** When it was taken out of the pool, on the clock of `performance.now()`. */
  readonly since: number = performance.now();
  readonly #session: Session;
  readonly #source: Source;
  readonly #target: Target;
  readonly #named: boolean;
  readonly #waiting: Turn[] = [];
  #busy = false;
  #idlers: (() => void)[] = [];

  /** Takes charge of a connection; `named` keeps statements prepared that have a name. */
  constructor(session: Session, source: Source, target: Target, named: boolean) {
    this.#session = session;
    this.#source = source;
    this.#target = target;
    this.#named = named;
  }

  /** Whether nothing more may be asked of it. */
  get unusable(): boolean {
    return this.broken || this.#session.dead;
  }

  /** How many statements are under way or waiting. */
  get load(): number {
    return (this.#busy ? 1 : 0) + this.#waiting.length;
  }

  /** Runs one statement after those before it. */
  run(statement: Statement, options?: RunOptions): Promise<Rows> {
    const { signal, timeoutMs = 0 } = options ?? {};
    if (signal === undefined && timeoutMs === 0) return this.#enqueue(() => this.#send(statement));
    return runGuarded(statement, signal, timeoutMs, {
      enter: (start) => this.#enter(start),
      send: (guarded) => this.#send(guarded),
      cancel: (settled) => this.#cancel(settled),
    });
  }

  /** Runs a script after the statements before it. */
  script(text: string): Promise<void> {
    const failed = { text, params: [] };
    return this.#enqueue(async () => {
      this.#mustLive(failed);
      this.lastText = text;
      if (MAY_BEGIN.test(text)) this.open = true;
      try {
        await this.#session.script(text);
      } catch (error) {
        throw this.#told(error, failed);
      }
    });
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.load === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  /** Gives the connection back to the package's pool, or closes it where others must not meet it. */
  leave(): void {
    if (this.#session.dead) return;
    if (this.broken || this.open || this.load > 0) this.destroy();
    else this.#session.release();
  }

  /** Closes the link at once; statements under way reject. */
  destroy(): void {
    this.broken = true;
    if (!this.#session.dead) this.#session.destroy();
  }

  async #send({ text, params, name }: Statement): Promise<Rows> {
    const failed = { text, params };
    this.#mustLive(failed);
    this.lastText = text;
    const ends = ENDS.test(text);
    try {
      const keep = this.#named && name !== undefined;
      const { rows, command } = await this.#session.run(text, params, keep);
      if (ends) this.open = false;
      else if (/^(?:BEGIN|START)\b/i.test(command)) this.open = true;
      return rows;
    } catch (error) {
      const told = this.#told(error, failed);
      // a COMMIT that is refused has ended its transaction as well
      if (ends && !this.unusable) this.open = false;
      throw told;
    }
  }

  #mustLive(failed: FailedStatement): void {
    if (this.unusable) throw lost(this.#target, failed, false, new Error("The link has ended"));
  }

  /** What an error of the package means. */
  #told(error: unknown, failed: FailedStatement): DatabaseError {
    const server = this.#source.serverError(error);
    if (server === undefined) {
      this.broken = true;
      return lost(this.#target, failed, !(error instanceof NotSent), error);
    }
    // the server ends the session with such an error; the socket closes a little later
    if (server.severity === "FATAL" || server.severity === "PANIC") this.broken = true;
    if (isStalePlan(server)) return stalePlan(failed, server);
    return databaseError(fieldsOf(server), failed);
  }

  #enqueue<Value>(work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#enter((free) => {
        // free first: who hears of the answer must find the line idle
        work().then((value) => {
          free();
          resolve(value);
        }, (error) => {
          free();
          reject(error);
        });
      });
    });
  }

  #enter(start: Turn): () => boolean {
    this.#waiting.push(start);
    this.#pump();
    return () => {
      const at = this.#waiting.indexOf(start);
      if (at === -1) return false;
      this.#waiting.splice(at, 1);
      return true;
    };
  }

  #pump(): void {
    if (this.#busy) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      for (const resolve of this.#idlers.splice(0)) resolve();
      return;
    }
    this.#busy = true;
    next(() => {
      this.#busy = false;
      this.#pump();
    });
  }

  /** Cancels the statement under way and makes sure that no request can hit a later one. */
  async #cancel(settled: Promise<boolean>): Promise<void> {
    const limit = performance.now() + CANCEL_LIMIT;
    let ended = false;
    while (!ended && performance.now() < limit && !this.unusable) {
      const requested = this.#session.cancel().catch(() => false);
      // without an answer to the request it may still be on its way
      if (!await within(requested, CANCEL_LIMIT)) return this.destroy();
      ended = await within(settled, CANCEL_AGAIN);
    }
    if (this.unusable) return;
    if (!ended) return this.destroy();
    // the signal is out: a server that reads the next command has taken or dropped it
    const barrier = this.#session.run("select 1", [], false)
      .then(() => true, (error) => this.#source.serverError(error) !== undefined);
    if (!await within(barrier, CANCEL_LIMIT)) this.destroy();
  }
}
