import type { Fragment } from "../../src/ast/fragment.ts";

/** A value that SQL text of a migration binds to `$1` and so on. */
export type MigrationValue = unknown;

/**
 * What a migration changes the database with.
 *
 * Statements join the migration's transaction; where it has none, each call of `execute` and
 * `executeMany` is a step that is written down, and a run that was killed goes on behind the last one.
 */
export interface MigrationDb {
  /**
   * Runs SQL text, of one command or several, or an `` sql`` `` fragment; gives how many rows changed.
   *
   * Values are for a single command. A step that was finished by an earlier run gives 0.
   */
  execute(statement: string | Fragment, values?: readonly MigrationValue[]): Promise<number>;
  /** Runs one command for each list of values; gives how many rows changed. */
  executeMany(statement: string, rows: readonly (readonly MigrationValue[])[]): Promise<number>;
  /** Reads rows as plain objects. */
  fetch<Row extends object = Record<string, unknown>>(
    statement: string | Fragment,
    values?: readonly MigrationValue[],
  ): Promise<Row[]>;
  /** Reads the first row; null when there is none. */
  fetchOne<Row extends object = Record<string, unknown>>(
    statement: string | Fragment,
    values?: readonly MigrationValue[],
  ): Promise<Row | null>;
  /** Reads the first value of the first row; null when there is none. */
  fetchVal<Value = unknown>(
    statement: string | Fragment,
    values?: readonly MigrationValue[],
  ): Promise<Value | null>;
}

/** One direction of a migration. */
export type MigrationFunction = (db: MigrationDb) => Promise<void> | void;

/** What a migration's module exports. */
export interface MigrationModule {
  /** Changes the database. */
  readonly up: MigrationFunction;
  /** Takes the change back; without it the migration cannot be rolled back. */
  readonly down?: MigrationFunction | undefined;
  /** The names of the migrations that must have run; default: the one with the number before. */
  readonly dependencies?: readonly string[] | undefined;
  /** Whether all of it runs in one transaction; default true. */
  readonly transaction?: boolean | undefined;
  /** The migrations that this one stands for, after a squash. */
  readonly replaces?: readonly string[] | undefined;
}

/** A migration as it was loaded from its file or files. */
export interface Migration {
  /** The name of its files without their ending: `0001_initial`. */
  readonly name: string;
  /** The number at its start. */
  readonly number: number;
  /** Its files by their names in the folder. */
  readonly files: readonly string[];
  /** `sha256:` and the digest of its texts and names, line ends aside. */
  readonly checksum: string;
  /** The names of the migrations that must have run. */
  readonly dependencies: readonly string[];
  /** Whether all of it runs in one transaction. */
  readonly transaction: boolean;
  /** The migrations that this one stands for. */
  readonly replaces: readonly string[];
  /** Changes the database. */
  readonly up: MigrationFunction;
  /** Takes the change back; null where it cannot be. */
  readonly down: MigrationFunction | null;
}
