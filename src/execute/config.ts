import type { Driver, DriverOptions, HeldConnection } from "../driver/port.ts";
import { ConfigurationError } from "../errors/base.ts";
import { nearest } from "../util/nearest.ts";
import { buildUrl, checkUrl, redactUrl } from "./url.ts";

export { redactUrl };

/** What the `onQuery` hook is told after each statement. Holds no value and no row. */
export interface QueryEvent {
  /** The database's name in the registry. */
  readonly database: string;
  /** The SQL text. */
  readonly text: string;
  /** From sending to the whole answer, in ms. */
  readonly durationMs: number;
  /** How many rows it gave back or changed; 0 when it failed. */
  readonly rows: number;
  /** Why it failed. */
  readonly error?: unknown;
}

/** A database as the program declares it: a URL, or the parts of one, or a driver. */
export interface DatabaseConfig {
  /** The name by which models and sessions ask for it. */
  readonly name: string;
  /** `postgres://`, `postgresql://`, `pglite://memory` or `pglite://<folder>`. */
  readonly url?: string | undefined;
  /** An open driver, in place of a URL. */
  readonly driver?: Driver | undefined;
  /** Host name, address, or folder of the server's socket. */
  readonly host?: string | undefined;
  /** TCP port; default 5432. */
  readonly port?: number | undefined;
  /** The database's name on the server. */
  readonly database?: string | undefined;
  /** The role to log in as. */
  readonly user?: string | undefined;
  /** Its password; an empty one must be written as `""`. */
  readonly password?: string | undefined;
  /** `postgresql`, the default, or `postgres`. */
  readonly protocol?: string | undefined;
  /** The schemas that belong to it; default `public`. */
  readonly schemas?: readonly string[] | undefined;
  /** Most connections open at once; default 10. */
  readonly poolMax?: number | undefined;
  /** `session`, the default, or `transaction` behind a pooler such as PgBouncer. */
  readonly poolMode?: "session" | "transaction" | undefined;
  /** Longest time to open a connection, in ms; default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest wait for a free connection, in ms; default 10,000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** The server's `statement_timeout`, in ms; default 0, no limit. */
  readonly statementTimeoutMs?: number | undefined;
  /** A connection that was idle for this many ms is closed; default 30,000. */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * A connection that owes an answer and stays silent for this many ms is given up, unless the server
   * says that it is still at work; default 15,000, 0 for never.
   */
  readonly livenessTimeoutMs?: number | undefined;
  /** Notes where each transaction took its connection, for messages and reports; default false. */
  readonly traceOrigins?: boolean | undefined;
  /** How long a connection may be held before `onLeak` hears of it, in ms; default 60,000. */
  readonly leakAfterMs?: number | undefined;
  /** Hears once of each connection that is held for longer. It must not throw. */
  readonly onLeak?: ((leak: HeldConnection) => void) | undefined;
  /** Called after each statement. What it throws fails the call whose statement it was told of. */
  readonly onQuery?: ((event: QueryEvent) => void) | undefined;
}

/** A checked configuration with every default filled in. */
export interface ResolvedConfig extends DriverOptions {
  /** The driver that was handed over; `url` is empty then. */
  readonly driver: Driver | undefined;
  /** The schemas that belong to it. */
  readonly schemas: readonly string[];
  /** Called after each statement. */
  readonly onQuery: ((event: QueryEvent) => void) | undefined;
}

const PARTS = ["host", "port", "database", "user", "password", "protocol"] as const;
const NEEDED_PARTS = ["host", "database", "user", "password"] as const;

const NUMBERS = {
  poolMax: { least: 1, standard: 10 },
  connectTimeoutMs: { least: 0, standard: 10_000 },
  acquireTimeoutMs: { least: 0, standard: 10_000 },
  statementTimeoutMs: { least: 0, standard: 0 },
  idleTimeoutMs: { least: 0, standard: 30_000 },
  livenessTimeoutMs: { least: 0, standard: 15_000 },
  leakAfterMs: { least: 1, standard: 60_000 },
} as const;

const KEYS: readonly string[] = [
  "name",
  "url",
  "driver",
  ...PARTS,
  "schemas",
  "poolMode",
  ...Object.keys(NUMBERS),
  "traceOrigins",
  "onQuery",
  "onLeak",
];

/** The largest delay that timers and the server's settings take. */
const MOST = 2_147_483_647;

/**
 * Checks a configuration and fills in the defaults.
 *
 * @throws {ConfigurationError} keys are missing, unknown or contradict each other, or a value is not
 * of its kind; no message holds the password
 */
export function resolveConfig(config: DatabaseConfig): ResolvedConfig {
  const name = typeof config.name === "string" ? config.name : "";
  refuseUnknownKeys(name, config);
  refuseWrongKinds(name, config);
  refuseMissingKeys(name, config);
  refuseContradictions(name, config);
  return Object.freeze({
    name,
    driver: config.driver,
    url: config.driver === undefined ? urlOf(name, config) : "",
    schemas: schemasOf(name, config.schemas),
    poolMode: poolModeOf(name, config.poolMode),
    poolMax: numberOf(name, "poolMax", config.poolMax),
    connectTimeoutMs: numberOf(name, "connectTimeoutMs", config.connectTimeoutMs),
    acquireTimeoutMs: numberOf(name, "acquireTimeoutMs", config.acquireTimeoutMs),
    statementTimeoutMs: numberOf(name, "statementTimeoutMs", config.statementTimeoutMs),
    idleTimeoutMs: numberOf(name, "idleTimeoutMs", config.idleTimeoutMs),
    livenessTimeoutMs: numberOf(name, "livenessTimeoutMs", config.livenessTimeoutMs),
    leakAfterMs: numberOf(name, "leakAfterMs", config.leakAfterMs),
    traceOrigins: flagOf(name, "traceOrigins", config.traceOrigins),
    onQuery: hookOf(name, "onQuery", config.onQuery),
    onLeak: hookOf(name, "onLeak", config.onLeak),
  });
}

