/** Migrations that run in a shadow, to know what they lead to. */
import { MigrationError } from "../../src/errors/base.ts";
import type { Connection, Statement } from "../../src/driver/port.ts";
import { messageOf } from "../../src/util/reason.ts";
import { handleOf } from "../apply/handle.ts";
import type { Migration } from "../file/db.ts";
import type { Shadow } from "../shadow/shadow.ts";

/** Where models of a migration run, so that they never reach the database that they name. */
export type Guard = (work: () => Promise<void>) => Promise<void>;

/**
 * Runs migrations up in a shadow, each statement by itself. There are no rows in it.
 *
 * @throws {MigrationError} one of them fails there, as those do that depend on rows or write through
 * models
 */
export async function rehearse(
  shadow: Shadow,
  migrations: readonly Migration[],
  guard: Guard,
): Promise<void> {
  if (migrations.length === 0) return;
  const connection = await shadow.driver.acquire();
  try {
    for (const migration of migrations) await rehearseOne(connection, migration, guard);
  } finally {
    connection.release();
  }
}

async function rehearseOne(
  connection: Connection,
  { name, up }: Migration,
  guard: Guard,
): Promise<void> {
  try {
    await guard(async () =>
      await up(handleOf({
        async change(statements: readonly Statement[]) {
          let affected = 0;
          for (const one of statements) affected += (await connection.query(one)).affected;
          return affected;
        },
        read: (statement) => connection.query(statement),
      }))
    );
  } catch (cause) {
    throw new MigrationError(
      `Cannot tell what ${name} leads to: ${messageOf(cause)}`,
      {
        code: "migration_not_rehearsed",
        hint: "It was tried in an empty copy of the structure. Run matrx migrate first, and " +
          "make the next migration from the database that it leads to",
        context: { migration: name },
        cause,
      },
    );
  }
}
