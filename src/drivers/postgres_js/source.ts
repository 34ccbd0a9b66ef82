import type { Param } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { answerOf, type RawResult } from "../adapter/raw_result.ts";
import type { Answer, Listen, Session, Source } from "../adapter/seam.ts";
import { isServerError, type ServerError } from "../shared/server_error.ts";

/** The OID of `unknown`: the server finds the type out as for 0, and the client has no serializer for it. */
const UNKNOWN = 705;

/** Within so many turns of the microtask queue a statement is sent. */
const SEND_TURNS = 10;

/** The parts of a client that the driver uses. */
export interface Client {
  readonly options: {
    readonly max: number;
    readonly prepare?: unknown;
    readonly transform?: {
      readonly column?: { readonly from?: unknown };
      readonly row?: { readonly from?: unknown };
    };
  };
  readonly listen: Listening;
  unsafe(text: string, params: readonly unknown[], options: QueryOptions): Query;
  typed(value: Param, oid: number): unknown;
  end(): Promise<void>;
}

interface QueryOptions {
  readonly prepare: boolean;
  readonly simple: boolean;
  /** Hears, when a statement without values is sent, of the connection; false keeps others away from it. */
  readonly onexecute?: (connection: Inner) => boolean;
}

/** A connection as the client's own transactions know it. */
interface Inner {
  /** Sends a statement. */
  execute(query: Query): unknown;
  /** Called when all was answered, while somebody has the connection for himself. */
  reserved: ((() => void) & { release?: boolean }) | null;
  /** Called once when it is closed. */
  onclose?: ((error: unknown) => void) | null;
  terminate(): void;
}

/** A statement; it is sent a little after it was made. */
interface Query extends Promise<RawResult> {
  /** The server's process, once it is sent. */
  readonly state: { readonly pid: number } | null;
  /** Where it goes when it is run. */
  handler(query: Query): void;
  readonly active: boolean;
  raw(): Query;
  execute(): Query;
  canceller(query: Query): Promise<unknown>;
}

/** How the client subscribes; it makes a client of its own for that on first use. */
interface Listening {
  (channel: string, onPayload: (payload: string) => void): Promise<{ unlisten(): Promise<void> }>;
  readonly sql?: { readonly options: Closable };
  readonly channels?: Record<string, unknown>;
}

/** Options that are read when a connection is closed. */
interface Closable {
  onclose?: (id: number) => void;
}

/** What the adapter needs of a client. */
export function postgresJsSource(client: Client): Source {
  const { max, prepare } = client.options;
  /** The server's process for which a connection was made ready. */
  const ready = new WeakMap<Inner, number>();
  return {
    name: "postgres_js",
    max: Number(max),
    cancels: true,
    prepares: prepare !== false,
    listen: listenOver(client),
    open: () => open(client, ready),
    serverError,
  };
}

/**
 * Takes a connection out of the client, as its `begin()` does. What `reserve()` asks for in vain stays in
 * its queue and swallows a connection later.
 */
async function open(client: Client, ready: WeakMap<Inner, number>): Promise<Session> {
  let connection: Inner | undefined;
  let dead = false;
  const query = client.unsafe("select 1", [], {
    prepare: false,
    simple: true,
    onexecute(inner) {
      connection = inner;
      inner.reserved = Object.assign((): void => {}, { release: true });
      inner.onclose = () => void (dead = true);
      return false;
    },
  });
  try {
    await query;
  } catch (error) {
    // nobody would ever give it back
    if (!dead) connection?.terminate();
    throw error;
  }
  if (connection === undefined) {
    throw new ConfigurationError("Cannot use this client of postgres: its connections are hidden", {
      code: "unsupported_package",
      hint: "Use version 3.4 of postgres",
    });
  }
  const pid = query.state?.pid ?? 0;
  const fresh = ready.get(connection) !== pid;
  ready.set(connection, pid);
  return new PostgresJsSession(client, connection, fresh, dead);
}

