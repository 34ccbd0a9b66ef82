/**
 * What tests of programs need: transactions that are rolled back, an embedded database, rows that are
 * valid, statements that are written down.
 *
 * @module
 */
import type { Transaction, TransactionOptions } from "../execute/handle.ts";
import { transaction } from "../execute/transaction.ts";
import { wrongArgument } from "../errors/argument.ts";

export { recording } from "../drivers/recording.ts";
export type { Answer, Answers, RecordingOptions } from "../drivers/recording/answers.ts";
export type { RecordedStatement, Recording } from "../drivers/recording/driver.ts";
export { embedded, type EmbeddedDatabase, type EmbeddedOptions } from "./embedded.ts";
export {
  Factory,
  factory,
  type FactoryModel,
  type FactoryOptions,
  type FactoryPlace,
  type FactoryValues,
} from "./factory.ts";

/** Options of `rollback()`: those of a transaction, but that nothing is run twice. */
export type RollbackOptions = Omit<TransactionOptions, "retries">;

/**
 * Runs a function in a transaction that is rolled back at its end, whatever happens, and gives what the
 * function gives.
 *
 * Tests that run side by side do not see each other's rows; each takes a connection of the pool. A
 * `transaction()` inside is a savepoint. Functions given to `afterCommit()` are never called, since
 * nothing is committed, and constraints that are deferred are never checked. Rows that were made inside
 * are new again afterwards.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { rollback } from "@matrx/orm/testing";
 *
 * class Tag extends model("tags", { id: integer().primaryKey(), label: text() }) {}
 *
 * async function test(): Promise<void> {
 *   await rollback(async () => {
 *     await Tag.create({ id: 1, label: "urgent" });
 *     console.log(await Tag.count()); // 1, and 0 for everybody else
 *   });
 * }
 * ```
 *
 * @throws what the function throws
 */
export async function rollback<Result>(
  fn: (tx: Transaction) => Promise<Result>,
  options: RollbackOptions = {},
): Promise<Result> {
  if (typeof fn !== "function") throw wrongArgument("rollback()", "a function");
  const done: { result?: Result } = {};
  const run = async (tx: Transaction): Promise<never> => {
    done.result = await fn(tx);
    throw done;
  };
  // without parameters it is refused where the runtime cannot carry the transaction along
  const body = fn.length === 0 ? async (...[tx]: [Transaction?]) => await run(tx!) : run;
  try {
    return await transaction<never>(body, options);
  } catch (error) {
    if (error !== done) throw error;
    return done.result as Result;
  }
}
