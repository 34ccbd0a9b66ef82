import { readFileSync } from "node:fs";
import type { DriverOptions } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { ClientClass, type PgConfig } from "./module.ts";
import type { Target } from "../shared/link_errors.ts";
import { readRows } from "./row_reader.ts";
import { sessionSettings } from "../shared/session_settings.ts";

/** What a URL comes to. */
export interface Resolved {
  /** The pool's options. */
  readonly config: PgConfig;
  /** Where it goes, for messages. */
  readonly target: Target;
  /** `sslmode` is `prefer` or `allow`: a server without TLS is taken as well. */
  readonly plainToo: boolean;
}

const KNOWN = new Set([
  ...["host", "port", "user", "password", "dbname", "application_name", "options"],
  ...["sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "connect_timeout"],
]);

/** Parameters of other tools and of libpq that change nothing here. */
const IGNORED = new Set([
  ...["channel_binding", "gssencmode", "keepalives", "target_session_attrs", "client_encoding"],
  ...["pgbouncer", "connection_limit", "pool_timeout", "uselibpqcompat", "supa"],
]);

function bad(name: string, wrong: string, hint: string): never {
  throw new ConfigurationError(`Cannot use the URL of "${name}": ${wrong}`, {
    code: "bad_url",
    hint,
    context: { database: name },
  });
}

const SHAPE =
  "Write postgres://user:password@host:5432/database, special characters percent-encoded";

function parse(name: string, text: string): URL {
  const scheme = /^postgres(?:ql)?:\/\//.exec(text);
  if (scheme === null) bad(name, "it does not start with postgres:// or postgresql://", SHAPE);
  try {
    return new URL(text);
  } catch {
    // a user without a host, as in postgres://user@/db?host=/run/postgresql, is no URL elsewhere
    const rest = text.slice(scheme[0].length);
    const patched = `${scheme[0]}${rest.replace(/^([^/?#]*)@(?=[/?#]|$)/, "$1@localhost")}`;
    // no cause: the text of the URL, and the password in it, is in that error
    if (!URL.canParse(patched)) bad(name, "it is not a URL", SHAPE);
    return new URL(patched);
  }
}

function decode(name: string, part: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return bad(name, `its ${part} is not percent-encoded`, "Write % as %25 and @ as %40");
  }
}

function readCertificate(name: string, key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`Cannot read the file that ${key} names for "${name}": ${path}`, {
      code: "unreadable_certificate",
      hint: "Correct the path or the rights of the file",
      cause,
    });
  }
}

/**
 * Reads sslmode as libpq names it. Without one the link is plain.
 *
 * `prefer` and `allow` take TLS when the server has it; `require` encrypts and checks nothing unless
 * `sslrootcert` is given; `verify-ca` checks who signed the certificate, `verify-full` its host name too.
 */
function readTls(name: string, query: ReadonlyMap<string, string>): PgConfig["ssl"] {
  const mode = query.get("sslmode") ?? (query.has("sslrootcert") ? "verify-full" : "disable");
  const root = query.get("sslrootcert");
  const tls: Record<string, unknown> = {};
  if (root !== undefined && root !== "system") tls.ca = readCertificate(name, "sslrootcert", root);
  for (const [key, at] of [["sslcert", "cert"], ["sslkey", "key"]] as const) {
    const path = query.get(key);
    if (path !== undefined) tls[at] = readCertificate(name, key, path);
  }
  switch (mode) {
    case "disable":
      return false;
    case "allow":
    case "prefer":
    case "no-verify":
      return { ...tls, rejectUnauthorized: false };
    case "require":
      // libpq too takes a named authority as the wish to have it checked
      if (root === undefined) return { ...tls, rejectUnauthorized: false };
      return { ...tls, checkServerIdentity: () => undefined };
    case "verify-ca":
      return { ...tls, checkServerIdentity: () => undefined };
    case "verify-full":
      return tls;
    default:
      return bad(
        name,
        "its sslmode is unknown",
        "Use disable, allow, prefer, require, verify-ca or verify-full",
      );
  }
}

