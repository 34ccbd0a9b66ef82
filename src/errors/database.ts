import { OrmError } from "./base.ts";
import { excerpt } from "./excerpt.ts";
import { Redacted, redactValues } from "./redact.ts";
import type { SqlstateRow } from "./sqlstate.ts";

/** What became of the work that an error ended: undone for sure, or not known. */
export type Outcome = "rolledBack" | "unknown";

/** The fields of an error as the server or the link reports them. */
export interface DatabaseErrorFields {
  /** What the server said; values are taken out of it. */
  readonly message: string;
  /** The five characters that name the condition. */
  readonly sqlstate: string;
  /** `ERROR`, `FATAL` or `PANIC`. */
  readonly severity?: string | undefined;
  /** Names of what it concerns. */
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  readonly dataType?: string | undefined;
  /** Where in the statement it stands, counted in characters from 1. */
  readonly position?: number | undefined;
  /** The server's own detail, which may hold values of rows. */
  readonly detail?: string | undefined;
  /** A hint in place of the general one. */
  readonly hint?: string | undefined;
  /** A code in place of the general one. */
  readonly code?: string | undefined;
  /** What became of the work; by default `rolledBack`, and `unknown` when the link is gone. */
  readonly outcome?: Outcome | undefined;
  /** Whether the same work may be tried again, in place of what the SQLSTATE says. */
  readonly retryable?: boolean | undefined;
  /** The error underneath; must hold no value. */
  readonly cause?: unknown;
}

/** The statement that failed. Its values serve to take them out of the message and are not kept. */
export interface FailedStatement {
  /** The SQL text. */
  readonly text: string;
  /** The bound values. */
  readonly params: readonly (string | null)[];
}

/** An error of the server or of the link to it. No text of it holds a bound value or a password. */
export class DatabaseError extends OrmError {
  /** The five characters by which PostgreSQL names the condition. */
  readonly sqlstate: string;
  /** `ERROR`, `FATAL` or `PANIC`. */
  readonly severity: string;
  /** The schema that it concerns. */
  readonly schema: string | undefined;
  /** The table that it concerns. */
  readonly table: string | undefined;
  /** The column that it concerns. */
  readonly column: string | undefined;
  /** The constraint that was broken. */
  readonly constraint: string | undefined;
  /** The data type that it concerns. */
  readonly dataType: string | undefined;
  /** Where in the statement it stands, counted in characters from 1. */
  readonly position: number | undefined;
  /** The same work may be tried again as it is. */
  readonly retryable: boolean;
  /** What became of the work. */
  readonly outcome: Outcome;
  /** The SQL text without its values; not enumerable, so that a printed error stays short. */
  declare readonly statement: string | undefined;
  /** The server's detail, which may hold values of rows: it prints as `[redacted]`. */
  declare readonly detail: Redacted | undefined;

  /**
   * Makes an error from its fields, and from what is known of its SQLSTATE where fields are left out.
   *
   * Use `databaseError()`, which knows that and picks the class.
   */
  constructor(fields: DatabaseErrorFields, failed?: FailedStatement, known?: SqlstateRow) {
    const text = failed?.text ?? "";
    const params = failed?.params ?? [];
    const clean = (words: string): string => redactValues(words, fields.sqlstate, text, params);
    super(clean(fields.message), {
      code: fields.code ?? known?.code ?? "database_error",
      hint: fields.hint === undefined ? known?.hint : clean(fields.hint),
      context: contextOf(fields),
      cause: fields.cause,
    });
    this.sqlstate = fields.sqlstate;
    this.severity = fields.severity ?? "ERROR";
    this.schema = fields.schema;
    this.table = fields.table;
    this.column = fields.column;
    this.constraint = fields.constraint;
    this.dataType = fields.dataType;
    this.position = fields.position;
    this.retryable = fields.retryable ?? known?.retryable ?? false;
    this.outcome = fields.outcome ??
      (this instanceof ConnectionError ? "unknown" : "rolledBack");
    const detail = fields.detail === undefined ? undefined : new Redacted(fields.detail);
    Object.defineProperty(this, "statement", { value: failed?.text, enumerable: false });
    Object.defineProperty(this, "detail", { value: detail, enumerable: false });
  }

  /** The line of the statement that the error points at, with a caret below; empty without a position. */
  excerpt(): string {
    if (this.statement === undefined || this.position === undefined) return "";
    return excerpt(this.statement, this.position);
  }

  /** The JSON form for logs: names and codes, neither the statement nor the detail. */
  override toJSON(): Record<string, unknown> {
    return {
      ...super.toJSON(),
      sqlstate: this.sqlstate,
      severity: this.severity,
      retryable: this.retryable,
      outcome: this.outcome,
    };
  }
}

function contextOf(fields: DatabaseErrorFields): Record<string, string | number> {
  const context: Record<string, string | number> = { sqlstate: fields.sqlstate };
  for (const key of ["schema", "table", "column", "constraint", "dataType", "position"] as const) {
    const value = fields[key];
    if (value !== undefined) context[key] = value;
  }
  return context;
}

/** A rule of the schema was broken (class 23). */
export class IntegrityError extends DatabaseError {}

/** Another row has the same unique key (23505). */
export class UniqueViolationError extends IntegrityError {}

/** A reference points at no row, or a row that others refer to would go (23503, 23001). */
export class ForeignKeyViolationError extends IntegrityError {}

/** A column that must have a value has none (23502). */
export class NotNullViolationError extends IntegrityError {}

/** A check of a table or domain refused the row (23514). */
export class CheckViolationError extends IntegrityError {}

/** An exclusion constraint refused the row (23P01). */
export class ExclusionViolationError extends IntegrityError {}

/** Transactions that ran side by side cannot be put in any order (40001). Retryable. */
export class SerializationError extends DatabaseError {}

/** Transactions waited for each other; the server ended this one (40P01). Retryable. */
export class DeadlockError extends DatabaseError {}

/** A write where only reads are possible: in a read-only transaction or on a replica (25006). */
export class ReadOnlyError extends DatabaseError {}

/** The role lacks a right (42501). */
export class PermissionError extends DatabaseError {}

/** A table, column, function, type or schema of that name does not exist. */
export class UndefinedObjectError extends DatabaseError {}

/** The server cannot read the statement (42601 and the rest of class 42). */
export class SqlSyntaxError extends DatabaseError {}

/** A time ran out: the statement's (57014), a lock's (55P03), an idle transaction's (25P03). */
export class TimeoutError extends DatabaseError {}

/** Somebody else cancelled the statement (57014). */
export class CanceledError extends DatabaseError {}

/** A value does not fit its type (class 22). */
export class DataError extends DatabaseError {}

/** There is no link to the server: refused, lost, timed out, or the login failed. */
export class ConnectionError extends DatabaseError {}
