import { checkObject, wrongArgument } from "../errors/argument.ts";
import type { Connection } from "../driver/port.ts";
import { TransactionError } from "../errors/base.ts";
import { DatabaseError } from "../errors/database.ts";
import { now, pause, random } from "../util/host.ts";
import { abortable, deadline } from "./abort.ts";
import { commit, mayComeRight } from "./commit.ts";
import { currentFrame, Frame, type Link } from "./frame.ts";
import { misspelt } from "../util/misspelt.ts";
import type { CommitHook, IsolationLevel, Transaction, TransactionOptions } from "./handle.ts";
import { TRANSACTION } from "./origin.ts";
import { type Database, Databases } from "./registry.ts";
import { hasAmbient, inside } from "./scope.ts";
import { checkSignal, nameDatabase, send, settleOutcome } from "./send.ts";

export type { IsolationLevel, Transaction, TransactionOptions };

const ISOLATION: Readonly<Record<IsolationLevel, string>> = {
  "read committed": " isolation level read committed",
  "repeatable read": " isolation level repeatable read",
  "serializable": " isolation level serializable",
};

/** Longest wait for the answer to ROLLBACK, in ms; then the connection is closed, which rolls back too. */
const ROLLBACK_MS = 5_000;

/** How long to wait before the function is run again, in ms: the first time and at most. */
interface Pause {
  readonly first: number;
  readonly longest: number;
}

/** A conflict is over as soon as the others are, and a lost link is replaced at once. */
const SHORT: Pause = { first: 10, longest: 250 };

/** A server that is down needs longer to come back. */
const LONG: Pause = { first: 100, longest: 2_000 };

/**
 * Runs a function in a transaction: commits when it returns, rolls back when it throws.
 *
 * Where the runtime has `AsyncLocalStorage`, queries inside the function join by themselves, and a
 * call inside another one on the same database is a savepoint. Elsewhere they are passed the
 * transaction that the function is given.
 *
 * Without a time limit and a signal the function starts before the server has answered BEGIN, which
 * saves a round trip: what it sends in its first turn goes along, and none of it is run when BEGIN fails.
 *
 * @throws what the function throws, also when rolling back fails
 * @throws {TransactionError} a statement failed and the function went on, or the time ran out
 * @throws {ConnectionError} with `outcome` `unknown`: the commit's answer is lost and nobody can tell
 *
 * @example
 * ```ts
 * import { F, integer, model, transaction } from "@matrx/orm";
 * import { embedded } from "@matrx/orm/testing";
 *
 * class Account extends model("accounts", { id: integer().primaryKey(), balance: integer() }) {}
 * await using db = await embedded({ models: [Account], name: "main" });
 * await Account.bulkCreate([{ id: 1, balance: 10 }, { id: 2, balance: 0 }]);
 *
 * await transaction(async () => {
 *   await Account.filter({ id: 1 }).update({ balance: F("balance").minus(10) });
 *   await Account.filter({ id: 2 }).update({ balance: F("balance").plus(10) });
 * }, { isolation: "serializable", retries: 3 });
 * ```
 */
export async function transaction<Result>(
  fn: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
  databases: Databases = Databases.default,
): Promise<Result> {
  if (typeof fn !== "function") throw wrongArgument("transaction()", "a function");
  checkObject(options, "transaction()", "an object as its options");
  checkSignal(options.signal);
  return await transactionOn(databases.get(options.database ?? null), fn, options);
}

/** Runs a function in a transaction on a database, which may be a replica. */
export async function transactionOn<Result>(
  database: Database,
  fn: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
): Promise<Result> {
  checkOptions(database, options);
  if (fn.length === 0 && !hasAmbient()) {
    throw refused(
      database,
      "its function takes no transaction, and this runtime cannot carry one along",
      "transaction_needs_parameter",
      "Write async (tx) => { ... } and pass tx to every query with using(tx)",
    );
  }
  const outer = currentFrame(database);
  if (outer !== undefined) return await nest(outer, fn, options);
  const limit = deadline(database.name, options);
  try {
    const { result, hooks } = await repeat(database, fn, options, limit.signal);
    await callHooks(database, hooks);
    return result;
  } finally {
    limit.clear();
  }
}

interface Done<Result> {
  readonly result: Result;
  readonly hooks: readonly CommitHook[];
}

function nest<Result>(
  outer: Frame,
  fn: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
): Promise<Result> {
  const own = (["isolation", "readOnly", "deferrable"] as const).filter((key) =>
    options[key] !== undefined
  );
  if (own.length === 0) return outer.savepoint(fn, options);
  throw refused(
    outer.owner,
    `a nested transaction cannot choose ${own.join(", ")}`,
    "option_of_outermost_transaction",
    "Give the option to the outermost transaction",
  );
}

async function repeat<Result>(
  database: Database,
  fn: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
  signal: AbortSignal | undefined,
): Promise<Done<Result>> {
  const retries = options.retries ?? 0;
  for (let attempt = 0;; attempt++) {
    const tried = await attemptOnce(database, fn, options, signal);
    if ("done" in tried) return tried.done;
    if (attempt >= retries || !tried.again || signal?.aborted) throw tried.error;
    const longest = Math.min(tried.pause.longest, tried.pause.first * 2 ** attempt);
    await pause(random() * longest, signal);
  }
}

type Attempt<Result> =
  | { readonly done: Done<Result> }
  | { readonly error: unknown; readonly again: boolean; readonly pause: Pause };

