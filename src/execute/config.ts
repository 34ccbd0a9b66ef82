import { cacheLife } from "../cache/policy.ts";
import type { CacheStore } from "../cache/store.ts";
import { nearest } from "../util/nearest.ts";
import { configFault } from "./config_fault.ts";
import type { DatabaseConfig, ResolvedConfig } from "./database_config.ts";
import { OF_WHOLE, replicaConfigs } from "./replica_config.ts";
import { buildUrl, checkUrl } from "./url.ts";

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
  replicaWaitMs: { least: 0, standard: 50 },
} as const;

const KEYS: readonly string[] = [
  ...new Set([
    ...["name", "url", "driver", ...PARTS, "schemas", "poolMode"],
    ...[...Object.keys(NUMBERS), "traceOrigins", "onQuery", "onWarning", "onLeak"],
    ...OF_WHOLE,
  ]),
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
  if (typeof config !== "object" || config === null) {
    throw configFault("", "invalid_configuration", "the configuration is not an object");
  }
  const name = typeof config.name === "string" ? config.name : "";
  const whole = resolveServer(config, name, "primary");
  const replicas = replicaConfigs(config)?.map((one, index) =>
    resolveServer(one, name, `replica${index + 1}`)
  );
  const readFrom = wordOf(name, "readFrom", config.readFrom, ["primary", "replicas"]);
  if (readFrom === "replicas" && replicas === undefined) {
    throw configFault(
      name,
      "missing_configuration",
      'readFrom is "replicas", and replicas are missing',
      "Give replicas; an empty list has the primary answer for them",
    );
  }
  return Object.freeze({ ...whole, replicas: replicas ?? null, readFrom });
}

/** Checks the settings of one server, the primary or a replica. */
function resolveServer(config: DatabaseConfig, whole: string, server: string): ResolvedConfig {
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
    poolMode: wordOf(name, "poolMode", config.poolMode, ["session", "transaction"]),
    ...numbersOf(name, config),
    traceOrigins: flagOf(name, "traceOrigins", config.traceOrigins, false),
    onQuery: hookOf(name, "onQuery", config.onQuery),
    onWarning: hookOf(name, "onWarning", config.onWarning),
    onLeak: hookOf(name, "onLeak", config.onLeak),
    registeredAs: whole,
    server,
    replicas: null,
    readFrom: "primary",
    replicaFallback: flagOf(name, "replicaFallback", config.replicaFallback, true),
    readYourWrites: flagOf(name, "readYourWrites", config.readYourWrites, true),
    cacheLife: cacheLife(config, `database "${name}"`),
    cacheStore: storeOf(name, config.cacheStore),
    cacheSync: syncOf(name, config),
    listenUrl: config.listenUrl,
  });
}

/** Tells whether two configurations say the same; drivers and hooks by identity. */
export function sameConfig(a: ResolvedConfig, b: ResolvedConfig): boolean {
  const [left, right] = [a.replicas ?? [], b.replicas ?? []];
  if ((a.replicas === null) !== (b.replicas === null) || left.length !== right.length) return false;
  if (!left.every((one, index) => sameConfig(one, right[index]!))) return false;
  const keys = (Object.keys(a) as (keyof ResolvedConfig)[]).filter((key) => key !== "replicas");
  return keys.every((key) =>
    key === "schemas" ? JSON.stringify(a[key]) === JSON.stringify(b[key]) : a[key] === b[key]
  );
}

function refuseUnknownKeys(name: string, config: DatabaseConfig): void {
  const unknown = Object.keys(config).filter((key) => !KEYS.includes(key));
  if (unknown.length === 0) return;
  const told = unknown.map((key) => {
    const near = nearest(key, KEYS);
    return near === undefined ? `"${key}"` : `"${key}" (did you mean "${near}"?)`;
  });
  throw configFault(
    name,
    "unknown_configuration",
    `it has no option ${told.join(", ")}`,
    `Options are ${KEYS.join(", ")}`,
  );
}