/** A connection that was taken out of the client. One that is closed must be sent nothing: the client would fail outside of any call. */
class PostgresJsSession implements Session {
  dead: boolean;
  readonly fresh: boolean;
  readonly #client: Client;
  readonly #connection: Inner;
  #query: Query | undefined;

  constructor(client: Client, connection: Inner, fresh: boolean, dead: boolean) {
    this.#client = client;
    this.#connection = connection;
    this.fresh = fresh;
    this.dead = dead;
    connection.onclose = () => void (this.dead = true);
  }

  async run(text: string, params: readonly Param[], keep: boolean): Promise<Answer> {
    const values = params.map((value) => this.#client.typed(value, UNKNOWN));
    const result = await this.#ask(text, values, { prepare: keep, simple: false });
    return answerOf(result);
  }

  async script(text: string): Promise<void> {
    await this.#ask(text, [], { prepare: false, simple: true });
  }

  async cancel(): Promise<boolean> {
    const query = this.#query;
    // one that was not sent yet would leave its connection in a state that takes no more
    for (let turn = 0; turn < SEND_TURNS && query?.state === null; turn++) await Promise.resolve();
    if (query?.state === null) return false;
    // not its own cancel(), which does nothing the second time
    if (query?.active === true) await query.canceller(query);
    return true;
  }

  release(): void {
    const connection = this.#connection;
    const held = connection.reserved;
    connection.onclose = null;
    // it goes back with the answer to one more statement
    if (held !== null) held.release = false;
    const end = (): void => {
      // by then somebody else may have it
      if (held !== null && connection.reserved === held) connection.terminate();
    };
    this.script("").then(end, end);
  }

  destroy(): void {
    this.dead = true;
    this.#connection.terminate();
  }

  async #ask(text: string, values: readonly unknown[], options: QueryOptions): Promise<RawResult> {
    const query = this.#client.unsafe(text, values, options).raw();
    query.handler = (sent) => void this.#connection.execute(sent);
    this.#query = query;
    query.execute();
    return await query;
  }
}

function serverError(error: unknown): ServerError | undefined {
  if (!isServerError(error)) return undefined;
  const { schema_name, table_name, column_name, constraint_name } = error as Names;
  return {
    message: error.message,
    code: error.code,
    severity: error.severity,
    detail: error.detail,
    hint: error.hint,
    position: error.position,
    routine: error.routine,
    schema: schema_name,
    table: table_name,
    column: column_name,
    constraint: constraint_name,
    dataType: (error as Names)["data type_name"],
  };
}

/** Fields of an error that the client calls otherwise. */
interface Names {
  readonly schema_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly constraint_name?: string;
  readonly "data type_name"?: string;
}

function listenOver(client: Client): Listen {
  return async (channel, onPayload, onEnd) => {
    let stop: (() => Promise<void>) | undefined;
    try {
      const { unlisten } = await client.listen(channel, onPayload);
      stop = unlisten;
    } catch (error) {
      // it would give this answer ever after
      if (client.listen.channels !== undefined) delete client.listen.channels[channel];
      throw error;
    }
    const options = client.listen.sql?.options;
    const unlisten = stop;
    if (options === undefined) return unlisten;
    const ends = endsOf(options);
    ends.add(onEnd);
    return async () => {
      ends.delete(onEnd);
      await unlisten();
    };
  };
}

const watched = new WeakMap<Closable, Set<() => void>>();

/**
 * Who is to hear that the connection for subscriptions was closed. The client opens another one and
 * subscribes again without a word, and what was told in between is lost.
 */
function endsOf(options: Closable): Set<() => void> {
  const known = watched.get(options);
  if (known !== undefined) return known;
  const ends = new Set<() => void>();
  const { onclose } = options;
  options.onclose = (id) => {
    for (const end of [...ends]) end();
    onclose?.(id);
  };
  watched.set(options, ends);
  return ends;
}
