import type { Rows, Statement } from "../../driver/port.ts";
import type { Link } from "./link.ts";

/** Connections that autocommit statements share when none of them is slow. */
const USUAL_LANES = 4;

/** Statements that may be under way on one shared connection. */
const DEPTH = 64;

/** The same while more shared connections are being opened, so that a burst spreads over them. */
const DEPTH_WHILE_OPENING = 8;

/** A connection whose oldest statement runs for longer takes no new ones, in ms. */
const SLOW = 25;

/** A shared connection without work goes back to the pool after this time, in ms. */
const KEEP = 500;

interface Lane {
  readonly link: Link;
  /** Since when its oldest statement is at work, or since when it is idle. */
  since: number;
  /** Takes no more statements; goes back to the pool when those under way are done. */
  closing: boolean;
}

interface Waiter {
  readonly statement: Statement;
  resolve(rows: Promise<Rows>): void;
  reject(error: unknown): void;
}

/** What lanes need of the pool. */
export interface LaneSource {
  /** Most connections. */
  readonly max: number;
  /** Takes a connection. */
  lease(): Promise<Link>;
  /** Whether somebody waits for a connection. */
  wanted(): boolean;
  /** Gives one back. */
  restore(link: Link): void;
  /** The error of a statement that found no lane in time. */
  tooLate(): Error;
  /** Longest wait for a lane in ms; 0 for no limit. */
  readonly waitLimit: number;
}

/**
 * Spreads autocommit statements over a few shared connections, where they follow each other without waiting.
 *
 * A slow statement keeps its connection to itself: the next ones go elsewhere.
 */
export class Lanes {
  readonly #source: LaneSource;
  readonly #lanes = new Set<Lane>();
  readonly #waiting: Waiter[] = [];
  #opening = 0;
  #sweeper: ReturnType<typeof setTimeout> | undefined;
  #idlers: (() => void)[] = [];

  /** Makes lanes that take their connections from a source. */
  constructor(source: LaneSource) {
    this.#source = source;
  }

  /** Runs a statement on a shared connection. */
  run(statement: Statement): Promise<Rows> {
    const lane = this.#waiting.length === 0 ? this.#pick() : undefined;
    if (lane !== undefined) return this.#start(lane, statement);
    return this.#wait(statement);
  }

  /** Lets go of a connection that somebody waits for; true when one is or will be free. */
  giveWay(): boolean {
    let least: Lane | undefined;
    for (const lane of this.#lanes) {
      if (lane.closing) continue;
      if (least === undefined || lane.link.load < least.link.load) least = lane;
    }
    if (least === undefined) return false;
    least.closing = true;
    this.#settle(least);
    return true;
  }

  /** Waits for every statement and gives all connections back. */
  async close(): Promise<void> {
    if (this.#waiting.length > 0 || this.#opening > 0) {
      await new Promise<void>((resolve) => this.#idlers.push(resolve));
    }
    clearTimeout(this.#sweeper);
    await Promise.all([...this.#lanes].map(async (lane) => {
      lane.closing = true;
      await lane.link.idle();
      this.#settle(lane);
    }));
  }

  #pick(): Lane | undefined {
    const now = performance.now();
    let best: Lane | undefined;
    let slow = 0;
    for (const lane of this.#lanes) {
      if (lane.link.broken) {
        this.#drop(lane);
        continue;
      }
      if (lane.closing || lane.link.load >= DEPTH) continue;
      if (lane.link.load > 0 && now - lane.since > SLOW) {
        slow++;
        continue;
      }
      if (best === undefined || lane.link.load < best.link.load) best = lane;
    }
    if (best !== undefined && best.link.load === 0) return best;
    const limit = Math.min(USUAL_LANES + slow, this.#source.max);
    // one at a time is opened while another lane can take the work
    if (this.#lanes.size + this.#opening < limit && (best === undefined || this.#opening === 0)) {
      this.#open();
    }
    if (this.#opening > 0 && best !== undefined && best.link.load >= DEPTH_WHILE_OPENING) {
      return undefined;
    }
    return best;
  }

  #start(lane: Lane, statement: Statement): Promise<Rows> {
    if (lane.link.load === 0) lane.since = performance.now();
    const answer = lane.link.run(statement);
    const done = (): void => {
      lane.since = performance.now();
      this.#settle(lane);
      this.#pump();
    };
    answer.then(done, done);
    return answer;
  }

  #wait(statement: Statement): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const limit = this.#source.waitLimit;
      const timer = limit > 0
        ? setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
          reject(this.#source.tooLate());
          this.#tell();
        }, limit)
        : undefined;
      const waiter: Waiter = {
        statement,
        resolve: (rows) => {
          clearTimeout(timer);
          resolve(rows);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiting.push(waiter);
    });
  }

  #open(): void {
    this.#opening++;
    this.#source.lease().then(
      (link) => {
        this.#opening--;
        const lane: Lane = { link, since: performance.now(), closing: false };
        this.#lanes.add(lane);
        this.#pump();
        this.#settle(lane);
        this.#sweep();
      },
      (error) => {
        this.#opening--;
        // another lane, open or on its way, will take them
        if (this.#lanes.size > 0 || this.#opening > 0) return this.#pump();
        for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
        this.#tell();
      },
    );
  }

  #pump(): void {
    while (this.#waiting.length > 0) {
      const lane = this.#pick();
      if (lane === undefined) break;
      const waiter = this.#waiting.shift();
      waiter?.resolve(this.#start(lane, waiter.statement));
    }
    this.#tell();
  }

  #tell(): void {
    if (this.#waiting.length > 0 || this.#opening > 0) return;
    for (const resolve of this.#idlers.splice(0)) resolve();
  }

  #settle(lane: Lane): void {
    const idle = lane.link.load === 0;
    if (lane.link.broken || (idle && (lane.closing || this.#source.wanted()))) this.#drop(lane);
  }

  #drop(lane: Lane): void {
    if (!this.#lanes.delete(lane)) return;
    this.#source.restore(lane.link);
    // who waits may have counted on this lane; later, because the caller is looking at the lanes
    if (this.#waiting.length > 0) queueMicrotask(() => this.#pump());
  }

  #sweep(): void {
    if (this.#sweeper !== undefined) return;
    this.#sweeper = setTimeout(() => {
      this.#sweeper = undefined;
      const now = performance.now();
      for (const lane of this.#lanes) {
        if (lane.link.broken || (lane.link.load === 0 && now - lane.since > KEEP)) this.#drop(lane);
      }
      if (this.#lanes.size > 0) this.#sweep();
    }, KEEP);
  }
}
