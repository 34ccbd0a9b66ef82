/** The families that the library tells apart; each is an error class. */
export type ErrorFamily =
  | "unique"
  | "foreignKey"
  | "notNull"
  | "check"
  | "exclusion"
  | "integrity"
  | "serialization"
  | "deadlock"
  | "permission"
  | "readOnly"
  | "undefinedObject"
  | "syntax"
  | "timeout"
  | "canceled"
  | "data"
  | "connection"
  | "other";

/** What the library knows of a SQLSTATE. */
export interface SqlstateRow {
  /** The error class that it becomes. */
  readonly family: ErrorFamily;
  /** The stable name of the fault. */
  readonly code: string;
  /** What the reader can do. */
  readonly hint: string | undefined;
  /** Running the same work again may succeed. */
  readonly retryable: boolean;
  /** The server has ended the session. */
  readonly fatal: boolean;
}

function row(
  family: ErrorFamily,
  code: string,
  hint?: string,
  more?: "retry" | "fatal" | "both",
): SqlstateRow {
  return {
    family,
    code,
    hint,
    retryable: more === "retry" || more === "both",
    fatal: more === "fatal" || more === "both",
  };
}

const CHECK_NAMES = "Check the spelling, the schema and whether the migrations have run";
const TRY_AGAIN = "Run the whole transaction again";
const LOGIN = "Check the user name and the password in the URL";

let made: ReadonlyMap<string, SqlstateRow> | undefined;

/** Five characters name a condition, two a whole class; the longer key wins. */
function rows(): ReadonlyMap<string, SqlstateRow> {
  return made ??= new Map<string, SqlstateRow>([
    ["08", row("connection", "connection_lost", undefined, "fatal")],
    ["08001", row("connection", "connection_refused", undefined, "both")],
    ["08004", row("connection", "connection_rejected", undefined, "fatal")],
    ["08P01", row("connection", "protocol_violation", undefined, "fatal")],
    ["21", row("data", "cardinality_violation", "Make the sub-select return one row at most")],
    ["22", row("data", "data_error", "Check that the values fit the types of their columns")],
    ["22001", row("data", "value_too_long", "Shorten the value or widen the column")],
    ["22003", row("data", "value_out_of_range", "Use a wider numeric type")],
    ["22012", row("data", "division_by_zero", "Guard the divisor with nullif()")],
    ["23", row("integrity", "integrity_violation")],
    ["23001", row("foreignKey", "foreign_key_violation", "Other rows still refer to this one")],
    ["23502", row("notNull", "not_null_violation", "Give the column a value or a default")],
    [
      "23503",
      row(
        "foreignKey",
        "foreign_key_violation",
        "The row referred to must exist, and a row that others refer to cannot go",
      ),
    ],
    [
      "23505",
      row("unique", "unique_violation", "Another row has the same key; use upsert() to replace it"),
    ],
    ["23514", row("check", "check_violation", "The row breaks a rule of its table or domain")],
    ["23P01", row("exclusion", "exclusion_violation", "The row collides with another one")],
    [
      "25006",
      row(
        "readOnly",
        "read_only_transaction",
        "Write to the primary, in a transaction that may write",
      ),
    ],
    [
      "25P02",
      row("other", "transaction_failed", "An earlier statement failed; roll back to go on"),
    ],
    ["25P03", row("timeout", "idle_in_transaction_timeout", "Keep transactions short", "fatal")],
    ["25P04", row("timeout", "transaction_timeout", "Keep transactions short", "fatal")],
    [
      "26000",
      row("other", "unknown_prepared_statement", 'Behind a pooler use poolMode: "transaction"'),
    ],
    ["28", row("connection", "login_refused", LOGIN, "fatal")],
    [
      "28000",
      row("connection", "login_refused", "Check pg_hba.conf, and sslmode in the URL", "fatal"),
    ],
    ["28P01", row("connection", "wrong_password", LOGIN, "fatal")],
    [
      "3D000",
      row(
        "connection",
        "unknown_database",
        "Create the database or correct its name in the URL",
        "fatal",
      ),
    ],
    ["3F000", row("undefinedObject", "undefined_schema", CHECK_NAMES)],
    ["40", row("serialization", "transaction_rolled_back", TRY_AGAIN, "retry")],
    ["40001", row("serialization", "serialization_failure", TRY_AGAIN, "retry")],
    ["40002", row("integrity", "integrity_violation")],
    [
      "40003",
      row("connection", "outcome_unknown", "Look whether the work was done before doing it again"),
    ],
    ["40P01", row("deadlock", "deadlock", TRY_AGAIN, "retry")],
    ["42", row("syntax", "statement_refused")],
    [
      "42501",
      row(
        "permission",
        "permission_denied",
        "Grant the role the right, or connect as another role",
      ),
    ],
    ["42601", row("syntax", "syntax_error")],
    ["42622", row("syntax", "name_too_long", "PostgreSQL names hold 63 bytes at most")],
    ["42703", row("undefinedObject", "undefined_column", CHECK_NAMES)],
    ["42704", row("undefinedObject", "undefined_object", CHECK_NAMES)],
    ["42883", row("undefinedObject", "undefined_function", CHECK_NAMES)],
    ["42P01", row("undefinedObject", "undefined_table", CHECK_NAMES)],
    ["42P02", row("undefinedObject", "undefined_parameter", "Bind a value for every placeholder")],
    ["53", row("other", "insufficient_resources")],
    [
      "53300",
      row(
        "connection",
        "too_many_connections",
        "Lower poolMax or raise the server's max_connections",
        "both",
      ),
    ],
    ["54", row("other", "limit_exceeded")],
    ["55", row("other", "wrong_state")],
    [
      "55P03",
      row("timeout", "lock_timeout", "Another transaction holds the lock; try again later"),
    ],
    ["57014", row("canceled", "statement_canceled")],
    ["57P01", row("connection", "server_shutdown", undefined, "fatal")],
    ["57P02", row("connection", "server_crashed", undefined, "fatal")],
    [
      "57P03",
      row("connection", "server_starting", "The server is not ready yet; try again", "both"),
    ],
    ["57P04", row("connection", "database_dropped", undefined, "fatal")],
    ["57P05", row("timeout", "idle_session_timeout", undefined, "fatal")],
    ["58", row("other", "system_error")],
    ["P0001", row("other", "raised_by_function")],
    ["XX", row("other", "internal_error")],
  ]);
}

/** Finds what is known of a SQLSTATE: its own row, that of its class, or a general one. */
export function lookUpSqlstate(sqlstate: string): SqlstateRow {
  return rows().get(sqlstate) ?? rows().get(sqlstate.slice(0, 2)) ??
    row("other", "database_error");
}
