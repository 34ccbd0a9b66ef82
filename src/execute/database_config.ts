import type { CachePolicy } from "../cache/policy.ts";
import type { CacheStore } from "../cache/store.ts";
import type { Driver, DriverOptions, HeldConnection } from "../driver/port.ts";
import type { QueryOrigin } from "./origin.ts";

/** What the `onQuery` hook is told after each statement. Holds no value and no row. */
export interface QueryEvent {
  /** The database's name in the registry. */
  readonly database: string;
  /** The SQL text. */
  readonly text: string;
  /** From sending to the whole answer, in ms. */
  readonly durationMs: number;
  /** How many rows it gave back or changed; 0 when it failed. */
  readonly rows: number;
  /** Which call it was sent for, and to which server. */
  readonly origin: QueryOrigin;
  /** Why it failed. */
  readonly error?: unknown;
}

/** What the `onWarning` hook is told: something went wrong, and the call went on without it. */
export interface WarningEvent {
  /** The database's name in the registry; null = none is known. */
  readonly database: string | null;
  /** Stable name of what went wrong; docs/errors.md has a heading for it. */
  readonly code: string;
  /** What went wrong, in one sentence without values. */
  readonly message: string;
  /** The class that it happened in, a view or a DTO; or the option that does not work, `cacheSync`. */
  readonly source: string;
  /** The computed method or relation; null = the class as a whole. */
  readonly member: string | null;
  /** The primary key of the row by property, as values; null = no single row. */
  readonly key: Readonly<Record<string, unknown>> | null;
  /** What was thrown, if anything. */
  readonly error?: unknown;
}

/** A replica as the program declares it: what differs from the primary. */
export type ReplicaConfig = Omit<
  DatabaseConfig,
  | ("name" | "replicas" | "readFrom" | "replicaFallback" | "readYourWrites" | "replicaWaitMs")
  | ("schemas" | "onQuery" | "onWarning" | "cache" | "cacheTimeout" | "cacheStore")
  | ("cacheSync" | "listenUrl")
>;

/** A database as the program declares it: a URL, or the parts of one, or a driver. */
export interface DatabaseConfig {
  /** The name by which models and sessions ask for it. */
  readonly name: string;
  /** `postgres://`, `postgresql://`, `pglite://memory` or `pglite://<folder>`. */
  readonly url?: string | undefined;
  /** An open driver, in place of a URL. */
  readonly driver?: Driver | undefined;
  /** Host name, address, or folder of the server's socket. */
  readonly host?: string | undefined;
  /** TCP port; default 5432. */
  readonly port?: number | undefined;
  /** The database's name on the server. */
  readonly database?: string | undefined;
  /** The role to log in as. */
  readonly user?: string | undefined;
  /** Its password; an empty one must be written as `""`. */
  readonly password?: string | undefined;
  /** `postgresql`, the default, or `postgres`. */
  readonly protocol?: string | undefined;
  /** The schemas that belong to it; default `public`. */
  readonly schemas?: readonly string[] | undefined;
  /** Most connections open at once; default 10. */
  readonly poolMax?: number | undefined;
  /** `session`, the default, or `transaction` behind a pooler such as PgBouncer. */
  readonly poolMode?: "session" | "transaction" | undefined;
  /** Longest time to open a connection, in ms; default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest wait for a free connection, in ms; default 10,000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** The server's `statement_timeout`, in ms; default 0, no limit. */
  readonly statementTimeoutMs?: number | undefined;
  /** A connection that was idle for this many ms is closed; default 30,000. */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * A connection that owes an answer and stays silent for this many ms is given up, unless the server
   * says that it is still at work; default 15,000, 0 for never.
   */
  readonly livenessTimeoutMs?: number | undefined;
  /** Notes where each transaction took its connection, for messages and reports; default false. */
  readonly traceOrigins?: boolean | undefined;
  /** How long a connection may be held before `onLeak` hears of it, in ms; default 60,000. */
  readonly leakAfterMs?: number | undefined;
  /** Hears once of each connection that is held for longer. It must not throw. */
  readonly onLeak?: ((leak: HeldConnection) => void) | undefined;
  /** Called after each statement. What it throws fails the call whose statement it was told of. */
  readonly onQuery?: ((event: QueryEvent) => void) | undefined;
  /**
   * Hears of what went wrong without failing the call, such as a computed method of a view that threw;
   * default: `console.warn`. What it throws fails the call.
   */
  readonly onWarning?: ((warning: WarningEvent) => void) | undefined;
  /**
   * Its replicas, read by `using("replica")`: URLs, or what differs from the primary. An empty list
   * means that the primary answers for them.
   */
  readonly replicas?: readonly (string | ReplicaConfig)[] | undefined;
  /**
   * Where reads outside transactions go that say nothing else: `primary`, the default, or `replicas`.
   * Statements written by hand stay on the primary.
   */
  readonly readFrom?: "primary" | "replicas" | undefined;
  /** Whether the primary answers when no replica can; default true. */
  readonly replicaFallback?: boolean | undefined;
  /**
   * Whether a replica is passed by until it has what this process wrote last; default true. Costs a
   * look at the primary and one at the replica for the first read after a write.
   */
  readonly readYourWrites?: boolean | undefined;
  /** Longest wait for a replica to catch up with a write, in ms; then another server reads; default 50. */
  readonly replicaWaitMs?: number | undefined;
  /** How long rows may be cached of models that say nothing of it; default `off`. */
  readonly cache?: CachePolicy | undefined;
  /** The same in seconds; wins over `cache`. */
  readonly cacheTimeout?: number | undefined;
  /** Where cached rows are kept; default: memory, 10,000 entries for each model. */
  readonly cacheStore?: CacheStore | undefined;
  /**
   * Whether processes tell each other by LISTEN/NOTIFY which cached rows they have written; default
   * false. Keeps a connection of its own open while rows are cached.
   */
  readonly cacheSync?: boolean | undefined;
  /** The URL of the server itself for LISTEN, where `url` leads to a pooler in transaction mode. */
  readonly listenUrl?: string | undefined;
}

/** A checked configuration with every default filled in. */
export interface ResolvedConfig extends DriverOptions {
  /** The driver that was handed over; `url` is empty then. */
  readonly driver: Driver | undefined;
  /** The schemas that belong to it. */
  readonly schemas: readonly string[];
  /** Called after each statement. */
  readonly onQuery: ((event: QueryEvent) => void) | undefined;
  /** Hears of what went wrong without failing the call. */
  readonly onWarning: ((warning: WarningEvent) => void) | undefined;
  /** The name of the whole in the registry: a replica's own name is longer. */
  readonly registeredAs: string;
  /** `primary`, or `replica1`, `replica2` and so on. */
  readonly server: string;
  /** Its replicas; null when none are declared. */
  readonly replicas: readonly ResolvedConfig[] | null;
  /** Where reads outside transactions go that say nothing else. */
  readonly readFrom: "primary" | "replicas";
  /** Whether the primary answers when no replica can. */
  readonly replicaFallback: boolean;
  /** Whether a replica is passed by until it has what this process wrote last. */
  readonly readYourWrites: boolean;
  /** Longest wait for a replica to catch up, in ms. */
  readonly replicaWaitMs: number;
  /** How long rows of models that say nothing may be cached, in ms; null = nothing is said here either. */
  readonly cacheLife: number | null;
  /** Where cached rows are kept; undefined for memory. */
  readonly cacheStore: CacheStore | undefined;
  /** Whether processes tell each other which cached rows they have written. */
  readonly cacheSync: boolean;
  /** Where to listen; undefined for `url`, or the driver. */
  readonly listenUrl: string | undefined;
}
