import type { HeldConnection } from "../../driver/port.ts";

/** Settings of a driver over a pool that the caller owns. */
export interface PoolOptions {
  /** The database's name for messages; default `main`. */
  readonly name?: string | undefined;
  /** `transaction` behind a pooler in transaction mode, as Neon's addresses with `-pooler` are; default `session`. */
  readonly poolMode?: "session" | "transaction" | undefined;
  /** Longest wait for a connection in ms; default 10,000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** Longest run of a statement in ms; default 0, none. */
  readonly statementTimeoutMs?: number | undefined;
  /** Notes where each connection was taken, for messages and reports; default false. */
  readonly traceOrigins?: boolean | undefined;
  /** How long a connection may be held before `onLeak` hears of it, in ms; default 60,000. */
  readonly leakAfterMs?: number | undefined;
  /** Hears once of each connection that is held for too long. It must not throw. */
  readonly onLeak?: ((leak: HeldConnection) => void) | undefined;
}
