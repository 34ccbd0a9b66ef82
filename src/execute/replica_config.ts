import { configFault } from "./config_fault.ts";
import type { DatabaseConfig, ReplicaConfig } from "./database_config.ts";

/** What says where a server is; a replica that has its own takes none of the primary's. */
const PLACE = [
  "url",
  "driver",
  "host",
  "port",
  "database",
  "user",
  "password",
  "protocol",
] as const;

/** What a replica shares with its primary and cannot choose. */
const SHARED = ["schemas", "onQuery"] as const;

/** What says how replicas are used, and is of the whole. */
const WHOLE = [
  "replicas",
  "readFrom",
  "replicaFallback",
  "readYourWrites",
  "replicaWaitMs",
] as const;

const URL_PARTS = ["protocol", "host", "port", "database", "user", "password"] as const;

/**
 * Makes the configuration of each replica: its own, filled up with that of the primary.
 *
 * @throws {ConfigurationError} one is neither a URL nor an object, or its parts do not fit the primary
 */
export function replicaConfigs(primary: DatabaseConfig): readonly DatabaseConfig[] | null {
  const { name, replicas } = primary;
  if (replicas === undefined) return null;
  if (!Array.isArray(replicas)) {
    throw configFault(name, "invalid_configuration", "replicas must be a list", HINT);
  }
  return replicas.map((replica: unknown, index) => {
    const own = typeof replica === "string" ? { url: replica } : replica;
    if (typeof own !== "object" || own === null || Array.isArray(own)) {
      throw configFault(
        name,
        "invalid_configuration",
        `replica ${index + 1} is neither a URL nor an object`,
        HINT,
      );
    }
    const wrong = ["name", ...SHARED, ...WHOLE].filter((key) => Object.hasOwn(own, key));
    if (wrong.length > 0) {
      throw configFault(
        name,
        "unknown_configuration",
        `replica ${index + 1} cannot have ${wrong.join(", ")} of its own`,
        HINT,
      );
    }
    return { ...fillUp(primary, own), name: `${name}.replica${index + 1}` };
  });
}

const HINT = 'Write replicas: ["postgres://..."] or replicas: [{ host: "replica.internal" }]';

function fillUp(primary: DatabaseConfig, own: ReplicaConfig): DatabaseConfig {
  const rest: Record<string, unknown> = { ...primary };
  for (const key of WHOLE) delete rest[key];
  const whole = own.url !== undefined || own.driver !== undefined;
  if (whole || primary.driver !== undefined) { for (const key of PLACE) delete rest[key]; }
  else if (primary.url !== undefined) rest["url"] = moved(primary.name, primary.url, own);
  const taken = primary.url !== undefined && !whole ? omit(own, URL_PARTS) : own;
  const shared = Object.fromEntries(SHARED.map((key) => [key, primary[key]]));
  return { ...rest, ...taken, ...shared } as DatabaseConfig;
}

function omit(config: ReplicaConfig, keys: readonly string[]): ReplicaConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}

/** The primary's URL with the parts that a replica has of its own. */
function moved(name: string, url: string, own: ReplicaConfig): string {
  const refused = configFault(
    name,
    "invalid_configuration",
    "the parts of a replica do not fit into the URL of the primary",
    "Give the replica a url of its own",
  );
  if (own.protocol !== undefined) throw refused;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw refused;
  }
  if (parsed.hostname === "" || parsed.searchParams.has("host")) throw refused;
  if (own.host !== undefined) parsed.hostname = own.host;
  if (own.port !== undefined) parsed.port = String(own.port);
  if (own.user !== undefined) parsed.username = encodeURIComponent(own.user);
  if (own.password !== undefined) parsed.password = encodeURIComponent(own.password);
  if (own.database !== undefined) parsed.pathname = `/${encodeURIComponent(own.database)}`;
  return parsed.href;
}
