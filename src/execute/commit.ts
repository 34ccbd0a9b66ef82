import type { Rows, Statement } from "../driver/port.ts";
import { TransactionError } from "../errors/base.ts";
import { ConnectionError, DatabaseError } from "../errors/database.ts";
import { now, pause, random } from "../util/host.ts";
import type { Link } from "./frame.ts";
import type { CommitHook } from "./handle.ts";
import { TRANSACTION } from "./origin.ts";
import type { Database } from "./registry.ts";
import { isHookFailure, nameDatabase, send, settleOutcome } from "./send.ts";

/** How a transaction is committed. */
export interface CommitOptions {
  /** Nothing can have been written. */
  readonly readOnly: boolean;
  /** Waits for the transaction's number before COMMIT: one round trip, and no end stays unknown. */
  readonly careful: boolean;
  /** Longest wait for the answer, in ms. */
  readonly timeoutMs: number | undefined;
}

// prepared once, each by a name that is its text: they are sent for every transaction
const WRITES: Statement = named("select pg_current_xact_id_if_assigned()");
const COMMIT: Statement = named("commit");
const STATUS = "select pg_xact_status($1::xid8)";

function named(text: string): Statement {
  return { text, params: [], name: text };
}

/** How long the server is asked what became of a commit, in ms: a restart fits in. */
const RESOLVE_MS = 15_000;

/**
 * Commits, and finds out what became of a commit whose answer is lost. Gives what is left to call.
 *
 * @throws {DatabaseError} it was rolled back (`outcome` is `rolledBack`), or nobody can tell
 */
export async function commit(link: Link, options: CommitOptions): Promise<CommitHook[]> {
  const ask = (statement: Statement): Promise<Rows> =>
    send(
      link.database.together,
      link.connection,
      statement,
      { timeoutMs: options.timeoutMs },
      TRANSACTION,
    );
  const writes = options.readOnly ? undefined : settled(ask(WRITES));
  if (options.careful) {
    const early = await writes;
    if (isLost(early?.error)) {
      // COMMIT was not sent, so that the server rolls back
      link.lost ??= { error: early.error };
      throw settleOutcome(early.error, "rolledBack", mayComeRight(early.error));
    }
  }
  const [number, end] = await Promise.all([writes, settled(ask(COMMIT))]);
  if (end.error === undefined) {
    // COMMIT of a failed transaction is answered like a good one, and rolls back
    if (isRefused(number?.error)) throw rolledBack(link.database.name, number?.error);
    return [];
  }
  if (isHookFailure(end.error)) return [() => Promise.reject(end.error)];
  if (!isLost(end.error)) throw end.error;
  link.lost ??= { error: end.error };
  const neverRun = end.error.outcome === "rolledBack" || isAnswered(number?.error);
  const xid = number?.rows?.rows[0]?.[0] ?? null;
  const nothingWritten = options.readOnly || (number?.rows !== undefined && xid === null);
  if (neverRun || nothingWritten) throw settleOutcome(end.error, "rolledBack", true);
  // the dead connection's place in the pool may be the only one
  link.connection.release({ broken: true });
  const status = xid === null ? "unknown" : await resolve(link.database, xid);
  if (status === "committed") return [];
  if (status === "aborted") throw settleOutcome(end.error, "rolledBack", true);
  throw unknownOutcome(link.database.name, end.error);
}

interface Settled {
  readonly rows?: Rows;
  readonly error?: unknown;
}

async function settled(work: Promise<Rows>): Promise<Settled> {
  try {
    return { rows: await work };
  } catch (error) {
    return { error };
  }
}

/** The link broke or a time ran out, so that an answer is missing. */
function isLost(error: unknown): error is DatabaseError {
  if (!(error instanceof DatabaseError)) return false;
  return error instanceof ConnectionError || error.severity === "FATAL" ||
    error.outcome === "unknown";
}

/** The server refused the statement and lives on. */
function isRefused(error: unknown): boolean {
  return error instanceof DatabaseError && !isLost(error);
}

/** The statement before COMMIT failed for sure, and with it COMMIT: they are answered in order. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return error.outcome === "rolledBack" || !/^08|^57014$/.test(error.sqlstate);
}

/** The same transaction may succeed on another connection. */
export function mayComeRight(error: unknown): boolean {
  return error instanceof DatabaseError &&
    (error.retryable || /^(08006|57P0[123])$/.test(error.sqlstate));
}

/** Asks the server what became of a transaction, until it can tell. */
async function resolve(
  database: Database,
  xid: string,
): Promise<"committed" | "aborted" | "unknown"> {
  const until = now() + RESOLVE_MS;
  for (let wait = 10; now() < until; wait = Math.min(wait * 2, 250)) {
    try {
      const asked = { text: STATUS, params: [xid] };
      const rows = await database.query(asked, { timeoutMs: RESOLVE_MS }, TRANSACTION);
      const status = rows.rows[0]?.[0];
      if (status === "committed" || status === "aborted") return status;
      // null: too old for the server to know
      if (status !== "in progress") return "unknown";
    } catch (error) {
      if (!mayComeRight(error)) return "unknown";
    }
    await pause(wait * (0.5 + random() / 2));
  }
  return "unknown";
}

function rolledBack(database: string, cause: unknown): TransactionError {
  return new TransactionError(
    `Cannot commit: the server had given up the transaction on database "${database}"`,
    {
      code: "transaction_failed",
      hint: "Let the error of a statement end the transaction; do not catch it inside",
      context: { database },
      cause,
    },
  );
}

function unknownOutcome(database: string, cause: DatabaseError): ConnectionError {
  return nameDatabase(
    new ConnectionError({
      message: `The link to database "${database}" was lost while a transaction was committed`,
      sqlstate: "08007",
      code: "commit_outcome_unknown",
      outcome: "unknown",
      retryable: false,
      hint: "Look whether the work was done before doing it again",
      cause,
    }),
    database,
  );
}