function readQuery(name: string, url: URL): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [key, value] of url.searchParams) {
    if (IGNORED.has(key)) continue;
    if (key === "schema") {
      bad(
        name,
        "it has a parameter schema, which does nothing here",
        "Take it out and name the schema with --schema, or with schemas of registerDatabase()",
      );
    }
    if (!KNOWN.has(key)) {
      // an @ here means that a password with a bare ? was cut in two: nothing of it is shown
      const what = url.search.includes("@") ? "" : ` ${JSON.stringify(key)}`;
      bad(name, `it has an unknown parameter${what}`, `Known ones: ${[...KNOWN].join(", ")}`);
    }
    query.set(key, value);
  }
  return query;
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  return bad(name, "its port is not a number from 1 to 65535", SHAPE);
}

/**
 * Reads a URL and the options into what the pool needs.
 *
 * @throws {ConfigurationError} the URL cannot be read; its text is never shown
 */
export function resolve(options: DriverOptions): Resolved {
  const { name } = options;
  const url = parse(name, options.url);
  const query = readQuery(name, url);
  const part = (key: string, text: string): string | undefined =>
    query.get(key) ?? (text === "" ? undefined : decode(name, key, text));
  const host = part("host", url.hostname.replace(/^\[(.+)\]$/, "$1"));
  if (host?.includes(",")) bad(name, "it names several hosts", "Name one host");
  const port = readPort(name, query.get("port") ?? url.port);
  const user = part("user", url.username);
  const password = part("password", url.password);
  const database = part("dbname", url.pathname.slice(1));
  const socket = host?.startsWith("/") ?? false;
  const ssl = socket ? false : readTls(name, query);
  const mode = query.get("sslmode");
  const seconds = Number(query.get("connect_timeout") ?? Number.NaN);
  const connectTimeout = Number.isFinite(seconds) ? seconds * 1000 : options.connectTimeoutMs;
  const config: PgConfig = {
    host,
    port,
    user,
    database,
    // a function, so that printing the pool or a client cannot show it
    password: password === undefined ? undefined : () => password,
    ssl,
    sslnegotiation: ssl === false ? undefined : query.get("sslnegotiation"),
    options: startupOptions(options, query.get("options")),
    application_name: query.get("application_name"),
    fallback_application_name: "matrx-orm",
    keepAlive: true,
    max: options.poolMax,
    idleTimeoutMillis: options.idleTimeoutMs,
    // a connection that nobody uses must not keep a program from ending
    allowExitOnIdle: true,
    pipeline: true,
    Client: clientClass(connectTimeout),
  };
  const place = `${host ?? "localhost"}${port === undefined ? "" : `:${port}`}/${database ?? ""}`;
  return { config, target: { name, place }, plainToo: mode === "prefer" || mode === "allow" };
}

/** How long the server may take to close its side once it was told goodbye, in ms. */
const GOODBYE_LIMIT = 1_000;

type Connected = (error?: Error) => void;

function clientClass(connectTimeoutMs: number): unknown {
  return class extends ClientClass {
    constructor(given: PgConfig) {
      // the pool would use its own timeout for waiting callers as well, and hides the password from a copy
      super({ ...given, password: given.password, connectionTimeoutMillis: connectTimeoutMs });
      readRows(this.connection);
    }

    /** Connects, and closes the socket when that fails: pg leaves it to the server's authentication_timeout. */
    override connect(done: Connected): void {
      super.connect((error) => {
        if (error) this.connection.stream.destroy();
        done(error);
      });
    }

    /** Says goodbye, and closes the socket when nobody hears it: the other side may be gone. */
    override end(done: () => void = () => {}): void {
      const timer = setTimeout(() => this.connection.stream.destroy(), GOODBYE_LIMIT);
      super.end(() => {
        clearTimeout(timer);
        done();
      });
    }
  };
}

function startupOptions(options: DriverOptions, own: string | undefined): string | undefined {
  if (options.poolMode === "transaction") return own;
  const settings = [...sessionSettings];
  if (options.statementTimeoutMs > 0) {
    settings.push(["statement_timeout", String(options.statementTimeoutMs)]);
  }
  // a blank inside a value would start the next option
  const words = settings.map(([key, value]) => `-c ${key}=${value.replaceAll(" ", "")}`);
  return [...(own === undefined ? [] : [own]), ...words].join(" ");
}