async function attemptOnce<Result>(
  database: Database,
  fn: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
  signal: AbortSignal | undefined,
): Promise<Attempt<Result>> {
  let frame: Frame | undefined;
  try {
    const { connection, pipelining } = await acquire(database, signal);
    const link: Link = { database, connection, savepoints: 0, lost: null };
    frame = new Frame(link, null, signal);
    try {
      // what can be given up runs alone, so that nothing goes along with it
      const along = pipelining && signal === undefined;
      return { done: await runOn(link, frame, fn, options, signal, along) };
    } finally {
      frame.end();
      connection.release({ broken: link.lost !== null });
      if (options.readOnly !== true) database.wrote();
    }
  } catch (error) {
    frame?.rolledBack();
    const causes = [frame?.failure?.error, error].filter((cause) => cause instanceof DatabaseError);
    const again = causes.some((cause) => cause.retryable && cause.outcome === "rolledBack");
    const down = causes.some((cause) => /^(08001|57P03)$/.test(cause.sqlstate));
    return { error, again, pause: down ? LONG : SHORT };
  }
}

async function acquire(
  database: Database,
  signal: AbortSignal | undefined,
): Promise<{ readonly connection: Connection; readonly pipelining: boolean }> {
  signal?.throwIfAborted();
  try {
    const driver = await database.driver();
    const connection = await driver.acquire({ signal });
    return { connection, pipelining: driver.capabilities.pipelining };
  } catch (error) {
    nameDatabase(error, database.name);
    throw settleOutcome(error, "rolledBack", mayComeRight(error));
  }
}

/**
 * Opens the transaction, runs the function in it and commits.
 *
 * With `along` the function starts before the answer to BEGIN is there: what it sends in the same turn
 * goes along, and the driver sees to it that none of it is run when BEGIN fails.
 */
async function runOn<Result>(
  link: Link,
  frame: Frame,
  fn: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
  signal: AbortSignal | undefined,
  along: boolean,
): Promise<Done<Result>> {
  const started = now();
  const opening = open(link, frame, options, signal);
  let result: Result;
  try {
    if (!along) await opening;
    const work = abortable(inside(frame, async () => await fn(frame)), signal);
    [result] = await Promise.all([work, opening]);
    await abortable(frame.settle(), signal);
  } catch (error) {
    // all else that fails then fails because of it
    await opening;
    await rollback(link, frame);
    throw error;
  }
  frame.end();
  const left = options.timeoutMs === undefined ? undefined : options.timeoutMs - (now() - started);
  let late: readonly CommitHook[];
  try {
    frame.sendLast();
    late = await commit(link, {
      readOnly: options.readOnly === true,
      careful: (options.retries ?? 0) > 0,
      // at the end of the time the answer still matters more than the limit
      timeoutMs: left === undefined ? undefined : Math.max(1_000, Math.ceil(left)),
    });
  } catch (error) {
    const unknown = error instanceof DatabaseError && error.outcome === "unknown";
    if (unknown) await frame.tellEnd(false);
    throw error;
  }
  await frame.tellEnd(true);
  return { result, hooks: [...late, ...frame.hooks] };
}

async function open(
  link: Link,
  frame: Frame,
  options: TransactionOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await frame.begin(beginText(options), { signal });
  } catch (error) {
    // whether a transaction is open is not known now
    link.lost ??= { error };
    throw error;
  }
}

function beginText(options: TransactionOptions): string {
  const isolation = options.isolation === undefined ? "" : ISOLATION[options.isolation];
  const mode = options.readOnly === undefined
    ? ""
    : options.readOnly
    ? " read only"
    : " read write";
  const wait = options.deferrable === undefined
    ? ""
    : options.deferrable
    ? " deferrable"
    : " not deferrable";
  return `begin${isolation}${mode}${wait}`;
}

async function rollback(link: Link, frame: Frame): Promise<void> {
  frame.end();
  if (link.lost !== null) return;
  const statement = { text: "rollback", params: [] };
  try {
    const limit = { timeoutMs: ROLLBACK_MS };
    await send(link.database.together, link.connection, statement, limit, TRANSACTION);
  } catch (error) {
    // the caller gets the error that led here; closing the connection rolls back
    link.lost ??= { error };
  }
}

async function callHooks(database: Database, hooks: readonly CommitHook[]): Promise<void> {
  const errors: unknown[] = [];
  for (const hook of hooks) {
    try {
      await hook();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  throw new TransactionError(
    `The transaction on database "${database.name}" is committed, but ${errors.length} of ` +
      `${hooks.length} afterCommit functions threw`,
    {
      code: "after_commit_failed",
      hint: "Do not run the transaction again; make afterCommit functions catch their own errors",
      context: { database: database.name },
      cause: errors.length === 1 ? errors[0] : new AggregateError(errors),
    },
  );
}

const OPTIONS: readonly string[] = Object.keys(
  {
    ...{ database: true, isolation: true, readOnly: true, deferrable: true, retries: true },
    ...{ signal: true, timeoutMs: true },
  } satisfies Record<keyof TransactionOptions, true>,
);

function checkOptions(database: Database, options: TransactionOptions): void {
  const { isolation, retries } = options;
  const bad = (wrong: string): TransactionError => refused(database, wrong, "invalid_option");
  const wrong = misspelt(options, OPTIONS);
  if (wrong !== undefined) {
    throw refused(database, `it has no option "${wrong.name}"`, "unknown_option", wrong.hint);
  }
  // the level becomes SQL text, so only the known words may pass
  if (isolation !== undefined && !Object.hasOwn(ISOLATION, isolation)) {
    throw bad(`isolation must be one of ${Object.keys(ISOLATION).join(", ")}`);
  }
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0)) {
    throw bad("retries must be a whole number from 0");
  }
}

function refused(
  database: Database,
  wrong: string,
  code: string,
  hint?: string,
): TransactionError {
  return new TransactionError(
    `Cannot start a transaction on database "${database.name}": ${wrong}`,
    { code, hint, context: { database: database.name } },
  );
}
