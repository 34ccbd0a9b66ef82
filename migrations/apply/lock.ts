import { openDriver } from "../../src/connect.ts";
import type { Connection, Driver } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import type { Database } from "../../src/execute/registry.ts";
import { now, pause, random } from "../../src/util/host.ts";
import { type OnMigrationEvent, type SessionInfo, sessionText } from "./events.ts";
import type { Asked } from "./ledger.ts";
import { type LedgerPlace, lockHolder, type LockKey, settings, tryLock } from "./queries.ts";

/** Marks the locks of this library: "matr", and the next number for those of transactions. */
const SPACE = 0x6d617472;

/** How often the connection that holds the lock is heard from, in ms: poolers end silent ones. */
const HEARTBEAT_MS = 10_000;

/** Pauses between two questions for a lock, in ms. */
const SHORTEST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/** The lock that one run of migrations holds, so that others wait. */
export interface RunLock {
  /** A connection beside the work, to look at the server with; null where there is only one. */
  readonly beside: Asked | null;
  /**
   * Makes sure that the lock is still held.
   *
   * @throws {MigrationError} its connection was lost
   */
  check(): void;
}

/** The lock of a whole run. */
export function runKey(place: LedgerPlace): LockKey {
  return { space: SPACE, id: idOf(place) };
}

/**
 * The lock of each transaction of a run. A run whose own connection was cut may have a transaction left
 * on the server: the next run waits for the end of it.
 */
export function workKey(place: LedgerPlace): LockKey {
  return { space: SPACE + 1, id: idOf(place) };
}

/** A number from 0 to 2^31 - 1 for a ledger's place (FNV-1a). */
function idOf({ schema, table }: LedgerPlace): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${schema}\0${table}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash & 0x7fffffff;
}

/** How to wait for the lock. */
export interface LockOptions {
  /** Longest wait in ms. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of the wait. */
  readonly onEvent: OnMigrationEvent;
}

/** Who waits for the only session of a driver, by the driver. */
const queues = new WeakMap<Driver, Promise<unknown>>();

/**
 * Does some work while no other run of migrations works on the same ledger.
 *
 * The lock belongs to a transaction that stays open on a connection of its own, since a session's lock
 * would stay behind on a pooler's connection. Where the server runs in this process, runs wait for each
 * other in it.
 *
 * @throws {MigrationError} another run held it for too long
 */
export async function withRunLock<Result>(
  database: Database,
  place: LedgerPlace,
  options: LockOptions,
  work: (lock: RunLock) => Promise<Result>,
): Promise<Result> {
  const driver = await database.driver();
  if (driver.capabilities.concurrentConnections) {
    return await withConnection(driver, place, options, work);
  }
  const { url } = database.config;
  if (!/^postgres(?:ql)?:/.test(url)) return await withQueue(driver, work);
  // a pool of one connection is what the migrations themselves need
  const own = await openDriver({ ...database.config, poolMax: 1 });
  try {
    return await withConnection(own, place, options, work);
  } finally {
    await own.close();
  }
}

async function withQueue<Result>(
  driver: Driver,
  work: (lock: RunLock) => Promise<Result>,
): Promise<Result> {
  const before = queues.get(driver) ?? Promise.resolve();
  const result = before.then(() => work({ beside: null, check: () => {} }));
  queues.set(driver, result.catch(() => undefined));
  return await result;
}

async function withConnection<Result>(
  driver: Driver,
  place: LedgerPlace,
  options: LockOptions,
  work: (lock: RunLock) => Promise<Result>,
): Promise<Result> {
  const connection = await driver.acquire({ signal: options.signal });
  let broken = true;
  let timer: ReturnType<typeof setInterval> | undefined;
  try {
    await takeLock(connection, runKey(place), options);
    let lost: { readonly cause: unknown } | null = null;
    timer = setInterval(() => {
      forgetSnapshot(connection).catch((cause) => lost ??= { cause });
    }, HEARTBEAT_MS);
    const lock: RunLock = {
      beside: {
        async query(statement) {
          try {
            return await connection.query(statement);
          } finally {
            await forgetSnapshot(connection);
          }
        },
      },
      check() {
        if (lost !== null) throw lockLost(lost.cause);
      },
    };
    const result = await work(lock);
    clearInterval(timer);
    await connection.query({ text: "rollback", params: [] });
    broken = false;
    return result;
  } finally {
    clearInterval(timer);
    // closing it ends the transaction and with it the lock
    connection.release({ broken });
  }
}

/** Opens a transaction that holds the lock; between two questions none is open. */
async function takeLock(
  connection: Connection,
  key: LockKey,
  options: LockOptions,
): Promise<void> {
  const started = now();
  for (let delay = SHORTEST_PAUSE;; delay = Math.min(delay * 2, LONGEST_PAUSE)) {
    // in this isolation no snapshot is kept from one statement to the next
    await connection.query({ text: "begin isolation level read committed", params: [] });
    await connection.query(settings(PATIENT, "transaction"));
    if (await isFree(connection, key)) return await forgetSnapshot(connection);
    const holder = await holderOf(connection, key);
    await connection.query({ text: "rollback", params: [] });
    const waitedMs = now() - started;
    if (waitedMs >= options.waitMs) throw heldError(holder, waitedMs);
    options.onEvent({ kind: "waiting", holder, waitedMs });
    await pause(delay * (0.5 + random()), options.signal);
  }
}

/**
 * Lets go of what the last statement saw. Its portal keeps that until the next one, and CREATE INDEX
 * CONCURRENTLY would wait for it; a statement of the simple protocol leaves no portal behind.
 */
async function forgetSnapshot(connection: Connection): Promise<void> {
  await connection.script("select 1");
}

/** No time limit of the server or the role ends what is meant to take long. */
export const PATIENT: Readonly<Record<string, string>> = {
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  transaction_timeout: "0",
};

/** Asks for a lock of the present transaction. */
export async function isFree(on: Asked, key: LockKey): Promise<boolean> {
  return (await on.query(tryLock(key))).rows[0]?.[0] === "t";
}

/** Finds who holds a lock; null when it is free by now, or nobody may know. */
export async function holderOf(on: Asked, key: LockKey): Promise<SessionInfo | null> {
  const [row] = (await on.query(lockHolder(key))).rows;
  return row === undefined ? null : sessionOf(row);
}

/** Reads a session from process, role, program, address and seconds. */
export function sessionOf(row: readonly (string | null)[]): SessionInfo {
  const [pid, role, application, address, seconds] = row;
  return {
    pid: Number(pid),
    role: role ?? "unknown",
    application: application ?? "",
    address: address ?? null,
    seconds: Number(seconds ?? 0),
  };
}

/** The error of a lock that another session holds. */
export function heldError(holder: SessionInfo | null, waitedMs: number): MigrationError {
  const who = holder === null ? "another run" : sessionText(holder);
  return new MigrationError(
    `Cannot migrate: another run holds the lock of the migrations: ${who} ` +
      `(waited ${Math.round(waitedMs / 1000)} s)`,
    {
      code: "migration_lock_held",
      hint: "Wait for it to end, or raise the wait with --lock-wait; " +
        "pg_terminate_backend() ends a run that hangs",
      context: holder === null ? {} : { pid: holder.pid, role: holder.role },
    },
  );
}

function lockLost(cause: unknown): MigrationError {
  return new MigrationError("Stopped migrating: the connection that held the lock was lost", {
    code: "migration_lock_lost",
    hint: "Run it again: it goes on where it stopped",
    cause,
  });
}
