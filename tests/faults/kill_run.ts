import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Audit, audit, type Done, openBank, type Orm, type Referee } from "./bank.ts";

/** The server of a run, which takes every blow. */
export interface Victim {
  /** Ends it as a crash does. */
  crash(): Promise<void>;
  /** Starts it again. */
  restart(): Promise<void>;
  /** Asks it by a link of its own; null while it is down. */
  readonly referee: Referee;
}

/** How a kill run is made. */
export interface KillRunOptions {
  /** The name of the registered database that holds a bank. */
  readonly database: string;
  readonly accounts: number;
  readonly seconds: number;
  readonly workers: number;
  /** How long the server stays down after its crash, in ms. */
  readonly downMs: number;
}

/** What a kill run gave. */
export interface KillRun extends Audit {
  readonly acknowledged: number;
  readonly attempts: number;
  /** What callers were told, as text. */
  readonly errors: readonly string[];
  /** Transfers whose caller was told that they failed and that were made. */
  readonly toldFailed: readonly number[];
  /** Callers that never came back. */
  readonly hung: number;
  readonly uncaught: readonly string[];
  readonly kills: number;
  /** From each kill to the first transfer that began after it and was acknowledged, in ms. */
  readonly afterKill: readonly number[];
  /** The same after the restart. */
  readonly afterRestart: number;
}

const KILL_ALL = "select count(pg_terminate_backend(pid)) from pg_stat_activity " +
  "where datname = current_database() and pid <> pg_backend_pid()";

/** How long callers may take to come back once nobody is killed any more, in ms. */
const LAST_WAIT = 30_000;

/** Moves money while all backends are killed each second and the server crashes once, in the middle. */
export async function killRun(orm: Orm, victim: Victim, options: KillRunOptions): Promise<KillRun> {
  const { accounts, database, seconds } = options;
  const { bank } = openBank(orm, database, { accounts, retries: 200 });
  const uncaught: string[] = [];
  const note = (error: unknown): void => void uncaught.push(String(error));
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  const done: Done[] = [];
  const failed: { readonly id: number; readonly error: unknown }[] = [];
  const kills: number[] = [];
  let crashedAt = 0;
  let restarted = 0;
  let stop = false;
  let busy = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (!stop) {
      const id = ++next;
      busy++;
      try {
        done.push(await bank.transfer(id));
      } catch (error) {
        failed.push({ id, error });
      }
      busy--;
    }
  };
  const workers = Array.from({ length: options.workers }, worker);
  const start = performance.now();
  let crashed = false;
  for (let round = 1; round < seconds; round++) {
    await sleep(Math.max(0, start + round * 1_000 - performance.now()));
    if (!crashed && round >= seconds / 2) {
      crashed = true;
      crashedAt = performance.now();
      await victim.crash();
      await sleep(options.downMs);
      await victim.restart();
      restarted = performance.now();
      continue;
    }
    await victim.referee(KILL_ALL);
    kills.push(performance.now());
  }
  await sleep(Math.max(0, start + seconds * 1_000 - performance.now()));
  stop = true;
  await Promise.race([Promise.all(workers), sleep(LAST_WAIT, undefined, { ref: false })]);
  const hung = busy;
  const found = await audit(victim.referee, new Set(done.map(({ id }) => id)), accounts);
  const told = new Set(failed.map(({ id }) => id));
  process.off("uncaughtException", note);
  process.off("unhandledRejection", note);
  const first = (from: number): number =>
    done.filter(({ began }) => began >= from).reduce(
      (least, { at }) => Math.min(least, at - from),
      Infinity,
    );
  return {
    ...found,
    acknowledged: done.length,
    attempts: bank.attempts(),
    errors: failed.map(({ error }) => String(error)),
    toldFailed: found.unasked.filter((id) => told.has(id)),
    hung,
    uncaught,
    kills: kills.length,
    // what the crash met on its way back counts as the restart's
    afterKill: kills.filter((at) => at > crashedAt || at + first(at) < crashedAt).map(first),
    afterRestart: first(restarted),
  };
}

/** The run in one line. */
export function summary(run: KillRun): string {
  const sorted = [...run.afterKill].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(0);
  return [
    `${run.acknowledged} acknowledged in ${run.attempts} attempts`,
    `${run.errors.length} errors`,
    `${run.lost.length} lost`,
    `${run.unasked.length} unasked`,
    `${run.toldFailed.length} told failed yet committed`,
    `${run.hung} hung`,
    `${run.uncaught.length} uncaught`,
    `balanced ${run.balanced}`,
    `${run.kills} kills, first ack p50 ${at(0.5)} p95 ${at(0.95)} max ${at(1)} ms`,
    `after restart ${run.afterRestart.toFixed(0)} ms`,
  ].join(", ");
}
