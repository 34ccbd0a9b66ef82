import { shownName } from "../errors/argument.ts";
import type { Driver, DriverOptions, Rows, RunOptions, Statement } from "../driver/port.ts";
import { ConfigurationError } from "../errors/base.ts";
import { wantCache } from "../cache/wanted.ts";
import { meant } from "../util/nearest.ts";
import { resolveConfig, sameConfig } from "./config.ts";
import type { DatabaseConfig, ResolvedConfig } from "./database_config.ts";
import { outside } from "./scope.ts";
import type { Caller } from "./origin.ts";
import { nameDatabase, send, type Sender } from "./send.ts";

/** Opens the driver of a database; called on its first use. */
export type OpenDriver = (options: DriverOptions) => Promise<Driver>;

/** A registered database. Its driver opens on first use, once. */
export class Database {
  /** The checked configuration. */
  readonly config: ResolvedConfig;
  /** Its replicas; null when none are declared. */
  readonly replicas: readonly Database[] | null;
  /** How a statement by itself is sent. */
  readonly alone: Sender;
  /** How a statement of a transaction is sent. */
  readonly together: Sender;
  readonly #open: OpenDriver;
  #writes = 0;
  #opening: Promise<Driver> | undefined;
  #driver: Driver | undefined;
  #closing: Promise<void> | undefined;
  readonly #ends: (() => void | Promise<void>)[] = [];

  /** Pairs a configuration with what opens it; use `Databases.register`. */
  constructor(config: ResolvedConfig, open: OpenDriver) {
    this.config = config;
    this.alone = { config, transaction: false };
    this.together = { config, transaction: true };
    this.replicas = config.replicas?.map((one) => new Database(one, open)) ?? null;
    this.#open = open;
    this.#driver = config.driver;
  }

  /** The name in the registry. */
  get name(): string {
    return this.config.name;
  }

  /** How often something may have been written through this object. */
  get writes(): number {
    return this.#writes;
  }

