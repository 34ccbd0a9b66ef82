import type { Connection, Rows, Statement } from "../driver/port.ts";
import { commit, mayComeRight } from "./commit.ts";
import type { Link } from "./frame.ts";
import { type Caller, TRANSACTION } from "./origin.ts";
import type { Database } from "./registry.ts";
import { nameDatabase, send, settleOutcome } from "./send.ts";

const BEGIN: Statement = { text: "begin", params: [], name: "begin", opens: true };
const ROLLBACK: Statement = { text: "rollback", params: [] };

/** Longest wait for the answer to ROLLBACK, in ms; then the connection is closed, which rolls back too. */
const ROLLBACK_MS = 5_000;

/** A statement that goes along with another one. */
export interface Rider {
  readonly statement: Statement;
  readonly caller: Caller;
}

/**
 * Runs a statement in a transaction of its own with others that are committed with it: all go out at
 * once, in one round trip. For drivers that pipeline.
 *
 * @throws {DatabaseError} as when the statement is run by itself; none of the others fails alone
 */
export async function runJoined(
  database: Database,
  { statement, caller }: Rider,
  riders: readonly Rider[],
): Promise<Rows> {
  const connection = await acquire(database);
  const link: Link = { database, connection, savepoints: 0, lost: null };
  const ask = (one: Rider): Promise<Rows> =>
    send(database.together, connection, one.statement, undefined, one.caller);
  try {
    const [began, answer, ...ends] = await Promise.allSettled([
      ask({ statement: BEGIN, caller: TRANSACTION }),
      ask({ statement, caller }),
      ...riders.map(ask),
      commit(link, { readOnly: false, careful: false, timeoutMs: undefined }),
    ]);
    const failed = [began, answer, ...ends].find((one) => one.status === "rejected");
    if (answer.status === "fulfilled" && failed === undefined) {
      const [hook] = (ends.at(-1) as PromiseFulfilledResult<(() => unknown)[]>).value;
      await hook?.();
      return answer.value;
    }
    await rollback(link);
    throw (failed as PromiseRejectedResult).reason;
  } finally {
    connection.release({ broken: link.lost !== null });
    database.wrote();
  }
}

async function acquire(database: Database): Promise<Connection> {
  try {
    return await (await database.driver()).acquire();
  } catch (error) {
    nameDatabase(error, database.name);
    throw settleOutcome(error, "rolledBack", mayComeRight(error));
  }
}

/** What failed has left the transaction open; a connection that is lost has none. */
async function rollback(link: Link): Promise<void> {
  if (link.lost !== null) return;
  const { database, connection } = link;
  try {
    const limit = { timeoutMs: ROLLBACK_MS };
    await send(database.together, connection, ROLLBACK, limit, TRANSACTION);
  } catch (error) {
    // the caller gets the error that led here; closing the connection rolls back
    link.lost ??= { error };
  }
}
