import type { Driver, DriverOptions } from "./driver/port.ts";
import { ConfigurationError } from "./errors/base.ts";
import type { DatabaseConfig } from "./execute/database_config.ts";
import { withOwnDatabases } from "./execute/flow_databases.ts";
import { Databases } from "./execute/registry.ts";
import { checkUrl, redactUrl, type UrlScheme } from "./execute/url.ts";

const openers: Readonly<Record<UrlScheme, (options: DriverOptions) => Promise<Driver>>> = {
  postgres: openPostgres,
  postgresql: openPostgres,
  pglite: async (options) => (await import("./drivers/pglite.ts")).openPglite(options),
};

async function openPostgres(options: DriverOptions): Promise<Driver> {
  return (await import("./drivers/node_pg.ts")).openNodePg(options);
}

/**
 * Opens a driver by its URL; loads the driver's module on the way.
 *
 * @throws {ConfigurationError} no driver opens the URL's scheme
 */
export async function openDriver(options: DriverOptions): Promise<Driver> {
  return await openers[checkUrl(options.name, options.url)](options);
}

/**
 * Registers a database by name. Nothing is loaded or opened before its first use; the first one
 * registered is the default.
 *
 * @throws {ConfigurationError} keys are missing, unknown or wrong, or the name stands for another one
 *
 * @example
 * ```ts
 * import { closeAll, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "postgres://me@localhost/shop", poolMax: 5 });
 * registerDatabase({ name: "log", url: "pglite://memory" });
 * await closeAll();
 * ```
 */
export function registerDatabase(config: DatabaseConfig): void {
  Databases.default.register(config, openDriver);
}

/**
 * Runs a function with a database that is open for its flow alone, and closes it when it ends; models use
 * it by default inside. For runtimes that let no connection outlive a request, such as Workers.
 *
 * Calls may overlap. Databases of the process are not seen inside; what is registered inside is closed
 * with the first one. The name is `main` by default.
 *
 * @example
 * ```ts
 * import { integer, model, text, withDatabase } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: integer().primaryKey(), name: text() }) {}
 *
 * const worker = { // export default, in a Worker
 *   fetch(_request: Request, env: { DATABASE_URL: string }): Promise<Response> {
 *     return withDatabase({ url: env.DATABASE_URL, poolMax: 1 }, async () => {
 *       const customers = await Customer.filter().orderBy("name").limit(10).all();
 *       return Response.json(customers.map(({ name }) => name));
 *     });
 *   },
 * };
 * ```
 *
 * @throws {ConfigurationError} the settings are wrong, or the runtime has no `AsyncLocalStorage`
 */
export async function withDatabase<Result>(
  config: Omit<DatabaseConfig, "name"> & { readonly name?: string | undefined },
  fn: () => Promise<Result>,
): Promise<Result> {
  return await withOwnDatabases(async () => {
    registerDatabase({ ...config, name: config.name ?? "main" });
    return await fn();
  });
}

/** Settings of a database that the environment may hold, and the end of each variable's name. */
const VARIABLES: Readonly<Record<EnvironmentKey, string>> = {
  url: "URL",
  listenUrl: "LISTEN_URL",
  host: "HOST",
  port: "PORT",
  database: "NAME",
  user: "USER",
  password: "PASSWORD",
  protocol: "PROTOCOL",
  poolMax: "POOL_MAX",
  poolMode: "POOL_MODE",
  connectTimeoutMs: "CONNECT_TIMEOUT_MS",
  acquireTimeoutMs: "ACQUIRE_TIMEOUT_MS",
  statementTimeoutMs: "STATEMENT_TIMEOUT_MS",
  idleTimeoutMs: "IDLE_TIMEOUT_MS",
  livenessTimeoutMs: "LIVENESS_TIMEOUT_MS",
};

/** A setting that `registerDatabaseFromEnv` reads from a variable. */
export type EnvironmentKey =
  | "url"
  | "listenUrl"
  | "host"
  | "port"
  | "database"
  | "user"
  | "password"
  | "protocol"
  | "poolMax"
  | "poolMode"
  | "connectTimeoutMs"
  | "acquireTimeoutMs"
  | "statementTimeoutMs"
  | "idleTimeoutMs"
  | "livenessTimeoutMs";

const PARTS = ["host", "port", "database", "user", "password", "protocol"] as const;
const NEEDED_PARTS = ["host", "database", "user", "password"] as const;
const TEXTS: readonly EnvironmentKey[] = [
  "url",
  "listenUrl",
  "host",
  "database",
  "user",
  "password",
  "protocol",
  "poolMode",
];

/** What `registerDatabaseFromEnv` may be told beside the prefix. */
export interface EnvironmentOptions extends Omit<DatabaseConfig, "name"> {
  /** Variables with a name of their own, such as `{ password: "SECRET" }`. */
  readonly variables?: Readonly<Partial<Record<EnvironmentKey, string>>> | undefined;
}

