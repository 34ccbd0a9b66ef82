import type { Target } from "../shared/link_errors.ts";
import { driverClosed } from "../shared/refusals.ts";
import { isCut, openingFault } from "./faults.ts";
import { Line } from "./line.ts";
import type { Source } from "./seam.ts";

/**
 * How long a connection stays out of the package's pool, in ms, while there is work for it: long enough to
 * make it ready once for many statements, short enough for others who use the pool.
 */
const KEEP = 500;

interface Waiter {
  give(line: Line): void;
  fail(error: unknown): void;
}

/** What the lines need to know. */
export interface LineSettings {
  /** Where connections come from. */
  readonly source: Source;
  /** Where they go, for messages. */
  readonly target: Target;
  /** Longest wait for one in ms; 0 for no limit. */
  readonly acquireTimeoutMs: number;
  /** Statements with a name stay prepared. */
  readonly named: boolean;
  /** Makes a new one fit for the codecs. */
  readonly prepare: (line: Line) => Promise<void>;
  /** The error of who waited for too long, told how many wait. */
  readonly tooLate: (waiting: number) => Error;
}

/** The connections that are out of the package's pool: who has one, who waits for one. */
export class Lines {
  readonly #settings: LineSettings;
  readonly #waiting: Waiter[] = [];
  #idle: Line[] = [];
  /** How many are out, or on their way. */
  #size = 0;
  #opening = 0;
  /** How many in a row were found dead when they were taken. */
  #stale = 0;
  #sweeper: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Takes nothing yet. */
  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  /** Takes a connection for one caller, within the acquire timeout. */
  take(signal: AbortSignal | undefined): Promise<Line> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(driverClosed(this.#settings.target.name));
      if (signal?.aborted === true) return reject(signal.reason);
      const { acquireTimeoutMs, tooLate } = this.#settings;
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        const at = this.#waiting.indexOf(waiter);
        if (at !== -1) this.#waiting.splice(at, 1);
      };
      const waiter: Waiter = {
        give(line) {
          end();
          resolve(line);
        },
        fail(error) {
          end();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.fail(signal?.reason);
      const timer = acquireTimeoutMs > 0
        ? setTimeout(() => waiter.fail(tooLate(this.#waiting.length)), acquireTimeoutMs)
        : undefined;
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#serve();
    });
  }

  /** Takes a connection back. */
  give(line: Line): void {
    if (line.unusable || line.open || line.load > 0 || this.#closed || isOld(line)) {
      this.#drop(line);
    } else {
      this.#idle.push(line);
      this.#sweep();
    }
    this.#serve();
  }

  /** Refuses who waits and gives all that nobody uses back to the package's pool. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#sweeper);
    for (const waiter of [...this.#waiting]) {
      waiter.fail(driverClosed(this.#settings.target.name));
    }
    for (const line of this.#idle.splice(0)) this.#drop(line);
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const line = this.#idle.pop();
      if (line === undefined) break;
      // one that lay idle goes back: what is taken anew is tried before it is handed out
      if (line.unusable || isOld(line)) this.#drop(line);
      else this.#waiting[0]?.give(line);
    }
    // one is on its way for each who waits
    while (this.#opening < this.#waiting.length && this.#size < this.#settings.source.max) {
      void this.#open();
    }
  }

  async #open(): Promise<void> {
    const { source, target, named, prepare } = this.#settings;
    this.#opening++;
    this.#size++;
    let line: Line | undefined;
    try {
      const session = await source.open();
      line = new Line(session, source, target, named);
      if (session.fresh) await prepare(line);
      this.#opening--;
      this.#stale = 0;
      this.give(line);
    } catch (error) {
      this.#opening--;
      if (line === undefined) {
        this.#size--;
      } else {
        line.broken = true;
        this.#drop(line);
      }
      const fault = openingFault(error, source, target);
      // the pool may hand out connections that were cut while nobody used them
      if (!isCut(fault) || this.#stale++ >= source.max) this.#waiting[0]?.fail(fault);
      this.#serve();
    }
  }

  #drop(line: Line): void {
    this.#size--;
    line.leave();
  }

  #sweep(): void {
    if (this.#sweeper !== undefined) return;
    this.#sweeper = setTimeout(() => {
      this.#sweeper = undefined;
      const old = this.#idle.filter((line) => line.unusable || isOld(line));
      this.#idle = this.#idle.filter((line) => !old.includes(line));
      for (const line of old) this.#drop(line);
      if (this.#idle.length > 0) this.#sweep();
      this.#serve();
    }, KEEP);
  }
}

function isOld(line: Line): boolean {
  return performance.now() - line.since > KEEP;
}
