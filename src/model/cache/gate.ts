/** The way to the caches, which a program without them does not load. */
import { isCacheWanted } from "../../cache/wanted.ts";
import type { Rows, RunOptions, Statement } from "../../driver/port.ts";
import type { Caller } from "../../execute/origin.ts";
import type { Session } from "../../execute/session.ts";
import type { CacheEngine, Lookup, ReadOptions, Reference, Touch } from "./contract.ts";

let engine: CacheEngine | null = null;

/** Loads the caches, once. */
async function load(): Promise<CacheEngine> {
  return engine ??= (await import("./engine.ts")).makeCaches();
}

/** The caches, for who looks at them; null when the program asks for none. */
export async function presentCaches(): Promise<CacheEngine | null> {
  return isCacheWanted() ? engine ?? await load() : null;
}

/** Answers a lookup from a cache; undefined when none could. */
export function findCached(
  lookup: Lookup,
): object | null | Promise<object | null | undefined> | undefined {
  if (!isCacheWanted()) return undefined;
  return engine === null ? load().then((caches) => caches.find(lookup)) : engine.find(lookup);
}

/** Follows a foreign key by a cache; undefined when none could. */
export function followCached(
  reference: Reference,
): object | null | Promise<object | null | undefined> | undefined {
  if (!isCacheWanted()) return undefined;
  return engine === null
    ? load().then((caches) => caches.follow(reference))
    : engine.follow(reference);
}

/** Runs a statement that writes. Where a cache may hold rows of it, they are made void. */
export async function runWrite(
  session: Session,
  statement: Statement,
  options: RunOptions | undefined,
  caller: Caller,
  touches: () => readonly Touch[],
): Promise<Rows> {
  if (!isCacheWanted()) return await session.run(statement, options, caller);
  const caches = engine ?? await load();
  return await caches.write(session, statement, options, caller, touches());
}

/** The options of the statement itself. */
export function withoutCache(options: ReadOptions | undefined): RunOptions | undefined {
  // what is no object is refused where the statement is run
  if (typeof options !== "object" || options === null || !("useCache" in options)) return options;
  const { useCache: _, ...run } = options;
  return Object.keys(run).length === 0 ? undefined : run;
}
