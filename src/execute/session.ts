import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import { checkRunOptions } from "../driver/run_options.ts";
import { ValidationError } from "../errors/base.ts";
import { currentFrame } from "./frame.ts";
import type { Session, Transaction } from "./handle.ts";
import { type Database, Databases } from "./registry.ts";

export type { Session, Transaction };

/** What overrides the place where a model's queries run: a database by name, or a transaction. */
export type Using = string | Transaction | Session;

/**
 * Chooses where the queries of a model run; null means the default database.
 *
 * `using` overrides the model's database. Without it the queries join the transaction on that
 * database that the present flow of calls is in, never one on another database.
 *
 * @throws {ConfigurationError} no database has that name, or it was closed
 */
export function sessionFor(
  database: string | null,
  using?: Using | null,
  databases: Databases = Databases.default,
): Session {
  if (typeof using === "object" && using !== null) return using;
  const found = databases.get(using ?? database);
  return currentFrame(found) ?? autocommit(found);
}

/**
 * Checks what `using()` is given: a forgotten transaction must not let a statement run outside of it.
 *
 * @throws {ValidationError} it is neither a name, a session nor a transaction
 */
export function checkUsing(target: Using): Using {
  if (typeof target === "string" || (typeof target === "object" && target !== null)) return target;
  throw new ValidationError("using() is given neither a database nor a transaction", {
    code: "invalid_using",
    hint: "Give the name of a registered database, or the transaction of the callback",
  });
}

const sessions = new WeakMap<Database, Session>();

/** The session of a database on which each statement commits by itself. */
function autocommit(database: Database): Session {
  const present = sessions.get(database);
  if (present !== undefined) return present;
  const session: Session = {
    database: database.name,
    transaction: null,
    run(statement: Statement, options?: RunOptions): Promise<Rows> {
      checkRunOptions(options);
      return database.query(statement, options);
    },
  };
  sessions.set(database, session);
  return session;
}
