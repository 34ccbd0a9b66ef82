import { ConfigurationError } from "../errors/base.ts";

/** How long rows of a model may be cached: for ever, 4 hours, 10 minutes, 1 minute, not at all. */
export type CachePolicy = "permanent" | "long-term" | "short-term" | "instant" | "off";

const LIVES: Readonly<Record<CachePolicy, number>> = {
  "permanent": Infinity,
  "long-term": 4 * 60 * 60_000,
  "short-term": 10 * 60_000,
  "instant": 60_000,
  "off": 0,
};

/** What a declaration says of caching. */
export interface CacheChoice {
  /** How long rows may be cached. */
  readonly cache?: CachePolicy | undefined;
  /** The same in seconds; wins. */
  readonly cacheTimeout?: number | undefined;
}

/**
 * Reads how long rows may be cached, in ms: 0 for not at all, `Infinity` for ever, null where nothing
 * is said. `what` names the declaration for messages.
 *
 * @throws {ConfigurationError} the policy is unknown, or the time is no number from 0 up
 */
export function cacheLife({ cache, cacheTimeout }: CacheChoice, what: string): number | null {
  if (cache !== undefined && !Object.hasOwn(LIVES, cache)) {
    throw invalid(`${what}: its cache policy is not known`);
  }
  if (cacheTimeout === undefined) return cache === undefined ? null : LIVES[cache];
  if (typeof cacheTimeout === "number" && cacheTimeout >= 0) return cacheTimeout * 1_000;
  throw invalid(`${what}: cacheTimeout is not a number of seconds`);
}

function invalid(wrong: string): ConfigurationError {
  return new ConfigurationError(`Cannot cache rows of ${wrong}`, {
    code: "invalid_cache_policy",
    hint: `Policies are ${Object.keys(LIVES).join(", ")}; cacheTimeout is in seconds`,
  });
}