/** Tells whether two configurations say the same; drivers and hooks by identity. */
export function sameConfig(a: ResolvedConfig, b: ResolvedConfig): boolean {
  const keys = Object.keys(a) as (keyof ResolvedConfig)[];
  return keys.every((key) =>
    key === "schemas" ? JSON.stringify(a[key]) === JSON.stringify(b[key]) : a[key] === b[key]
  );
}

function fail(name: string, code: string, wrong: string, hint?: string): ConfigurationError {
  const what = name === "" ? "the database" : `database "${name}"`;
  return new ConfigurationError(`Cannot register ${what}: ${wrong}`, {
    code,
    hint,
    context: name === "" ? {} : { database: name },
  });
}

function refuseUnknownKeys(name: string, config: DatabaseConfig): void {
  const unknown = Object.keys(config).filter((key) => !KEYS.includes(key));
  if (unknown.length === 0) return;
  const told = unknown.map((key) => {
    const near = nearest(key, KEYS);
    return near === undefined ? `"${key}"` : `"${key}" (did you mean "${near}"?)`;
  });
  throw fail(
    name,
    "unknown_configuration",
    `it has no option ${told.join(", ")}`,
    `Options are ${KEYS.join(", ")}`,
  );
}

function refuseWrongKinds(name: string, config: DatabaseConfig): void {
  const texts = ["name", "url", "host", "database", "user", "password", "protocol"] as const;
  const wrong = texts.filter((key) => !["string", "undefined"].includes(typeof config[key]));
  if (wrong.length > 0) {
    throw fail(name, "invalid_configuration", `${wrong.join(", ")} must be text`);
  }
  const driver = config.driver;
  if (driver === undefined) return;
  if (typeof driver?.query === "function" && typeof driver.acquire === "function") return;
  throw fail(name, "invalid_configuration", "driver must be an open driver");
}

function refuseMissingKeys(name: string, config: DatabaseConfig): void {
  const missing: string[] = name.trim() === "" ? ["name"] : [];
  if (config.driver === undefined && isAbsent(config.url)) {
    if (PARTS.every((key) => config[key] === undefined)) missing.push("url");
    else missing.push(...NEEDED_PARTS.filter((key) => isAbsent(config[key], key === "password")));
  }
  if (missing.length === 0) return;
  throw fail(
    name,
    "missing_configuration",
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
    `Give a url, or ${NEEDED_PARTS.join(", ")}, or a driver`,
  );
}

function isAbsent(value: string | undefined, mayBeEmpty = false): boolean {
  return value === undefined || (!mayBeEmpty && value.trim() === "");
}

function refuseContradictions(name: string, config: DatabaseConfig): void {
  const parts = PARTS.filter((key) => config[key] !== undefined);
  const ways = [
    config.url === undefined ? "" : "url",
    config.driver === undefined ? "" : "driver",
    parts.join(", "),
  ].filter((way) => way !== "");
  if (ways.length < 2) return;
  throw fail(
    name,
    "conflicting_configuration",
    `it has ${ways.join(" and ")}`,
    "Keep one of them: a url, its parts, or a driver",
  );
}

function urlOf(name: string, config: DatabaseConfig): string {
  const protocol = (config.protocol ?? "postgresql").replace(/:?(\/\/)?$/, "");
  const url = config.url ?? buildUrl({
    protocol,
    host: config.host ?? "",
    port: portOf(name, config.port),
    database: config.database ?? "",
    user: config.user ?? "",
    password: config.password ?? "",
  });
  checkUrl(name, url);
  return url;
}

function portOf(name: string, port: number | undefined): number {
  if (port === undefined) return 5432;
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw fail(name, "invalid_configuration", "port must be a whole number from 1 to 65535");
}

function numberOf(name: string, key: keyof typeof NUMBERS, value: number | undefined): number {
  const { least, standard } = NUMBERS[key];
  if (value === undefined) return standard;
  if (Number.isInteger(value) && value >= least && value <= MOST) return value;
  throw fail(name, "invalid_configuration", `${key} must be a whole number from ${least}`);
}

function poolModeOf(
  name: string,
  mode: DatabaseConfig["poolMode"],
): "session" | "transaction" {
  if (mode === undefined) return "session";
  if (mode === "session" || mode === "transaction") return mode;
  throw fail(name, "invalid_configuration", 'poolMode must be "session" or "transaction"');
}

function schemasOf(name: string, schemas: readonly string[] | undefined): readonly string[] {
  if (schemas === undefined) return Object.freeze(["public"]);
  const fine = Array.isArray(schemas) && schemas.length > 0 &&
    schemas.every((schema) => typeof schema === "string" && schema !== "");
  if (fine) return Object.freeze([...new Set(schemas)]);
  throw fail(name, "invalid_configuration", "schemas must be a list of names, one at least");
}

function flagOf(name: string, key: string, flag: boolean | undefined): boolean {
  if (flag === undefined || typeof flag === "boolean") return flag ?? false;
  throw fail(name, "invalid_configuration", `${key} must be true or false`);
}

function hookOf<Hook>(name: string, key: string, hook: Hook): Hook {
  if (hook === undefined || typeof hook === "function") return hook;
  throw fail(name, "invalid_configuration", `${key} must be a function`);
}
