import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import { ConnectionError, DatabaseError, TimeoutError } from "../errors/database.ts";
import { now, pause } from "../util/host.ts";
import { type Caller, REPLICATION } from "./origin.ts";
import type { Database } from "./registry.ts";
import { placeIn, REPLICA_END } from "./wal_mark.ts";

/** The shortest and the longest time that a replica which failed is left alone, in ms. */
const REST_MS = { least: 500, most: 30_000 } as const;

/** Longest time that a look at a replica may take, in ms. */
const LOOK_MS = 5_000;

/** For how long reads do not wait for a replica that did not catch up in time, in ms. */
const LATE_MS = 1_000;

/** What tells that a server is not there, and not that it was asked in a wrong way. */
const DOWN: ReadonlySet<string> = new Set([
  "connection_lost",
  "connection_closed",
  "connection_failed",
  "connection_refused",
  "connect_timeout",
  "server_crashed",
  "server_shutdown",
  "server_starting",
  "server_unreachable",
  "too_many_connections",
  "unknown_host",
]);

/** Whether an error says that the server cannot be used at present. */
export function isDown(error: unknown): boolean {
  return error instanceof ConnectionError && DOWN.has(error.code);
}

/** Whether a server gave no sign of life until the time of a statement was over. */
function isSilent(error: unknown): boolean {
  return error instanceof TimeoutError && error.code === "timeout" && error.outcome === "unknown";
}

/** Whether a replica ended a read because what it must replay removes the rows that it reads. */
export function isRecoveryConflict(error: unknown): boolean {
  // outside a transaction of several statements a read has no other serialization failure
  return error instanceof DatabaseError && error.sqlstate === "40001";
}

/** One replica: whether it is there, and how far it is. */
export class Replica {
  /** The server. */
  readonly database: Database;
  #rest = 0;
  #restsUntil = 0;
  #probe: Promise<void> | null = null;
  #place = 0n;
  #lateUntil = 0;
  #waiting: { readonly place: bigint; readonly caughtUp: Promise<boolean> } | null = null;

  /** Takes a server to be there until it fails. */
  constructor(database: Database) {
    this.database = database;
  }

  /** Whether it can be asked. One that has rested is looked at meanwhile, and nobody waits for that. */
  get up(): boolean {
    if (this.#rest === 0) return true;
    if (now() >= this.#restsUntil) this.#probe ??= this.#look();
    return false;
  }

  /** The look at it that is under way; null when there is none. */
  get probe(): Promise<void> | null {
    return this.#probe;
  }

  /** Runs a statement on it. One that is down is left alone for a while, longer each time. */
  async query(statement: Statement, options?: RunOptions, caller?: Caller): Promise<Rows> {
    try {
      return await this.database.query(statement, options, caller);
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  /** Notes an error of it. */
  failed(error: unknown): void {
    // those who asked at once fail at once, which is one failure
    if (now() < this.#restsUntil || !(isDown(error) || isSilent(error))) return;
    this.#rest = Math.min(REST_MS.most, Math.max(REST_MS.least, this.#rest * 2));
    this.#restsUntil = now() + this.#rest;
  }

  /** Whether it is known to have replayed the log up to a place. */
  has(place: bigint): boolean {
    return this.#place >= place;
  }

  /** Asks it whether it has replayed the log up to a place. */
  async reached(place: bigint): Promise<boolean> {
    const found = placeIn(await this.query(REPLICA_END, { timeoutMs: LOOK_MS }, REPLICATION));
    // answers may overtake each other, and a replica never goes back
    if (found > this.#place) this.#place = found;
    return this.has(place);
  }

  /** Waits until it has replayed the log up to a place. One that was late is not waited for again at once. */
  async catchUp(place: bigint, limitMs: number): Promise<boolean> {
    if (now() < this.#lateUntil) return false;
    // a wait for a later place serves as well
    if (this.#waiting === null || this.#waiting.place < place) {
      const mine = { place, caughtUp: this.#poll(place, limitMs) };
      this.#waiting = mine;
      const done = (): void => {
        if (this.#waiting === mine) this.#waiting = null;
      };
      mine.caughtUp.then(done, done);
    }
    return await this.#waiting.caughtUp || this.has(place);
  }

  async #poll(place: bigint, limitMs: number): Promise<boolean> {
    const until = now() + limitMs;
    for (let wait = 1; now() < until; wait *= 2) {
      await pause(Math.max(0, Math.min(wait, until - now())));
      if (await this.reached(place)) return true;
    }
    this.#lateUntil = now() + LATE_MS;
    return false;
  }

  async #look(): Promise<void> {
    try {
      await this.reached(0n);
      this.#rest = 0;
    } catch (error) {
      // reached() has lengthened the rest of one that is down; any other error is for a reader to see
      if (!isDown(error)) this.#rest = 0;
    } finally {
      this.#probe = null;
    }
  }
}
