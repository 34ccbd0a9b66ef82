/** What `makemigrations()` takes and gives. */
import type { Driver } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { Databases } from "../../src/execute/registry.ts";
import { transactionOn } from "../../src/execute/transaction.ts";
import { checkOptions as checkNames } from "../../src/schema/known_options.ts";
import type { RenameHint } from "../diff/hints.ts";
import { checkWords } from "../file/name.ts";
import type { MigrationFormat } from "../file/text.ts";
import type { DeclarationSources, DeclaredFor } from "./declaration.ts";
import type { LikelyRename } from "./likely.ts";
import type { PlannedLoss } from "./losses.ts";
import type { ChangeSummary } from "./notes.ts";
import type { Guard } from "./rehearse.ts";
import type { ScopeOptions } from "./scope.ts";

/** How a migration is made. */
export interface MakeMigrationsOptions extends ScopeOptions, DeclarationSources {
  /** The registered database that the code is compared with; default: the first one. */
  readonly database?: string | undefined;
  /** An open driver, in place of a registered database. */
  readonly driver?: Driver | undefined;
  /** The folder of the migrations; default `migrations`. */
  readonly folder?: string | undefined;
  /** The schema of the ledger `_matrx_migrations`; default `public`. */
  readonly ledgerSchema?: string | undefined;
  /** What the migration is called behind its number; default: what it does, as `add_note_to_orders`. */
  readonly name?: string | undefined;
  /** A module, the default, or SQL files. */
  readonly format?: MigrationFormat | undefined;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
  /** What has a new name: hints, or texts such as `orders.mail:email`. */
  readonly renames?: readonly (string | RenameHint)[] | undefined;
  /** Consents to the loss of data: all of it, or that of the named objects. Default false. */
  readonly allowLoss?: boolean | readonly string[] | undefined;
  /**
   * Takes the plain forms of statements, in one transaction where PostgreSQL allows it, in place of those
   * that let others go on working: indexes CONCURRENTLY, constraints NOT VALID first. Default false.
   */
  readonly plain?: boolean | undefined;
  /**
   * Refuses to go on where the database, or the SQL objects that are declared, have what the catalog
   * does not describe and no migration can make; default false: what is declared is warned of.
   */
  readonly strict?: boolean | undefined;
  /** Starts from the snapshot beside the migrations, without a database; default false. */
  readonly offline?: boolean | undefined;
  /** Where both sides are built: `embedded`, the default, `server`, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
  /** Decides whether something that goes and something that comes are one with a new name. */
  readonly onRename?: ((likely: LikelyRename) => Promise<boolean> | boolean) | undefined;
  /** Decides whether data may be lost that `allowLoss` does not name. */
  readonly onLoss?: ((loss: PlannedLoss) => Promise<boolean> | boolean) | undefined;
  /** Hears in a line what is done, and why the shadow is elsewhere. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** The names of the options. */
const OPTION_NAMES: readonly string[] = Object.keys(
  {
    ...{ database: true, driver: true, folder: true, ledgerSchema: true, name: true },
    ...{ format: true, importFrom: true, renames: true, allowLoss: true, plain: true },
    ...{ offline: true, shadow: true, dryRun: true, onRename: true, onLoss: true },
    ...{ onNotice: true, models: true, objects: true, schemas: true, includeTables: true },
    ...{ excludeTables: true, dropUnmanaged: true, from: true, strict: true },
  } satisfies Record<keyof MakeMigrationsOptions, true>,
);

/** A statement of a migration that was made. */
export interface MadeStep {
  /** The statement. */
  readonly sql: string;
  /** Its strongest lock on a table that was there before; null = none. */
  readonly lock: { readonly mode: string; readonly relation: string } | null;
  /** Whether it writes every row of a table anew. */
  readonly rewrites: boolean;
  /** Whether it reads every row of a table. */
  readonly scans: boolean;
  /** What it destroys, in words; null = nothing. */
  readonly destroys: string | null;
  /** All of it in words, a line each, as the file has it. */
  readonly notes: readonly string[];
}

/** What `makemigrations()` made. */
export interface MakeMigrationsResult {
  /** The migration's name; null = nothing has changed. */
  readonly name: string | null;
  /** The paths of its files; of a dry run, those that would be written. */
  readonly files: readonly string[];
  /** Whether nothing was written. */
  readonly dryRun: boolean;
  /** The migrations that it builds on. */
  readonly dependencies: readonly string[];
  /** Whether all of it runs in one transaction. */
  readonly transaction: boolean;
  /** What has changed. */
  readonly changes: readonly ChangeSummary[];
  /** What changes the database. */
  readonly up: readonly MadeStep[];
  /** What takes the change back. */
  readonly down: readonly MadeStep[];
  /** The data that it destroys, all of it consented to. */
  readonly losses: readonly PlannedLoss[];
  /** What the managed schemas have, nothing declares, and stays. */
  readonly unmanaged: readonly string[];
  /** What a user should know. */
  readonly warnings: readonly string[];
  /** What the proof ran on. */
  readonly shadow: "embedded" | "server";
}

/** Where the code is compared: a database, or none. */
export interface Site {
  /** Null = none. */
  readonly driver: Driver | null;
  /** The URL of the database, for a shadow on its server. */
  readonly target: string | undefined;
  /** Whose models are meant; undefined = all. */
  readonly of: DeclaredFor | undefined;
  /** Keeps models of migrations that are tried from the database. */
  readonly guard: Guard | undefined;
}

/**
 * Finds the database that is compared with.
 *
 * @throws {ConfigurationError} no such database is registered
 */
export async function siteOf(options: MakeMigrationsOptions): Promise<Site> {
  const databases = Databases.default;
  if (options.offline === true) {
    const names = databases.names();
    const database = options.database ?? names[0];
    const of = database === undefined
      ? undefined
      : { database, isDefault: names.length === 0 || names[0] === database };
    return { driver: null, target: undefined, of, guard: undefined };
  }
  if (options.driver !== undefined) {
    return { driver: options.driver, target: undefined, of: undefined, guard: undefined };
  }
  const database = databases.get(options.database ?? null);
  return {
    driver: await database.driver(),
    target: database.config.url === "" ? undefined : database.config.url,
    of: { database: database.name, isDefault: databases.names()[0] === database.name },
    // models of a migration that is tried must not write where they belong
    guard: async (work) => await transactionOn(database, work, { readOnly: true }),
  };
}

/**
 * Refuses options that there are not, and those that contradict each other.
 *
 * @throws {ValidationError} an option is unknown
 * @throws {MigrationError} the name cannot be used, or two options contradict each other
 */
export function checkOptions(options: MakeMigrationsOptions): void {
  checkNames("makemigrations()", options, OPTION_NAMES);
  if (options.name !== undefined) checkWords(options.name);
  if (options.offline === true && options.driver !== undefined) {
    throw new MigrationError("Cannot compare with a database and without one at once", {
      code: "conflicting_options",
      hint: "Give driver or offline",
    });
  }
}