  /** Notes that something may have been written. */
  wrote(): void {
    this.#writes++;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Gives the driver, opening it if need be. A failure is not remembered: the next call tries again.
   *
   * @throws {ConfigurationError} the database was closed
   */
  async driver(): Promise<Driver> {
    if (this.closed) throw closedError(this.name);
    if (this.#driver !== undefined) return this.#driver;
    // outside any transaction: a pool lives longer than the flow that happens to open it
    this.#opening ??= outside(async () => await this.#open(this.config));
    const opening = this.#opening;
    try {
      const driver = await opening;
      if (this.closed) throw closedError(this.name);
      return this.#driver = driver;
    } catch (error) {
      if (this.#opening === opening && !this.closed) this.#opening = undefined;
      throw nameDatabase(error, this.name);
    }
  }

  /** Runs one statement by itself, outside any transaction. */
  async query(statement: Statement, options?: RunOptions, caller?: Caller): Promise<Rows> {
    const driver = this.closed ? undefined : this.#driver;
    return await send(this.alone, driver ?? await this.driver(), statement, options, caller);
  }

  /**
   * Gives a driver to listen with: one of its own that the caller closes, beside the pool; null where
   * the database has one session for all or was given as a driver, which listens itself then.
   *
   * @throws {ConfigurationError} its module cannot be loaded, or the URL cannot be used
   */
  async openListener(): Promise<Driver | null> {
    const { listenUrl, url } = this.config;
    const own = listenUrl ?? url;
    if (!/^postgres/i.test(own)) return null;
    // it is held for good, which is no leak
    const changes = { url: own, poolMode: "session", poolMax: 1, onLeak: undefined } as const;
    return await this.#open({ ...this.config, ...changes });
  }

  /** Has something else be ended first when it is closed. */
  beforeClose(end: () => void | Promise<void>): void {
    this.#ends.push(end);
  }

  /** Closes the driver and the replicas, waiting for statements under way. A second call waits for the first. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    for (const end of this.#ends) await end();
    // one whose opening failed has nothing to close, and told its own caller
    const driver = this.#driver ?? await this.#opening?.catch(() => undefined);
    await closeEach([...driver === undefined ? [] : [driver], ...this.replicas ?? []]);
  }
}

/** Closes all, also when one fails; then throws what failed. */
async function closeEach(all: readonly { close(): Promise<void> }[]): Promise<void> {
  const ends = await Promise.allSettled(all.map((one) => one.close()));
  const errors = ends.flatMap((end) => end.status === "rejected" ? [end.reason] : []);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, "Several databases failed to close");
}

/** The servers of a database by what they do. */
export type ServerRole = "primary" | "replica";

const ROLES: readonly ServerRole[] = ["primary", "replica"];

/** Gives the set of the present flow, where a program opens databases for flows. */
let ofFlow: (() => Databases | undefined) | undefined;

/** Lets flows have sets of their own, see `flow_databases.ts`. */
export function setFlowDatabases(look: () => Databases | undefined): void {
  ofFlow = look;
}

/**
 * A set of databases by name; the first one registered is the default.
 *
 * @example
 * ```ts
 * import { closeAll, Databases, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" });
 * const driver = await Databases.default.get("main").driver();
 * console.log(driver.capabilities);
 * await closeAll();
 * ```
 */
export class Databases {
  static readonly #common: Databases = new Databases();

  /** The set that models use: that of the present flow, else the one of the process. */
  static get default(): Databases {
    return ofFlow?.() ?? Databases.#common;
  }

  readonly #byName = new Map<string, Database>();
  #registrations = 0;

  /** How many databases were ever registered here. */
  get registrations(): number {
    return this.#registrations;
  }

  /**
   * Adds a database; opens nothing. The same configuration again gives the same database, and a
   * name whose database was closed may be taken anew.
   *
   * @throws {ConfigurationError} the configuration is wrong, or its name stands for another one
   */
  register(config: DatabaseConfig, open: OpenDriver): Database {
    const resolved = resolveConfig(config);
    const present = this.#byName.get(resolved.name);
    if (present !== undefined && !present.closed) {
      if (sameConfig(present.config, resolved)) return present;
      throw new ConfigurationError(
        `Cannot register database "${resolved.name}": that name stands for another configuration`,
        {
          code: "database_already_registered",
          hint: "Choose another name, or close the first database before",
          context: { database: resolved.name },
        },
      );
    }
    const database = new Database(resolved, open);
    this.#byName.set(resolved.name, database);
    this.#registrations++;
    if (resolved.cacheSync || (resolved.cacheLife ?? 0) > 0) wantCache();
    return database;
  }

  /**
   * Finds a database; null means the default one.
   *
   * @throws {ConfigurationError} none has that name, or it was closed
   */
  get(name: string | null = null): Database {
    const database = name === null ? this.#first() : this.#byName.get(name);
    if (database === undefined) throw this.#unknown(name);
    if (database.closed) throw closedError(database.name);
    return database;
  }

  /**
   * Finds the database that a name of `using()` stands for, and which of its servers is asked for.
   *
   * `replica` and `primary` are servers of `own`, `main.replica` is one of `main`; a database that is
   * registered under such a name comes first.
   *
   * @throws {ConfigurationError} none has that name, or it was closed
   */
  resolve(name: string, own: string | null): { database: Database; server: ServerRole | null } {
    if (this.#byName.has(name)) return { database: this.get(name), server: null };
    const role = ROLES.find((one) => name === one || name.endsWith(`.${one}`));
    if (role === undefined) return { database: this.get(name), server: null };
    const of = name === role ? own : name.slice(0, -role.length - 1);
    return { database: this.get(of), server: role };
  }

  /** Finds a database, closed ones too; null means the default one, undefined that there is none. */
  find(name: string | null): Database | undefined {
    return name === null ? this.#first() : this.#byName.get(name);
  }

  /** Whether a database is registered under that name, closed ones too. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The names of the databases that are registered and not closed, in order. */
  names(): string[] {
    return [...this.#byName.values()].filter((one) => !one.closed).map((one) => one.name);
  }

  /**
   * Closes one database. Its name stays known, so that later use says that it was closed.
   *
   * @throws {ConfigurationError} none has that name
   */
  async close(name: string): Promise<void> {
    const database = this.#byName.get(name);
    if (database === undefined) throw this.#unknown(name);
    await database.close();
  }

  /**
   * Closes and forgets every database.
   *
   * @throws {AggregateError} some could not be closed; the others are closed all the same
   */
  async closeAll(): Promise<void> {
    const all = [...this.#byName.values()];
    this.#byName.clear();
    await closeEach(all);
  }

  #first(): Database | undefined {
    return this.#byName.values().next().value;
  }

  #unknown(name: string | null): ConfigurationError {
    const known = [...this.#byName.keys()];
    if (name === null || known.length === 0) {
      const asked = name === null ? "the default database" : `database "${shownName(name)}"`;
      return new ConfigurationError(`Cannot use ${asked}: no database is registered`, {
        code: "no_database",
        hint: "Call registerDatabase({ name, url }) first",
        ...(name === null ? {} : { context: { database: name } }),
      });
    }
    const list = known.map((one) => `"${one}"`).join(", ");
    return new ConfigurationError(
      `Cannot use database "${shownName(name)}": none is registered under that name`,
      {
        code: "unknown_database",
        hint: meant(name, known, `Registered: ${list}`),
        context: { database: name },
      },
    );
  }
}

function closedError(name: string): ConfigurationError {
  return new ConfigurationError(`Cannot use database "${name}": it was closed`, {
    code: "database_closed",
    hint: "Register it again before using it",
    context: { database: name },
  });
}
