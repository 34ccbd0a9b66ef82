/** What an expression, as the server prints it, does to a statement that evaluates it for every row. */

import { tokensOf } from "../../src/catalog/sql_tokens.ts";

/** Functions of the system that give another value for each row. */
const VOLATILE: ReadonlySet<string> = new Set([
  ...["nextval", "currval", "lastval", "setval", "random", "random_normal", "gen_random_uuid"],
  ...["uuidv4", "uuidv7", "clock_timestamp", "timeofday", "setseed", "pg_sleep", "txid_current"],
  ...["pg_current_xact_id", "pg_backend_pid"],
]);

/**
 * Whether an expression may give another value for each row, so that adding it as a default writes
 * every row. A function that the project does not know counts as one that may.
 */
export function isVolatile(expression: string): boolean {
  const tokens = tokensOf(expression);
  return tokens.some((token, at) => {
    if (tokens[at + 1] !== "(" || !/^["A-Za-z_]/.test(token)) return false;
    return tokens[at - 1] === "." || VOLATILE.has(token);
  });
}
