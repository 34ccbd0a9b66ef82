import { random } from "../util/host.ts";

/** Which database a cache is of, and who reads there. */
export interface CacheOrigin {
  /** The database itself: the same for all roles that log in to it. */
  readonly database: string;
  /** The name in the registry, the role, and the settings that its URL gives to sessions. */
  readonly scope: string;
}

/** What is known of a database by its registration. */
interface Registration {
  readonly name: string;
  readonly url: string;
  readonly driver: object | undefined;
}

/** Parameters of a URL that say how it is reached, and not who reads. */
const WAY: ReadonlySet<string> = new Set([
  ...["sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "connect_timeout"],
  ...["password", "application_name"],
]);

const drivers = new WeakMap<object, string>();
let made = 0;
let self: string | null = null;

/** A name for this process that no other one has. */
export function processToken(): string {
  return self ??= Array.from({ length: 4 }, () => random().toString(36).slice(2, 8)).join("");
}

/**
 * Tells where the rows of a database belong. What is not named by a URL, such as a driver that was
 * handed over, is known to this process alone.
 */
export function cacheOrigin({ name, url, driver }: Registration): CacheOrigin {
  if (driver !== undefined) {
    let known = drivers.get(driver);
    if (known === undefined) drivers.set(driver, known = localName());
    return { database: known, scope: JSON.stringify([name]) };
  }
  if (/^pglite:\/\/memory\b/.test(url)) {
    return { database: localName(), scope: JSON.stringify([name]) };
  }
  if (!URL.canParse(url)) return { database: localName(), scope: JSON.stringify([name]) };
  const { protocol, username, host, pathname, searchParams } = new URL(url);
  const settings: [string, string][] = [];
  searchParams.forEach((value, key) => {
    if (!WAY.has(key)) settings.push([key, value]);
  });
  settings.sort();
  const socket = searchParams.get("host") ?? "";
  const port = searchParams.get("port") ?? "";
  return {
    database: JSON.stringify([
      protocol.replace("postgresql", "postgres"),
      host,
      socket,
      port,
      searchParams.get("dbname") ?? pathname,
    ]),
    scope: JSON.stringify([name, searchParams.get("user") ?? username, settings]),
  };
}

/** A name that nothing else has, in this process or another. */
export function localName(): string {
  return `${processToken()}:${++made}`;
}
