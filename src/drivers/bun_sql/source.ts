import type { Param } from "../../driver/port.ts";
import { answerOf, type RawResult } from "../adapter/raw_result.ts";
import { type Answer, type Listen, NotSent, type Session, type Source } from "../adapter/seam.ts";
import type { ServerError } from "../shared/server_error.ts";

/** The parts of a client that the driver uses. */
export interface Client {
  readonly options: {
    readonly adapter?: unknown;
    readonly max: number;
    readonly prepare?: unknown;
    readonly transform?: { readonly column?: { readonly from?: unknown } };
  };
  unsafe(text: string, values?: readonly unknown[]): Query;
  reserve(): Promise<Reserved>;
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onListen: () => void,
  ): Promise<{ unlisten(): Promise<void> }>;
}

/** A connection that was taken out of the client. */
interface Reserved {
  /** Makes a statement of a template: without values too it goes by the extended protocol. */
  (template: readonly string[]): Query;
  /** Makes a statement of a text; without values it goes by the simple protocol. */
  unsafe(text: string, values?: readonly unknown[]): Query;
  /** Sends what waits to be sent; throws when the connection is closed. */
  flush(): void;
  /** Gives it back; one with a transaction open is closed. */
  release(): Promise<void>;
  /** Closes the connection. */
  close(options: { readonly timeout: number }): Promise<void>;
}

/** A statement; it is sent when it is executed or awaited. */
interface Query extends Promise<RawResult> {
  /** It is under way: it was handed to a connection, which has not answered. */
  readonly active: boolean;
  raw(): Query;
  simple(): Query;
  execute(): Query;
  /**
   * Asks the server through a connection of its own to end it; a second call does nothing. The connection
   * sends no other statement until the request is through, so that it hits no other.
   */
  cancel(): unknown;
}

/** What the adapter needs of a client. */
export function bunSqlSource(client: Client): Source {
  return {
    name: "bun_sql",
    max: Number(client.options.max),
    cancels: true,
    prepares: false,
    listen: listenOver(client),
    open: async () => new BunSqlSession(await client.reserve()),
    serverError,
  };
}

/** A connection that was taken out of the client. */
class BunSqlSession implements Session {
  /** Which connection of the client it is, and so whether it was made ready, cannot be told. */
  readonly fresh = true;
  readonly #reserved: Reserved;
  #query: Query | undefined;

  constructor(reserved: Reserved) {
    this.#reserved = reserved;
  }

  get dead(): boolean {
    try {
      this.#reserved.flush();
      return false;
    } catch {
      return true; // it throws for this alone
    }
  }

  async run(text: string, params: readonly Param[]): Promise<Answer> {
    const result = await this.#ask(
      params.length === 0 ? this.#reserved(templateOf(text)) : this.#reserved.unsafe(text, params),
    );
    return answerOf(result);
  }

  async script(text: string): Promise<void> {
    await this.#ask(this.#reserved.unsafe(text).simple());
  }

  cancel(): Promise<boolean> {
    this.#query?.cancel();
    return Promise.resolve(true);
  }

  release(): void {
    void this.#reserved.release();
  }

  destroy(): void {
    void this.#reserved.close({ timeout: 0 });
  }

  async #ask(query: Query): Promise<RawResult> {
    this.#query = query.raw().execute();
    // a connection that is closed takes no statement
    const sent = query.active;
    try {
      return await query;
    } catch (error) {
      throw sent ? error : new NotSent("The link has ended", { cause: error });
    }
  }
}

/** What the client takes for a template without values, which it sends as one command alone. */
function templateOf(text: string): readonly string[] {
  const strings = [text];
  return Object.defineProperty(strings, "raw", { value: strings });
}

/** A statement that was cancelled before it was sent. */
const UNSENT = "ERR_POSTGRES_QUERY_CANCELLED";

/** Fields of an error; `code` is the client's own word for it, `errno` the server's. */
interface Fields extends Omit<ServerError, "code"> {
  readonly code?: unknown;
  readonly errno?: unknown;
}

function serverError(error: unknown): ServerError | undefined {
  if (!(error instanceof Error)) return undefined;
  const fields = error as Error & Fields;
  const { message, severity, errno } = fields;
  if (fields.code === UNSENT) return { message, severity: "ERROR", code: "57014" };
  if (typeof severity !== "string" || typeof errno !== "string") return undefined;
  const { detail, hint, position, routine, schema, table, column, constraint, dataType } = fields;
  return {
    ...{ message, code: errno, severity, detail, hint, position, routine },
    ...{ schema, table, column, constraint, dataType },
  };
}

/**
 * Subscribes by the client's own connection for it. When that is cut the client opens another one and
 * subscribes again, and what was told in between is lost: the second word of a subscription says so.
 */
function listenOver(client: Client): Listen {
  return async (channel, onPayload, onEnd) => {
    let subscribed = 0;
    const subscription = await client.listen(channel, onPayload, () => {
      if (++subscribed === 2) onEnd();
    });
    return () => subscription.unlisten();
  };
}
