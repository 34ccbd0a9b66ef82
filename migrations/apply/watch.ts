import type { OnMigrationEvent } from "./events.ts";
import { blockersOf, buildOf, workerOf } from "./catalog_queries.ts";
import type { Asked } from "./ledger.ts";
import { sessionOf } from "./lock.ts";
import { STEP_MARK } from "./outside.ts";
import { applicationOf } from "./work.ts";

/** How often a migration at work is looked at, in ms. */
const LOOK_MS = 1_000;

/** A statement that takes no longer than this is not told of, in seconds. */
const SHORT = 0.5;

/**
 * Looks from another connection at what a migration does while it works: how far an index build is, and
 * whom it waits for. Without such a connection nothing is told.
 */
export async function watched<Result>(
  on: Asked | null,
  migration: string,
  onEvent: OnMigrationEvent,
  work: () => Promise<Result>,
): Promise<Result> {
  if (on === null) return await work();
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    // what cannot be seen now may be seen the next time, and the work goes on without it
    looking ??= look(on, migration, onEvent).catch(() => {}).finally(() => looking = null);
  }, LOOK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await looking;
  }
}

async function look(on: Asked, migration: string, onEvent: OnMigrationEvent): Promise<void> {
  const { rows } = await on.query(workerOf(applicationOf(migration), STEP_MARK));
  const [pid, time] = rows[0] ?? [];
  const seconds = Number(time);
  if (pid === undefined || seconds < SHORT) return;
  const blockers = (await on.query(blockersOf(Number(pid)))).rows.map(sessionOf);
  if (blockers.length > 0) return onEvent({ kind: "blocked", migration, by: blockers, seconds });
  const [phase = null, done, total] = (await on.query(buildOf(Number(pid)))).rows[0] ?? [];
  const figures = { done: Number(done ?? 0), total: Number(total ?? 0) };
  onEvent({ kind: "working", migration, seconds, phase, ...figures });
}
