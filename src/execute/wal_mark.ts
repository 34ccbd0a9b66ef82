import type { Rows, Statement } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";

/** The end of what a primary has put into its log; with asynchronous commit it is ahead of what is on disk. */
export const PRIMARY_END: Statement = { text: "select pg_current_wal_insert_lsn()", params: [] };

/** How far a replica is; of a server that is none, the end of its log. */
export const REPLICA_END: Statement = {
  text: "select coalesce(pg_last_wal_replay_lsn(), pg_current_wal_insert_lsn())",
  params: [],
};

/** Reads a place in the log, such as `1/6B3748`, off the only row of a statement. */
export function placeIn(rows: Rows): bigint {
  return readPlace(rows.rows[0]?.[0] ?? "");
}

/**
 * Reads a place in the log, such as `1/6B3748`.
 *
 * @throws {ValidationError} the text is none
 */
export function readPlace(text: string): bigint {
  const found = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(text);
  if (found === null) {
    throw new ValidationError("The token of a write cannot be read", {
      code: "invalid_token",
      hint: "Give what writeToken() gave",
    });
  }
  return (BigInt(`0x${found[1]}`) << 32n) | BigInt(`0x${found[2]}`);
}

/** Writes a place in the log as the server does. */
export function writePlace(place: bigint): string {
  return `${(place >> 32n).toString(16)}/${(place & 0xffff_ffffn).toString(16)}`.toUpperCase();
}

/** A server whose log tells how far it is. */
interface Written {
  /** How often something may have been written through this process. */
  readonly writes: number;
}

/**
 * The place in a primary's log up to which this process has written. The server is asked when somebody
 * wants to know and something was written since the last answer, and not at each write.
 */
export class WriteMark {
  readonly #server: Written;
  readonly #ask: () => Promise<Rows>;
  #known: { readonly writes: number; readonly place: bigint } = { writes: 0, place: 0n };
  #asking: { readonly writes: number; readonly place: Promise<bigint> } | null = null;

  /** Watches a server; `ask` sends it `PRIMARY_END`. */
  constructor(server: Written, ask: () => Promise<Rows>) {
    this.#server = server;
    this.#ask = ask;
  }

  /** The place, when it is known without asking. */
  get present(): bigint | null {
    return this.#known.writes === this.#server.writes ? this.#known.place : null;
  }

  /** Gives the place, asking the server if need be; callers at once share the question. */
  async place(): Promise<bigint> {
    const known = this.present;
    if (known !== null) return known;
    const { writes } = this.#server;
    // a question that was sent before the last write does not tell of it
    if (this.#asking?.writes !== writes) {
      this.#asking = { writes, place: this.#learn(writes) };
    }
    return await this.#asking.place;
  }

  async #learn(writes: number): Promise<bigint> {
    try {
      const place = placeIn(await this.#ask());
      if (writes > this.#known.writes) this.#known = { writes, place };
      return place;
    } finally {
      if (this.#asking?.writes === writes) this.#asking = null;
    }
  }
}
