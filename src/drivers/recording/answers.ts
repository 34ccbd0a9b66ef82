import type { Driver, Param, ResultColumn, Statement } from "../../driver/port.ts";

/** What a statement is answered with. */
export interface Answer {
  /** The rows: values in PostgreSQL's text format, in the order of the columns; default none. */
  readonly rows?: readonly (readonly Param[])[] | undefined;
  /** The columns by name, of no known type, or with the OID of their type; the models need none. */
  readonly columns?: readonly (string | ResultColumn)[] | undefined;
  /** How many rows were written; default: how many there are in `rows`. */
  readonly affected?: number | undefined;
  /** Fails with this instead. */
  readonly error?: unknown;
}

/** Answers by the text of a statement. */
export type Answers =
  | Readonly<Record<string, Answer>>
  | ((statement: Statement) => Answer | undefined);

/** What a recording driver answers with. */
export interface RecordingOptions {
  /** The driver that runs the statements, and closes with this one; none by default. */
  readonly driver?: Driver | undefined;
  /** Answers that come before the driver's, or in its place. */
  readonly answers?: Answers | undefined;
  /**
   * What happens to a statement that nobody answers: `error`, the default, or `empty` for no rows.
   * `begin`, `commit` and the like are always answered.
   */
  readonly unanswered?: "error" | "empty" | undefined;
}
