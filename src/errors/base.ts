/** What every error of the library carries beside its message. */
export interface ErrorOptions {
  /** Stable machine-readable name of the fault, snake_case; each one has a heading in docs/errors.md. */
  readonly code: string;
  /** What the reader can do about it. */
  readonly hint?: string | undefined;
  /** Names (never values) that locate the fault: database, model, field, file. */
  readonly context?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * The root of every error that the library throws.
 *
 * Messages say what was tried and what is wrong; `hint` says what to do. No message ever holds a
 * bound value, a row or a password.
 */
export class OrmError extends Error {
  /** Stable machine-readable name of the fault. */
  readonly code: string;
  /** What the reader can do about it. */
  readonly hint: string | undefined;
  /** Names (never values) that locate the fault. */
  readonly context: Readonly<Record<string, string | number | boolean | null>>;

  /** Makes an error from a message and its options. */
  constructor(message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.hint = options.hint;
    this.context = options.context ?? {};
  }

  /** The JSON form for logs and `--json` output; leaves the stack out. */
  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      hint: this.hint ?? null,
      context: this.context,
    };
  }
}

/** Bad or missing configuration: a URL, an option, a file, a database name. */
export class ConfigurationError extends OrmError {}

/** One thing that is wrong with an input. */
export interface Issue {
  /** Where it is: properties and places in lists, outermost first; empty = the input itself. */
  readonly path: readonly PropertyKey[];
  /** What is wrong. From a schema of the caller's it is that schema's text, whatever it holds. */
  readonly message: string;
}

/** What an error about an input carries. */
export interface ValidationErrorOptions extends ErrorOptions {
  /** Everything that is wrong, where more than the message is known. */
  readonly issues?: readonly Issue[] | undefined;
}

/** Input that breaks a rule that is known before any SQL is sent. */
export class ValidationError extends OrmError {
  // not printed with the error: the texts of a schema may hold values
  readonly #issues: readonly Issue[];

  /** Makes an error from a message and its options. */
  constructor(message: string, options: ValidationErrorOptions) {
    super(message, options);
    this.#issues = options.issues ?? [];
  }

  /** Everything that is wrong, each with its place; empty where the message says all. */
  get issues(): readonly Issue[] {
    return this.#issues;
  }
}

/** A field, relation or operator name that the model does not have. */
export class FieldError extends OrmError {}

/** A relation that does not exist, is of another kind, or is not loaded. */
export class RelationError extends OrmError {}

/** A query that cannot be made or did not give what was asked. */
export class QueryError extends OrmError {}

/** `get()` matched no row, or a row that must exist is gone. */
export class DoesNotExistError extends QueryError {}

/** `get()` matched more than one row. */
export class MultipleObjectsReturnedError extends QueryError {}

/** Another writer changed the row since it was read. */
export class OptimisticLockError extends QueryError {}

/** A transaction was used in a way that it does not allow. */
export class TransactionError extends OrmError {}

/** A migration's file or name, the history of migrations, or a run of them is wrong. */
export class MigrationError extends OrmError {}
