import { configFault } from "./config_fault.ts";
import type { DatabaseConfig, ReplicaConfig } from "./database_config.ts";

/** What says where a server is, and how a URL calls it; a replica with a URL or a driver takes none of it. */
const PLACE = {
  url: "",
  driver: "",
  protocol: "",
  host: "hostname",
  port: "port",
  user: "username",
  password: "password",
  database: "pathname",
} as const;

const PLACES = Object.keys(PLACE) as (keyof typeof PLACE)[];

/** What is of the whole, and no replica has of its own. */
export const OF_WHOLE = [
  "replicas",
  "readFrom",
  "replicaFallback",
  "readYourWrites",
  "replicaWaitMs",
  "cache",
  "cacheTimeout",
  "cacheStore",
  "cacheSync",
  "listenUrl",
] as const;

/**
 * Makes the configuration of each replica: its own, filled up with that of the primary.
 *
 * @throws {ConfigurationError} one is neither a URL nor an object, or its parts do not fit the primary
 */
export function replicaConfigs(primary: DatabaseConfig): readonly DatabaseConfig[] | null {
  const { name, replicas } = primary;
  if (replicas === undefined) return null;
  const fail = (wrong: string): Error =>
    configFault(name, "invalid_configuration", wrong, 'Write replicas: ["postgres://..."]');
  if (!Array.isArray(replicas)) throw fail("replicas must be a list");
  return replicas.map((replica: unknown, index) => {
    const title = `replica${index + 1}`;
    const own = typeof replica === "string" ? { url: replica } : replica;
    if (typeof own !== "object" || own === null) throw fail(`${title} must be a URL or an object`);
    const wrong = ["name", "schemas", "onQuery", "onWarning", ...OF_WHOLE].filter((key) =>
      key in own
    );
    if (wrong.length > 0) throw fail(`${title} cannot have ${wrong.join(", ")} of its own`);
    const filled = fillUp(primary, own);
    if (filled === null) throw fail(`${title} has parts of a URL, and needs a whole one`);
    return { ...filled, name: `${name}.${title}` };
  });
}

/** Null where the replica's parts do not fit into the primary's URL. */
function fillUp(primary: DatabaseConfig, own: ReplicaConfig): DatabaseConfig | null {
  const filled: Record<string, unknown> = { ...primary };
  for (const key of OF_WHOLE) delete filled[key];
  const whole = own.url !== undefined || own.driver !== undefined;
  const given = PLACES.filter((key) => own[key] !== undefined);
  if (whole || primary.driver !== undefined) { for (const key of PLACES) delete filled[key]; }
  Object.assign(filled, own);
  if (whole || primary.url === undefined || given.length === 0) {
    return filled as unknown as DatabaseConfig;
  }
  if (own.protocol !== undefined || !URL.canParse(primary.url)) return null;
  const url = new URL(primary.url);
  if (url.hostname === "" || url.searchParams.has("host")) return null;
  for (const key of given) {
    // the parts that a URL has no name for were refused above
    const part = PLACE[key] as "hostname";
    url[part] = encodeURIComponent(String(own[key]));
    delete filled[key];
  }
  return { ...filled, url: url.href } as unknown as DatabaseConfig;
}
