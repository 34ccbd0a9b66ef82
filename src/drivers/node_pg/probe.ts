import { isServerError } from "../shared/server_error.ts";
import type { PgClient, PgResult } from "./module.ts";

/** Longest time that a probe takes, in ms. */
const PROBE_LIMIT = 5_000;

/** A backend that ended its work so lately, in ms, may have an answer on its way. */
const LATELY = 1_000;

/** What a look at the server shows. */
type Sight =
  /** Nothing answers there, or no link could be opened in time. */
  | { readonly kind: "unreachable" }
  /** Something answers and does not let us look: the server is full, or starting. */
  | { readonly kind: "refused" }
  /** The work of this role in this database. */
  | {
    readonly kind: "seen";
    /** Process numbers mean something here; a pooler makes up its own. */
    readonly truePids: boolean;
    /** Backends that are at work, or were until a moment ago. */
    readonly lively: ReadonlySet<number>;
    /** Some backend has been at work for more than a moment. */
    readonly anyLong: boolean;
  };

/**
 * The backends of one's own role and database that are at work. One that is stuck sending to a client is
 * not: nobody reads there. Where a server does not track activities each one counts as at work.
 */
function question(lately: number): string {
  const age = (column: string): string =>
    `extract(epoch from pg_catalog.clock_timestamp() - a.${column}) * 1000`;
  return "select me.pid, a.pid, a.state = 'disabled' or (a.state = 'active' and " +
    `${age("query_start")} > ${lately}) from pg_catalog.pg_stat_activity me ` +
    "left join pg_catalog.pg_stat_activity a on a.datid = me.datid and a.usesysid = me.usesysid " +
    "and a.pid <> me.pid and (a.state = 'disabled' or " +
    "(a.state = 'active' and a.wait_event is distinct from 'ClientWrite') or " +
    `${age("state_change")} < ${lately}) where me.pid = pg_catalog.pg_backend_pid()`;
}

/** Looks at the server over a link of its own, one look for all who ask at the same time. */
export class Prober {
  readonly #open: () => PgClient;
  readonly #lately: number;
  #look: { readonly since: number; readonly sight: Promise<Sight> } | undefined;

  /** `open` makes a client that is not connected yet; `limitMs` is the silence after which one asks. */
  constructor(open: () => PgClient, limitMs: number) {
    this.#open = open;
    this.#lately = Math.min(LATELY, Math.ceil(limitMs / 2));
  }

  /**
   * Tells whether the server is at work for a link, or may be.
   *
   * Behind a pooler, whose process numbers are its own, any statement of the role that has run for more
   * than a moment counts.
   */
  async isWorking(client: PgClient, silentSince: number): Promise<boolean> {
    if (this.#look === undefined || this.#look.since < silentSince + this.#lately) {
      const look = { since: performance.now(), sight: this.#see() };
      this.#look = look;
      const forget = (): void => void (this.#look === look && (this.#look = undefined));
      look.sight.then(forget, forget);
    }
    const sight = await this.#look.sight;
    if (sight.kind !== "seen") return sight.kind === "refused";
    if (!sight.truePids) return sight.anyLong;
    return client.processID !== null && sight.lively.has(client.processID);
  }

  async #see(): Promise<Sight> {
    const client = this.#open();
    client.on("error", () => {}); // told to the caller below
    let connected = false;
    const timer = setTimeout(() => client.connection.stream.destroy(), PROBE_LIMIT);
    try {
      await new Promise<void>((resolve, reject) =>
        client.connect((error) => error ? reject(error) : resolve())
      );
      connected = true;
      const result = await client.query({
        text: question(this.#lately),
        rowMode: "array",
        types: { getTypeParser: () => (text) => text },
      });
      return read(client, result);
    } catch (error) {
      return { kind: connected || isServerError(error) ? "refused" : "unreachable" };
    } finally {
      clearTimeout(timer);
      client.connection.stream.destroy();
    }
  }
}

function read(client: PgClient, { rows }: PgResult): Sight {
  return {
    kind: "seen",
    truePids: Number(rows[0]?.[0]) === client.processID,
    lively: new Set(rows.flatMap(([, pid]) => typeof pid === "string" ? [Number(pid)] : [])),
    anyLong: rows.some(([, , long]) => long === "t"),
  };
}
