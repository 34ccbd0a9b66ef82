import type { PoolOptions } from "../shared/pool_options.ts";

/** Settings of a driver over a pool that the caller owns. */
export interface PgPoolOptions extends PoolOptions {
  /** Silence after which a link that owes an answer is questioned, in ms; default 15,000; 0 for never. */
  readonly livenessTimeoutMs?: number | undefined;
}
