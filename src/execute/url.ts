import { ConfigurationError } from "../errors/base.ts";
import { nearest } from "../util/nearest.ts";

/** The URL schemes that open a driver by themselves. */
export const URL_SCHEMES = ["postgres", "postgresql", "pglite"] as const;

/** A URL scheme that opens a driver by itself. */
export type UrlScheme = typeof URL_SCHEMES[number];

const MASK = "***";
const SECRET_PARAMETERS = /([?&](?:password|passfile|sslpassword|sslkey)=)[^&#]*/gi;

/**
 * Writes a connection URL without its password, for messages and logs.
 *
 * Also masks what looks like a password in a URL that cannot be read.
 *
 * @example
 * ```ts
 * import { redactUrl } from "@matrx/orm";
 *
 * console.log(redactUrl("postgres://ann:secret@localhost/shop")); // postgres://ann:***@localhost/shop
 * ```
 */
export function redactUrl(url: string): string {
  if (typeof url !== "string") return MASK;
  const start = url.indexOf("://");
  if (start === -1) return MASK;
  const scheme = url.slice(0, start + 3);
  // a password may hold unescaped `/`, `?` and `@`, so everything up to the last `@` is suspect
  const at = url.lastIndexOf("@");
  const rest = url.slice(at === -1 ? start + 3 : at);
  const login = at === -1 ? "" : url.slice(start + 3, at);
  const user = login.split(":", 1)[0] ?? "";
  const shown = login.includes(":") ? `${user}:${MASK}` : user;
  const host = at === -1 ? rest.replace(/^([^:/?#[]*):(?!\d*(?:[/?#]|$)).*$/s, `$1:${MASK}`) : rest;
  return `${scheme}${shown}${host.replace(SECRET_PARAMETERS, `$1${MASK}`)}`;
}

/**
 * Reads the scheme of a connection URL and checks the rest of it.
 *
 * @throws {ConfigurationError} it cannot be read, or no driver opens its scheme
 */
export function checkUrl(name: string, url: string): UrlScheme {
  const fail = (wrong: string, hint: string): ConfigurationError =>
    new ConfigurationError(`Cannot register database "${name}": ${wrong}`, {
      code: "invalid_url",
      hint,
      context: { database: name },
    });
  const split = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url);
  const works = `URLs that work start with ${URL_SCHEMES.map((s) => `${s}://`).join(", ")}`;
  if (split === null) throw fail("its URL has no scheme", works);
  const [, written = "", rest = ""] = split;
  const scheme = URL_SCHEMES.find((known) => known === written.toLowerCase());
  if (scheme === undefined) {
    const near = nearest(written, URL_SCHEMES);
    const meant = near === undefined ? works : `Did you mean ${near}://? ${works}`;
    throw fail(`no driver opens ${written}://`, meant);
  }
  if (scheme === "pglite") {
    if (rest === "") {
      throw fail("its URL names no folder", "Write pglite://memory or pglite://<folder>");
    }
    return scheme;
  }
  const form = `Write ${scheme}://user:password@host:5432/database, ` +
    "with special characters of the password percent-encoded";
  let parsed: URL;
  try {
    // a user and no host, as in user@/db?host=/run/postgresql, is no URL elsewhere
    parsed = new URL(`${scheme}://${rest.replace(/^([^/?#]*)@(?=[/?#]|$)/, "")}`);
    decodeURIComponent(parsed.username + parsed.password + parsed.pathname);
  } catch {
    // the parser's own error quotes the URL with its password
    throw fail("its URL cannot be read", form);
  }
  if (parsed.hostname === "" && !parsed.searchParams.has("host")) {
    throw fail("its URL names no host", form);
  }
  return scheme;
}

/** The parts of a server's address; each is escaped when the URL is built. */
export interface UrlParts {
  /** `postgres` or `postgresql`. */
  readonly protocol: string;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** The database's name on the server. */
  readonly database: string;
  /** The role to log in as. */
  readonly user: string;
  /** Its password; empty for none. */
  readonly password: string;
}

/** Builds a connection URL from its parts. */
export function buildUrl(parts: UrlParts): string {
  const encode = encodeURIComponent;
  const login = parts.password === ""
    ? encode(parts.user)
    : `${encode(parts.user)}:${encode(parts.password)}`;
  const bare = parts.host.includes(":") && !parts.host.startsWith("[");
  // a socket folder cannot stand where a host does
  if (parts.host.startsWith("/")) {
    return `${parts.protocol}://${login}@localhost:${parts.port}/${encode(parts.database)}` +
      `?host=${encode(parts.host)}`;
  }
  const host = bare ? `[${parts.host}]` : parts.host;
  return `${parts.protocol}://${login}@${host}:${parts.port}/${encode(parts.database)}`;
}
