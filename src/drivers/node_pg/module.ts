import pg from "npm:pg@8.23.1";

/** The columns of a result, as the server describes them. */
export interface PgColumns {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** A row of a result: each value is text or null. */
export interface PgRow {
  readonly fields: readonly (string | null)[];
}

/** The end of a command, with the words that the server says of it. */
export interface PgCommand {
  readonly text: string;
}

/** What a client takes in place of a text: it writes its own messages and reads the answers. */
export interface PgSubmittable {
  /** The name and the text of the statement that the next answer is for. */
  readonly name: string;
  readonly text: string;
  submit(connection: PgServerSide): null;
  handleRowDescription(message: PgColumns): void;
  handleDataRow(message: PgRow): void;
  handleCommandComplete(message: PgCommand): void;
  handleEmptyQuery(): void;
  handleReadyForQuery(): void;
  handleError(error: unknown, connection: PgServerSide): void;
}

/** A result in array mode. */
export interface PgResult {
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A statement without parameters whose values are wanted as the server's text. */
export interface PgQuery {
  readonly text: string;
  readonly rowMode: "array";
  readonly types: { getTypeParser(): (text: string) => string };
}

/** A NOTIFY that arrived. */
export interface PgNotification {
  readonly channel: string;
  readonly payload?: string;
}

/** The byte stream below a client. */
export interface PgStream {
  on(event: "data", listener: () => void): unknown;
  readonly writable: boolean;
  write(bytes: Uint8Array): unknown;
  destroy(error?: Error): void;
  /** Holds back what is written until `uncork`; streams that are not of Node may lack both. */
  cork?(): void;
  uncork?(): void;
}

/** What pg's own reader asks of a stream. */
export interface PgSource {
  on(event: string, listener: (bytes: Uint8Array) => void): unknown;
}

/** The server's side of a client: the stream, and the statements that were prepared on it. */
export interface PgServerSide {
  readonly stream: PgStream;
  /** Starts to read a stream; called once it is open, and secured where it is to be. */
  attachListeners(stream: PgSource): void;
  /** Tells the client of a message. */
  emit(event: "dataRow", row: PgRow): unknown;
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

/** The parts of a `pg` client that the driver uses. */
export interface PgClient {
  readonly constructor: { readonly Query: { readonly prototype: object } };
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly sslNegotiation?: string;
  readonly pipeline?: boolean;
  readonly connection: PgServerSide;
  /** Connects; the pool calls it. */
  connect(done: (error?: Error) => void): void;
  /** Says goodbye; the pool calls it. */
  end(done: () => void): void;
  query(query: PgQuery | string): Promise<PgResult>;
  query(query: PgSubmittable): unknown;
  /** The state in the last ReadyForQuery: `I` idle, `T` in a transaction, `E` in a failed one. */
  getTransactionStatus(): string | null;
  on(event: "error" | "end", listener: (error?: Error) => void): unknown;
  on(event: "notification", listener: (message: PgNotification) => void): unknown;
  removeListener(event: string, listener: (...values: never[]) => void): unknown;
  release(destroy?: boolean | Error): void;
}

/** The parts of a `pg` pool that the driver uses; `new pg.Pool()` fits. */
export interface PgPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: PgConfig & { readonly max: number };
  /** Takes a client out of the pool, a new one where none is idle. */
  connect(): Promise<PgClient>;
  /** Closes every client that is idle, and the others as they come back. */
  end(): Promise<void>;
  /** Listens to the faults of idle clients; without a listener such a fault ends the process. */
  on(event: "error", listener: (error: Error) => void): unknown;
  /** Tells of each new client. */
  on(event: "connect", listener: (client: PgClient) => void): unknown;
}

/** A low-level connection: sends one cancel request. */
export interface PgWire {
  readonly stream: PgStream;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  on(event: "connect" | "sslconnect" | "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** The options of `pg.Pool` and `pg.Client` that the driver sets. */
export interface PgConfig {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly database?: string | undefined;
  readonly password?: (() => string) | undefined;
  readonly ssl?: unknown;
  readonly sslnegotiation?: string | undefined;
  readonly options?: string | undefined;
  readonly application_name?: string | undefined;
  readonly fallback_application_name?: string | undefined;
  readonly statement_timeout?: number | undefined;
  readonly keepAlive?: boolean | undefined;
  readonly connectionTimeoutMillis?: number | undefined;
  readonly idleTimeoutMillis?: number | undefined;
  /** Idle connections do not keep the process alive. */
  readonly allowExitOnIdle?: boolean | undefined;
  readonly max?: number | undefined;
  readonly pipeline?: boolean | undefined;
  readonly onConnect?: ((client: PgClient) => Promise<void>) | undefined;
  readonly Client?: unknown;
}

interface PgModule {
  readonly Pool: new (config: PgConfig) => PgPool;
  readonly Client: new (config: PgConfig) => PgClient;
  readonly Connection: new (config: { ssl: unknown; sslNegotiation?: string }) => PgWire;
}

// the one door to the package, which comes without types
const typed = pg as unknown as PgModule;

/** The pool class of node-postgres. */
export const PoolClass: PgModule["Pool"] = typed.Pool;
/** The client class of node-postgres. */
export const ClientClass: PgModule["Client"] = typed.Client;
/** The low-level connection class of node-postgres. */
export const WireClass: PgModule["Connection"] = typed.Connection;