/**
 * Registers a database from environment variables: `<PREFIX>_URL`, or `_HOST`, `_PORT`, `_NAME`,
 * `_USER`, `_PASSWORD` and `_PROTOCOL`; and `_POOL_MAX`, `_POOL_MODE`, `_CONNECT_TIMEOUT_MS`,
 * `_ACQUIRE_TIMEOUT_MS`, `_STATEMENT_TIMEOUT_MS`, `_IDLE_TIMEOUT_MS`, `_LISTEN_URL`.
 *
 * An option that is given here beats its variable. Where there is a URL, its parts are not looked at.
 * The prefix is `DATABASE` by default.
 *
 * @throws {ConfigurationError} variables are missing, named all at once, or hold no number
 *
 * @example
 * ```ts
 * import { closeAll, databaseNames, registerDatabaseFromEnv } from "@matrx/orm";
 *
 * Deno.env.set("SHOP_URL", "pglite://memory");
 * registerDatabaseFromEnv("shop", "SHOP");
 * console.log(databaseNames()); // ["shop"]
 * await closeAll();
 * ```
 */
export function registerDatabaseFromEnv(
  name: string,
  prefix = "DATABASE",
  options: EnvironmentOptions = {},
): void {
  const { variables = {}, ...given } = options;
  const variableOf = (key: EnvironmentKey): string =>
    variables[key] ?? `${prefix}_${VARIABLES[key]}`;
  const found: Record<string, unknown> = {};
  for (const key of Object.keys(VARIABLES) as EnvironmentKey[]) {
    if (given[key] !== undefined) continue;
    const text = readEnvironment(variableOf(key));
    // an empty variable is as good as none, but for a password
    if (text === undefined || (text === "" && key !== "password")) continue;
    found[key] = TEXTS.includes(key) ? text : numberIn(name, variableOf(key), text);
  }
  const whole = given.driver ?? given.url ?? found["url"];
  if (whole !== undefined) {
    for (const part of PARTS) delete found[part];
    if (given.driver !== undefined) delete found["url"];
  }
  const config: Omit<DatabaseConfig, "name"> = { ...given, ...found };
  const missing = whole === undefined
    ? NEEDED_PARTS.filter((key) => config[key] === undefined)
    : [];
  if (missing.length > 0) {
    throw new ConfigurationError(
      `Cannot register database "${name}": the environment lacks ${
        missing.map(variableOf).join(", ")
      }`,
      {
        code: "missing_configuration",
        hint: `Set them, or ${variableOf("url")} alone`,
        context: { database: name },
      },
    );
  }
  registerDatabase({ ...config, name });
}

function numberIn(name: string, variable: string, text: string): number {
  if (/^\d+$/.test(text.trim())) return Number(text);
  throw new ConfigurationError(
    `Cannot register database "${name}": the variable ${variable} holds no whole number`,
    { code: "invalid_configuration", context: { database: name, variable } },
  );
}

interface EnvironmentHost {
  readonly Deno?: { readonly env: { get(name: string): string | undefined } };
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
}

function readEnvironment(variable: string): string | undefined {
  const host = globalThis as EnvironmentHost;
  if (host.Deno !== undefined) return host.Deno.env.get(variable);
  return host.process?.env[variable];
}

/**
 * Closes one database, waiting for statements under way. Its name may be registered anew.
 *
 * @throws {ConfigurationError} none has that name
 *
 * @example
 * ```ts
 * import { closeDatabase, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" });
 * await closeDatabase("main");
 * ```
 */
export async function closeDatabase(name: string): Promise<void> {
  await Databases.default.close(name);
}

/**
 * Closes and forgets every registered database.
 *
 * @example
 * ```ts
 * import { closeAll, databaseNames, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" });
 * await closeAll(); // at the end of a program
 * console.log(databaseNames()); // []
 * ```
 */
export async function closeAll(): Promise<void> {
  await Databases.default.closeAll();
}

/**
 * The names of the registered databases, the default one first.
 *
 * @example
 * ```ts
 * import { closeAll, databaseNames, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" });
 * registerDatabase({ name: "log", url: "pglite://memory" });
 * console.log(databaseNames()); // ["main", "log"]
 * await closeAll();
 * ```
 */
export function databaseNames(): string[] {
  return Databases.default.names();
}

/**
 * The connection URL of a registered database with its password masked, for display.
 *
 * @throws {ConfigurationError} none has that name
 *
 * @example
 * ```ts
 * import { closeAll, connectionString, registerDatabase } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "postgres://ann:secret@localhost/shop" });
 * console.log(connectionString("main")); // postgres://ann:***@localhost/shop
 * await closeAll();
 * ```
 */
export function connectionString(name: string): string {
  return redactUrl(Databases.default.get(name).config.url);
}
