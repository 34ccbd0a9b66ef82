/** Errors as the server reports them, by their SQLSTATE. Only what talks to a server loads this. */
import {
  CanceledError,
  CheckViolationError,
  ConnectionError,
  DatabaseError,
  type DatabaseErrorFields,
  DataError,
  DeadlockError,
  ExclusionViolationError,
  type FailedStatement,
  ForeignKeyViolationError,
  IntegrityError,
  NotNullViolationError,
  PermissionError,
  ReadOnlyError,
  SerializationError,
  SqlSyntaxError,
  TimeoutError,
  UndefinedObjectError,
  UniqueViolationError,
} from "./database.ts";
import { type ErrorFamily, lookUpSqlstate, type SqlstateRow } from "./sqlstate.ts";

type DatabaseErrorClass = new (
  fields: DatabaseErrorFields,
  failed?: FailedStatement,
  known?: SqlstateRow,
) => DatabaseError;

const classes: Readonly<Record<ErrorFamily, DatabaseErrorClass>> = {
  unique: UniqueViolationError,
  foreignKey: ForeignKeyViolationError,
  notNull: NotNullViolationError,
  check: CheckViolationError,
  exclusion: ExclusionViolationError,
  integrity: IntegrityError,
  serialization: SerializationError,
  deadlock: DeadlockError,
  permission: PermissionError,
  readOnly: ReadOnlyError,
  undefinedObject: UndefinedObjectError,
  syntax: SqlSyntaxError,
  timeout: TimeoutError,
  canceled: CanceledError,
  data: DataError,
  connection: ConnectionError,
  other: DatabaseError,
};

/**
 * Makes the error of the class that the SQLSTATE names.
 *
 * @example
 * ```ts
 * import { databaseError, UniqueViolationError } from "@matrx/orm";
 *
 * const error = databaseError({ sqlstate: "23505", message: "duplicate key" });
 * console.log(error instanceof UniqueViolationError, error.code);
 * ```
 */
export function databaseError(
  fields: DatabaseErrorFields,
  failed?: FailedStatement,
): DatabaseError {
  const known = lookUpSqlstate(fields.sqlstate);
  // a SQLSTATE stands for two things here, and only the message tells them apart
  if (fields.sqlstate === "57014" && fields.message.includes("statement timeout")) {
    return new TimeoutError(
      {
        code: "statement_timeout",
        hint: "Make the statement faster or raise statementTimeoutMs",
        ...fields,
      },
      failed,
      known,
    );
  }
  if (fields.sqlstate === "21000" && fields.message.includes("ON CONFLICT")) {
    const hint = "Two of the rows have one conflict key: give each key once";
    return new DataError({ ...fields, hint }, failed, known);
  }
  return new classes[known.family](fields, failed, known);
}
