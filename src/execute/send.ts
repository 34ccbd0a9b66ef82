import { checkObject, wrongArgument } from "../errors/argument.ts";
import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import { DatabaseError, type Outcome } from "../errors/database.ts";
import { ConfigurationError, OrmError } from "../errors/base.ts";
import { now } from "../util/host.ts";
import type { ResolvedConfig } from "./database_config.ts";
import { type Caller, originOf, OWN_STATEMENT } from "./origin.ts";

/** What takes a statement: a pool or a connection. */
export interface Target {
  /** Runs one statement. */
  query(statement: Statement, options?: RunOptions): Promise<Rows>;
}

/** Who sends: the database's settings, and whether in a transaction. */
export interface Sender {
  /** The settings of the server that it goes to. */
  readonly config: ResolvedConfig;
  /** Whether the statement is part of a transaction. */
  readonly transaction: boolean;
}

/** Runs a statement, tells the `onQuery` hook, and writes the database's name into an error. */
export async function send(
  sender: Sender,
  target: Target,
  statement: Statement,
  options: RunOptions | undefined,
  caller: Caller = OWN_STATEMENT,
): Promise<Rows> {
  if (options !== undefined) checkRun(options);
  const { config } = sender;
  const started = config.onQuery === undefined ? 0 : now();
  let rows: Rows;
  try {
    rows = await target.query(statement, options);
  } catch (error) {
    try {
      tell(sender, caller, statement, started, { rows: 0, error });
    } catch {
      // the statement's own error matters more than the hook's
    }
    throw tellCaller(nameDatabase(error, config.name));
  }
  tell(sender, caller, statement, started, { rows: rows.affected });
  return rows;
}

function checkRun(options: RunOptions): void {
  const { signal, timeoutMs } = checkObject(options, "A call", "an object as its options");
  checkSignal(signal);
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) {
    throw wrongArgument("timeoutMs", "a number of milliseconds");
  }
}

/**
 * Checks a signal.
 *
 * @throws {ValidationError} it is none
 */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || typeof signal?.throwIfAborted === "function") return;
  throw wrongArgument("signal", "an AbortSignal");
}

/** An error comes from the link's own flow: its stack is made to lead to the code that asked. */
function tellCaller<Thrown>(error: Thrown): Thrown {
  const { captureStackTrace } = Error as { captureStackTrace?: (target: object) => void };
  if (error instanceof DatabaseError) captureStackTrace?.(error);
  return error;
}

function tell(
  { config, transaction }: Sender,
  caller: Caller,
  statement: Statement,
  started: number,
  end: { readonly rows: number; readonly error?: unknown },
): void {
  if (config.onQuery === undefined) return;
  const durationMs = now() - started;
  try {
    config.onQuery({
      database: config.registeredAs,
      text: statement.text,
      durationMs,
      origin: originOf(caller, transaction, config.server),
      ...end,
    });
  } catch (cause) {
    throw new ConfigurationError(`The onQuery hook of database "${config.registeredAs}" threw`, {
      code: "query_hook_failed",
      hint: "The statement itself was run; make the hook catch its own errors",
      context: { database: config.registeredAs },
      cause,
    });
  }
}

/** The statement went well, and only the `onQuery` hook threw. */
export function isHookFailure(error: unknown): boolean {
  return error instanceof ConfigurationError && error.code === "query_hook_failed";
}

/** Writes the database's name into the context of an error of the library; gives the error back. */
export function nameDatabase<Thrown>(error: Thrown, database: string): Thrown {
  if (error instanceof OrmError && error.context["database"] === undefined) {
    set(error, "context", { ...error.context, database });
  }
  return error;
}

/** Writes down what became of the work of an error, once that is known; gives the error back. */
export function settleOutcome<Thrown>(error: Thrown, outcome: Outcome, retryable: boolean): Thrown {
  if (error instanceof DatabaseError) {
    set(error, "outcome", outcome);
    set(error, "retryable", retryable);
  }
  return error;
}

function set(error: OrmError, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
