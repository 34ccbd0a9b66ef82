/**
 * The driver port: the only way by which the engine reaches a server.
 *
 * Values cross it in PostgreSQL's text format, in both directions. A driver never parses a value:
 * the codecs of the model do that, chosen once per statement.
 */

/** One bound value in PostgreSQL's text format, or SQL NULL. */
export type Param = string | null;

/** A statement that is ready to be sent: text with `$1`-style placeholders and their values. */
export interface Statement {
  /** The SQL text. One command only. */
  readonly text: string;
  /** The bound values, `$1` first. */
  readonly params: readonly Param[];
  /** The name to prepare it under, where the driver has `namedStatements`; unnamed when absent. */
  readonly name?: string | undefined;
  /**
   * It opens a transaction on a connection of one's own. What is asked of the connection before the
   * answer is there is sent along, but never run when this fails: the connection takes nothing more
   * then, and what it was asked for fails with SQLSTATE 25P02.
   */
  readonly opens?: boolean | undefined;
}

/** A column of a result. */
export interface ResultColumn {
  /** The name that the server gave the column. */
  readonly name: string;
  /** The OID of its type. */
  readonly typeOid: number;
}

/** What a statement gave back: columns, and rows of positional values in text format. */
export interface Rows {
  /** The columns, in the order of the values. Empty for a command that returns no rows. */
  readonly columns: readonly ResultColumn[];
  /** The rows; a value is text or null. */
  readonly rows: readonly (readonly Param[])[];
  /** How many rows the command inserted, updated, deleted, or returned. */
  readonly affected: number;
}

/** What a driver can do beyond sending a statement. Never probe for a method: read this. */
export interface Capabilities {
  /** Several statements may be under way on one connection; they are answered in order. `Statement.opens` is heeded. */
  readonly pipelining: boolean;
  /** Statements may be prepared by name. */
  readonly namedStatements: boolean;
  /** More than one connection can be open, so that transactions run side by side. */
  readonly concurrentConnections: boolean;
  /** A statement under way can be cancelled on the server. */
  readonly cancel: boolean;
  /** `Connection.listen` works. */
  readonly listen: boolean;
}

/** Options of one call. */
export interface RunOptions {
  /** Cancels the statement on the server where the driver has `cancel`, and rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time in ms that this statement may take, server and link together; default: none. */
  readonly timeoutMs?: number | undefined;
}

/** A connection that one caller holds alone until it is released. */
export interface Connection {
  /**
   * Runs one statement. Calls made without waiting are answered in order.
   *
   * @throws {DatabaseError} what the server refused, by SQLSTATE
   * @throws {ConnectionError} the link was lost, or a time ran out
   */
  query(statement: Statement, options?: RunOptions): Promise<Rows>;
  /** Runs a script of any number of commands without parameters (the simple query protocol). */
  script(text: string): Promise<void>;
  /**
   * Subscribes to a channel; resolves to the function that unsubscribes. `onEnd` is called once when
   * nothing will come any more though nobody unsubscribed: the connection was lost or given back. On
   * a driver without `concurrentConnections` that has one session for all, it outlives the connection.
   *
   * @throws {ConfigurationError} the driver lacks `listen`
   */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onEnd?: () => void,
  ): Promise<() => Promise<void>>;
  /**
   * Gives the connection back. `broken: true` closes it instead of reusing it. A second call does nothing.
   */
  release(options?: { readonly broken?: boolean }): void;
}

/** A pool of connections to one database. Nothing is opened before the first call. */
export interface Driver {
  /** The driver's name for messages: `node_pg`, `pglite`. */
  readonly name: string;
  /** What this driver can do. */
  readonly capabilities: Capabilities;
  /**
   * Runs one statement by itself (autocommit) on any connection, possibly one that others share.
   *
   * @throws {DatabaseError} what the server refused, by SQLSTATE
   * @throws {ConnectionError} no connection could be had, or the link was lost
   */
  query(statement: Statement, options?: RunOptions): Promise<Rows>;
  /**
   * Takes a connection of one's own.
   *
   * @throws {ConnectionError} none became free within the acquire timeout, or none could be opened
   */
  acquire(options?: { readonly signal?: AbortSignal | undefined }): Promise<Connection>;
  /** Closes every connection, waiting for statements under way. Later calls reject. */
  close(): Promise<void>;
}

/** A connection that somebody holds, for reports. Holds no value. */
export interface HeldConnection {
  /** The database's name in the registry. */
  readonly database: string;
  /** For how long it has been held, in ms. */
  readonly heldMs: number;
  /** The SQL text that was last sent on it; empty when none was. */
  readonly text: string;
  /** Where in the program it was taken; undefined without `traceOrigins`. */
  readonly origin: string | undefined;
}

/** Settings that every driver of a URL scheme understands. Times are in ms; 0 means no limit. */
export interface DriverOptions {
  /** The database's name in the registry, for messages. */
  readonly name: string;
  /** The connection URL. Its password never enters a message. */
  readonly url: string;
  /** Most connections open at once; default 10. */
  readonly poolMax: number;
  /** `session` allows prepared statements by name; `transaction` is for poolers such as PgBouncer. */
  readonly poolMode: "session" | "transaction";
  /** Longest time to open a connection; default 10,000. */
  readonly connectTimeoutMs: number;
  /** Longest wait for a free connection; default 10,000. */
  readonly acquireTimeoutMs: number;
  /** The server's `statement_timeout` for this pool; default 0. */
  readonly statementTimeoutMs: number;
  /** A connection that was idle for this long is closed; default 30,000. */
  readonly idleTimeoutMs: number;
  /**
   * A link that owes an answer and stays silent for this long is given up, unless the server says on
   * another link that it is still at work; default 15,000.
   */
  readonly livenessTimeoutMs: number;
  /** Notes where each connection was taken, for messages and reports; costs a stack each; default false. */
  readonly traceOrigins?: boolean | undefined;
  /** How long a connection may be held before `onLeak` hears of it; default 60,000. */
  readonly leakAfterMs?: number | undefined;
  /** Hears once of each connection that is held for too long. It must not throw. */
  readonly onLeak?: ((leak: HeldConnection) => void) | undefined;
}
