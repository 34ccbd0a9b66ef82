import { compile } from "../compile/compile.ts";
import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import type { Caller } from "../execute/origin.ts";
import { serverOf, type Session, type Transaction } from "../execute/session.ts";
import { transactionOn } from "../execute/transaction.ts";
import { deferred } from "../util/deferred.ts";
import { random } from "../util/host.ts";
import { callerOf, finish, placedLate, planRows, sessionOf } from "./actions.ts";
import type { Loader } from "./loader.ts";
import { checkRun } from "./run_options.ts";
import type { QueryState } from "./state.ts";
import type { StreamOptions } from "./types.ts";

/** How many rows a stream holds at a time. */
const BATCH = 500;

/**
 * Reads a query's rows through a cursor of the server, so many at a time; relations of the query are
 * loaded batch by batch.
 *
 * Outside a transaction the stream has one of its own, and with it a connection, until it ends or is
 * left; inside one it reads on that.
 */
export async function* streamRows(
  state: QueryState,
  loader: Loader,
  options: StreamOptions = {},
): AsyncGenerator<object, void, undefined> {
  checkRun("stream()", options, ["batchSize"]);
  const { batchSize = BATCH, ...run } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new ValidationError("The batch size of a stream is not a whole number from 1 up", {
      code: "invalid_batch_size",
    });
  }
  const plan = planRows(state.seek === null ? state : await placedLate(state));
  const cursor = openCursor(compile(plan.node), batchSize, run, callerOf(state, "filter.stream"));
  const session = sessionOf(state);
  const batches = session.transaction === null
    ? ownTransaction(session, cursor)
    : cursor.read(session.transaction);
  for await (const { rows, tx } of batches) {
    // on the stream's own connection: there may be no other
    yield* await finish(state, loader, plan, rows, session.transaction === null ? tx : state.using);
  }
}

/** Some rows, and the transaction that they were read in. */
interface Batch {
  readonly rows: Rows;
  readonly tx: Transaction;
}

interface Cursor {
  read(tx: Transaction): AsyncGenerator<Batch, void, undefined>;
}

function openCursor(
  statement: Statement,
  batchSize: number,
  run: RunOptions,
  caller: Caller,
): Cursor {
  // a name of its own: several streams may run in one transaction
  const name = `"matrx_${Math.floor(random() * 2 ** 48).toString(36)}"`;
  const say = (text: string): Statement => ({ text, params: [] });
  return {
    async *read(tx) {
      await tx.run(
        {
          text: `declare ${name} no scroll cursor for ${statement.text}`,
          params: statement.params,
        },
        run,
        caller,
      );
      let [done, failed] = [false, false];
      try {
        while (!done) {
          failed = true;
          const rows = await tx.run(say(`fetch ${batchSize} from ${name}`), run, caller);
          failed = false;
          done = rows.rows.length < batchSize;
          if (rows.rows.length > 0) yield { rows, tx };
        }
      } finally {
        // after a failure the transaction takes no further statement, and the cursor goes with it
        if (!failed && !tx.ended) await tx.run(say(`close ${name}`), undefined, caller);
      }
    },
  };
}

/** Reads a cursor in a transaction that lives as long as somebody reads. */
async function* ownTransaction(
  session: Session,
  cursor: Cursor,
): AsyncGenerator<Batch, void, undefined> {
  const server = await serverOf(session);
  const opened = deferred<Transaction>();
  const left = deferred<void>();
  const whole = transactionOn(server, async (tx) => {
    opened.resolve(tx);
    await left.promise;
  }, {});
  whole.catch(opened.reject);
  let failed = false;
  try {
    yield* cursor.read(await opened.promise);
  } catch (error) {
    failed = true;
    left.reject(error);
    // the reader gets the error that ended the stream; rolling back has nothing to add
    await whole.catch(() => {});
    throw error;
  } finally {
    left.resolve();
    if (!failed) await whole;
  }
}
