import { checkObject, wrongArgument } from "../errors/argument.ts";
import { TransactionError, ValidationError } from "../errors/base.ts";
import { misspelt } from "../util/misspelt.ts";
import { currentFrame } from "./frame.ts";
import type { Caller } from "./origin.ts";
import { Databases } from "./registry.ts";
import { send, type Target } from "./send.ts";

/** Options of a script. */
export interface ScriptOptions {
  /** The database; default the first one registered. */
  readonly database?: string;
}

const SCRIPT: Caller = { model: null, operation: "runScript" };

/**
 * Runs a script: any number of SQL commands, separated by semicolons. It takes no values and gives no
 * rows.
 *
 * The server runs all of them or none, unless the script says `begin` and `commit` itself; what cannot
 * be run in a transaction, such as `create index concurrently`, stands in a script alone. It has a
 * connection of its own, which is not used again: settings and temporary tables go with it.
 *
 * Text of others must not be part of it: nothing is bound. Write SQL with values by `sql`.
 *
 * @throws {DatabaseError} what the server refused
 * @throws {TransactionError} it is called inside a transaction on that database
 *
 * @example
 * ```ts
 * import { runScript } from "@matrx/orm";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main" });
 * await runScript(`
 *   create table countries (code text primary key, name text not null);
 *   insert into countries values ('SE', 'Sweden'), ('NO', 'Norway');
 * `);
 * ```
 */
export async function runScript(text: string, options: ScriptOptions = {}): Promise<void> {
  if (typeof text !== "string") throw wrongArgument("runScript()", "the text of a script");
  checkObject(options, "runScript()", "an object as its options");
  const wrong = misspelt(options, ["database"]);
  if (wrong !== undefined) {
    throw new ValidationError(`runScript() has no option "${wrong.name}"`, {
      code: "unknown_option",
      hint: wrong.hint,
    });
  }
  const database = Databases.default.get(options.database ?? null);
  if (currentFrame(database)?.ended === false) throw insideTransaction(database.name);
  const connection = await (await database.driver()).acquire();
  const target: Target = {
    async query(statement) {
      await connection.script(statement.text);
      return { columns: [], rows: [], affected: 0 };
    },
  };
  try {
    await send(database.alone, target, { text, params: [] }, undefined, SCRIPT);
  } finally {
    // what the script set must not be met by who comes next
    connection.release({ broken: true });
    database.wrote();
  }
}

function insideTransaction(database: string): TransactionError {
  return new TransactionError(
    `Cannot run a script inside a transaction on database "${database}"`,
    {
      code: "script_in_transaction",
      hint: "Run it before or after, or send its commands one by one with rawSql()",
      context: { database },
    },
  );
}