function refuseWrongKinds(name: string, config: DatabaseConfig): void {
  const texts = ["name", "url", "listenUrl", ...PARTS.filter((part) => part !== "port")] as const;
  const wrong = texts.filter((key) => !["string", "undefined"].includes(typeof config[key]));
  if (wrong.length > 0) {
    throw configFault(name, "invalid_configuration", `${wrong.join(", ")} must be text`);
  }
  const driver = config.driver;
  if (driver === undefined) return;
  if (typeof driver?.query === "function" && typeof driver.acquire === "function") return;
  throw configFault(name, "invalid_configuration", "driver must be an open driver");
}

function refuseMissingKeys(name: string, config: DatabaseConfig): void {
  const missing: string[] = name.trim() === "" ? ["name"] : [];
  if (config.driver === undefined && isAbsent(config.url)) {
    if (PARTS.every((key) => config[key] === undefined)) missing.push("url");
    else missing.push(...NEEDED_PARTS.filter((key) => isAbsent(config[key], key === "password")));
  }
  if (missing.length === 0) return;
  throw configFault(
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
  throw configFault(
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
  throw configFault(name, "invalid_configuration", "port must be a whole number from 1 to 65535");
}

type NumberKey = keyof typeof NUMBERS;

function numbersOf(name: string, config: DatabaseConfig): Record<NumberKey, number> {
  const keys = Object.keys(NUMBERS) as NumberKey[];
  const entries = keys.map((key) => [key, numberOf(name, key, config[key])]);
  return Object.fromEntries(entries) as Record<NumberKey, number>;
}

function numberOf(name: string, key: NumberKey, value: number | undefined): number {
  const { least, standard } = NUMBERS[key];
  if (value === undefined) return standard;
  if (Number.isInteger(value) && value >= least && value <= MOST) return value;
  throw configFault(name, "invalid_configuration", `${key} must be a whole number from ${least}`);
}

/** One of some words; the first one by default. */
function wordOf<Word extends string>(
  name: string,
  key: string,
  word: Word | undefined,
  words: readonly [Word, ...Word[]],
): Word {
  if (word === undefined) return words[0];
  if (words.includes(word)) return word;
  const list = words.map((one) => `"${one}"`).join(" or ");
  throw configFault(name, "invalid_configuration", `${key} must be ${list}`);
}

function flagOf(
  name: string,
  key: string,
  flag: boolean | undefined,
  standard: boolean,
): boolean {
  if (flag === undefined || typeof flag === "boolean") return flag ?? standard;
  throw configFault(name, "invalid_configuration", `${key} must be true or false`);
}

function schemasOf(name: string, schemas: readonly string[] | undefined): readonly string[] {
  if (schemas === undefined) return Object.freeze(["public"]);
  const fine = Array.isArray(schemas) && schemas.length > 0 &&
    schemas.every((schema) => typeof schema === "string" && schema !== "");
  if (fine) return Object.freeze([...new Set(schemas)]);
  throw configFault(name, "invalid_configuration", "schemas must be a list of names, one at least");
}

function storeOf(name: string, store: CacheStore | undefined): CacheStore | undefined {
  if (store === undefined) return undefined;
  const fine = typeof store?.read === "function" && typeof store.remove === "function";
  if (fine) return store;
  throw configFault(name, "invalid_configuration", "cacheStore must be a store of a cache");
}

function syncOf(name: string, config: DatabaseConfig): boolean {
  const { driver, listenUrl, poolMode } = config;
  if (listenUrl !== undefined) checkUrl(name, listenUrl);
  if (!flagOf(name, "cacheSync", config.cacheSync, false)) return false;
  const wrong = poolMode === "transaction"
    ? "LISTEN does not pass a pooler in transaction mode"
    : driver?.capabilities.listen === false
    ? `the driver ${driver.name} cannot LISTEN`
    : null;
  if (wrong === null || listenUrl !== undefined) return true;
  throw configFault(
    name,
    "cache_sync_unsupported",
    `cacheSync needs a connection that listens, and ${wrong}`,
    "Give listenUrl, the URL of the server itself, or take cacheSync out",
  );
}

function hookOf<Hook>(name: string, key: string, hook: Hook): Hook {
  if (hook === undefined || typeof hook === "function") return hook;
  throw configFault(name, "invalid_configuration", `${key} must be a function`);
}
