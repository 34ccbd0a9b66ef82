import type { Fragment } from "../../src/ast/fragment.ts";
import type { Rows, Statement } from "../../src/driver/port.ts";
import type { MigrationDb, MigrationValue } from "../file/db.ts";
import { objectsOf, readOf, statementsOf } from "./statements.ts";

/** How the statements of a migration are run. */
export interface StatementRunner {
  /** Runs the commands of one call in order; gives how many rows changed. */
  change(statements: readonly Statement[]): Promise<number>;
  /** Runs a command that reads. */
  read(statement: Statement): Promise<Rows>;
}

/** Makes the handle that a migration is given. */
export function handleOf(runner: StatementRunner): MigrationDb {
  const fetch = async <Row extends object>(
    statement: string | Fragment,
    values?: readonly MigrationValue[],
  ): Promise<Row[]> => objectsOf(await runner.read(readOf(statement, values))) as Row[];
  return {
    execute: async (statement, values) => await runner.change(statementsOf(statement, values)),
    executeMany: async (statement, rows) =>
      await runner.change(rows.flatMap((values) => statementsOf(statement, values))),
    fetch,
    async fetchOne<Row extends object>(
      statement: string | Fragment,
      values?: readonly MigrationValue[],
    ) {
      return (await fetch<Row>(statement, values))[0] ?? null;
    },
    async fetchVal<Value>(statement: string | Fragment, values?: readonly MigrationValue[]) {
      const [row] = await fetch(statement, values);
      const [value] = row === undefined ? [] : Object.values(row);
      return (value ?? null) as Value | null;
    },
  };
}

/** How many commands are under way at once: enough to save round trips, few enough to hold in memory. */
const AT_ONCE = 64;

/** Runs commands in order on one transaction; each one that fails ends it. */
export function inTransaction(run: (statement: Statement) => Promise<Rows>): StatementRunner {
  return {
    async change(statements) {
      let affected = 0;
      for (let at = 0; at < statements.length; at += AT_ONCE) {
        const answers = statements.slice(at, at + AT_ONCE).map(run);
        // waits for all: the first that failed is the one to tell of
        for (const end of await Promise.allSettled(answers)) {
          if (end.status === "rejected") throw end.reason;
          affected += end.value.affected;
        }
      }
      return affected;
    },
    read: run,
  };
}
