import type { DatabaseError, FailedStatement } from "../../errors/database.ts";
import { databaseError } from "../../errors/server.ts";
import { lost, type Target } from "../shared/link_errors.ts";
import { fieldsOf, isServerError } from "../shared/server_error.ts";

/** What pg says of a statement that it never sent. */
const NEVER_SENT = /not queryable|after calling end on the pool/;

/** The server ended an idle or long transaction: that is what the caller must hear, not of a lost link. */
const TRANSACTION_ENDED = new Set(["25P03", "25P04"]);

/** Turns what pg threw for a statement into an error of the library; `end` is why its link ended before. */
export function queryError(
  error: unknown,
  target: Target,
  failed: FailedStatement,
  end?: unknown,
): DatabaseError {
  if (isServerError(error)) return databaseError(fieldsOf(error), failed);
  const message = error instanceof Error ? error.message : String(error);
  const sent = !NEVER_SENT.test(message);
  if (!sent && isServerError(end) && TRANSACTION_ENDED.has(end.code ?? "")) {
    return databaseError({ ...fieldsOf(end), outcome: "rolledBack" }, failed);
  }
  return lost(target, failed, sent, error);
}
