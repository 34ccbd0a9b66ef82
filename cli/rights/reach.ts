/** What a database needs of the machine: hosts, sockets, files. */
import { basename, dirname, join, resolve } from "node:path";
import type { DatabaseConfig } from "../../src/execute/database_config.ts";

/** What one database needs, and whether it is the embedded one. */
export interface Reach {
  /** Hosts with their ports, and sockets. */
  readonly net: readonly string[];
  /** Files and folders that are read. */
  readonly read: readonly string[];
  /** Those that are written. */
  readonly write: readonly string[];
  /** Whether PostgreSQL runs in the process. */
  readonly embedded: boolean;
}

const NOTHING: Reach = { net: [], read: [], write: [], embedded: false };

/** The port of PostgreSQL. */
const PORT = "5432";

/** Parameters of a URL that name files. */
const FILES = ["sslrootcert", "sslcert", "sslkey"] as const;

/** Tells what connecting to a database takes; nothing for one whose driver the config brings. */
export function reachOf(database: Partial<DatabaseConfig>): Reach {
  const { url, host, port } = database;
  if (database.driver !== undefined) return NOTHING;
  if (typeof url === "string") return reachOfUrl(url);
  return host === undefined ? NOTHING : server(host, String(port ?? PORT), []);
}

function reachOfUrl(url: string): Reach {
  if (url.startsWith("pglite://")) return embedded(url.slice("pglite://".length));
  const rest = /^postgres(?:ql)?:\/\/(.*)$/is.exec(url)?.[1];
  if (rest === undefined) return NOTHING;
  // a user and no host, as in user@/db?host=/run/postgresql, is no URL elsewhere
  const text = `postgres://${rest.replace(/^([^/?#]*)@(?=[/?#]|$)/, "")}`;
  // what is wrong with it is said by what opens it
  if (!URL.canParse(text)) return NOTHING;
  const { hostname, port, searchParams } = new URL(text);
  const host = searchParams.get("host") ?? decoded(hostname);
  const files = FILES.map((name) => searchParams.get(name))
    .filter((path) => path !== null && path !== "system")
    .map((path) => resolve(path!));
  return host === ""
    ? NOTHING
    : server(host, searchParams.get("port") ?? (port === "" ? PORT : port), files);
}

function server(host: string, port: string, files: readonly string[]): Reach {
  if (host.startsWith("/")) {
    const socket = `${host}/.s.PGSQL.${port}`;
    return { net: [`unix:${socket}`], read: [socket, ...files], write: [socket], embedded: false };
  }
  const bare = host.includes(":") && !host.startsWith("[");
  return {
    net: [`${bare ? `[${host}]` : host}:${port}`],
    read: files,
    write: [],
    embedded: false,
  };
}

function embedded(rest: string): Reach {
  if (rest === "memory" || rest === "") return { ...NOTHING, embedded: true };
  const folder = resolve(decoded(rest));
  // the lock lies beside the folder, and a new database is made under another name
  const beside = [".lock", ".new"].map((end) => join(dirname(folder), basename(folder) + end));
  const files = [folder, ...beside];
  return { net: [], read: files, write: files, embedded: true };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
