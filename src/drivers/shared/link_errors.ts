import type { Statement } from "../../driver/port.ts";
import {
  ConnectionError,
  type DatabaseError,
  type FailedStatement,
  TimeoutError,
} from "../../errors/database.ts";
import { databaseError } from "../../errors/server.ts";
import { lookUpSqlstate } from "../../errors/sqlstate.ts";
import { fieldsOf, isServerError } from "./server_error.ts";

/** Where a driver connects to, for messages. No password is in it. */
export interface Target {
  /** The database's name in the registry. */
  readonly name: string;
  /** Host and port, or the socket's folder, and the database. */
  readonly place: string;
}

/** Why a link was given up: it owed an answer, and the server knows nothing of the work. */
export class Silence extends Error {}

/** The error of a prepared statement that DDL overtook within a transaction, which has failed with it. */
export function stalePlan(failed: FailedStatement, cause: unknown): DatabaseError {
  return databaseError({
    message: "A prepared statement no longer fits its table, which was changed meanwhile",
    sqlstate: (cause as { code: string }).code,
    code: "stale_plan",
    hint: "Run the whole transaction again: the statement is prepared anew",
    outcome: "rolledBack",
    retryable: true,
  }, failed);
}

/** The error of a statement that was not run because one before it failed; worded as the server does. */
export function skipped(failed: FailedStatement): DatabaseError {
  return databaseError({
    message: "current transaction is aborted, commands ignored until end of transaction block",
    sqlstate: "25P02",
  }, failed);
}

/** The error of a statement whose link is gone. */
export function lost(
  target: Target,
  failed: FailedStatement | undefined,
  sent: boolean,
  cause: unknown,
): ConnectionError {
  const why = cause instanceof Silence ? `: ${cause.message}` : "";
  return new ConnectionError({
    message: `Lost the connection to "${target.name}" (${target.place}) ${
      sent ? "while a statement was under way" : "before the statement was sent"
    }${why}`,
    sqlstate: "08006",
    code: "connection_lost",
    outcome: sent ? "unknown" : "rolledBack",
    retryable: !sent,
    hint: sent
      ? "Look whether the work was done before doing it again"
      : "Try again: the pool opens a new connection",
    cause: bare(cause),
  }, failed);
}

/** The error of a statement that took too long; `known` tells whether the server has ended it. */
export function timedOut(statement: Statement, timeoutMs: number, known: boolean): TimeoutError {
  return new TimeoutError({
    message: known
      ? `The statement took longer than ${timeoutMs} ms and was cancelled`
      : `The statement took longer than ${timeoutMs} ms, and the server did not say how it ended`,
    sqlstate: "57014",
    code: "timeout",
    hint: "Make the statement faster or raise timeoutMs",
    outcome: known ? "rolledBack" : "unknown",
  }, statement);
}

/** What is known of a pool in which no connection became free in time. */
export interface Shortage {
  /** Most connections. */
  readonly max: number;
  /** How long was waited, in ms. */
  readonly limitMs: number;
  /** How many callers wait. */
  readonly waiting: number;
  /** How many connections are held. */
  readonly held: number;
  /** The one that is held for longest, in words. */
  readonly longest: string;
}

/** The error of a caller for whom no connection became free in time. */
export function noneFree(target: Target, pool: Shortage): ConnectionError {
  return new ConnectionError({
    message: `Cannot get a connection to "${target.name}" (${target.place}): none of ${pool.max} ` +
      `became free within ${pool.limitMs} ms (waiting: ${pool.waiting}, ` +
      `held: ${pool.held}, longest holder: ${pool.longest})`,
    sqlstate: "08001",
    code: "acquire_timeout",
    hint: "Give connections back sooner, or raise poolMax or acquireTimeoutMs",
    outcome: "rolledBack",
    retryable: true,
  });
}

interface Diagnosis {
  readonly code: string;
  readonly what: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** Reads the reason of a failed connect off the error: its code first, else its text. */
const diagnoses: readonly (readonly [RegExp, Diagnosis])[] = [
  [/ECONNREFUSED|CONNECTION_REFUSED/, {
    code: "connection_refused",
    what: "nothing accepts connections there",
    hint: "Start the server, or correct the host and port of the URL",
    retryable: true,
  }],
  [/ENOTFOUND|EAI_|failed to lookup address/, {
    code: "unknown_host",
    what: "the host name cannot be resolved",
    hint: "Correct the host name of the URL",
  }],
  [/ENOENT/, {
    code: "connection_refused",
    what: "there is no socket in that folder",
    hint: "Start the server, or correct the socket's folder and the port of the URL",
    retryable: true,
  }],
  [/ETIMEDOUT|CONNECT(?:ION)?_TIMEOUT|timeout expired|connection timeout/, {
    code: "connect_timeout",
    what: "the server did not answer in time",
    hint:
      "Look at the network and firewalls between here and the server, or raise connectTimeoutMs",
    retryable: true,
  }],
  [/EHOSTUNREACH|ENETUNREACH/, {
    code: "server_unreachable",
    what: "there is no route to the host",
    hint: "Look at the network between here and the server",
    retryable: true,
  }],
  [/does not support SSL/, {
    code: "tls_unsupported",
    what: "the server does not speak TLS",
    hint: "Turn ssl on at the server, or set sslmode=disable in the URL",
  }],
  [/altnames|ALTNAME|NotValidForName|not valid for name/i, {
    code: "tls_certificate",
    what: "the server's certificate is for another host name",
    hint: "Use the host name of the certificate, or sslmode=verify-ca to skip the name",
  }],
  [/certificate|CERT|UnknownIssuer|UNABLE_TO|self.signed|SSL|TLS|handshake/, {
    code: "tls_certificate",
    what: "the TLS connection failed, as a rule because the certificate is not trusted",
    hint: "Name the authority's certificate with sslrootcert in the URL",
  }],
  [/password must be/, {
    code: "password_missing",
    what: "the server asks for a password and the URL has none",
    hint: "Add the password to the URL, percent-encoded",
  }],
  // how Deno tells of a host whose name may not be looked up: getaddrinfo EPERM
  [/getaddrinfo EPERM|NotCapable|Requires .* access/, {
    code: "permission_missing",
    what: "the runtime does not permit it",
    hint: "Run with --allow-net for the server's host and port, and --allow-env or --ignore-env",
  }],
  [/terminated|bytes from socket|ECONNRESET|EPIPE|CONNECTION_(?:CLOSED|DESTROYED|ENDED)/, {
    code: "connection_closed",
    what: "the other side closed the connection at once",
    hint: "Make sure that a PostgreSQL server listens there, and look at its log",
    retryable: true,
  }],
];

const unclear: Diagnosis = {
  code: "connection_failed",
  what: "the connection failed",
  hint: "See the cause",
};

/** Everything that the error and the errors inside it say. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors.map(wordsOf).join(" ") : "";
  return `${typeof code === "string" ? code : ""} ${error.name} ${error.message} ${inner}`;
}

/** The error underneath without its other properties: a TLS error drags the whole certificate along. */
function bare(error: unknown): Error {
  const { code } = error as { code?: unknown };
  const copy = new Error(error instanceof Error ? error.message : String(error));
  if (error instanceof Error && error.stack !== undefined) copy.stack = error.stack;
  return typeof code === "string" ? Object.assign(copy, { code }) : copy;
}

/** Turns what a package threw while connecting into a ConnectionError. Nothing was done, so it is `rolledBack`. */
export function connectError(error: unknown, target: Target): DatabaseError {
  if (error instanceof ConnectionError) return error;
  const start = `Cannot connect to "${target.name}" (${target.place})`;
  if (isServerError(error)) {
    const fields = fieldsOf(error);
    const known = lookUpSqlstate(fields.sqlstate);
    const plain = /no encryption/.test(error.message);
    return new ConnectionError(
      {
        ...fields,
        message: `${start}: ${error.message}`,
        outcome: "rolledBack",
        ...(plain ? { hint: "The server wants TLS: add sslmode=require to the URL" } : {}),
        ...(/startup parameter/.test(error.message)
          ? { hint: 'This is a pooler that refuses session settings: use poolMode: "transaction"' }
          : {}),
        ...(known.family === "connection" ? {} : { code: "connection_rejected" }),
      },
      undefined,
      known,
    );
  }
  const words = wordsOf(error);
  const found = diagnoses.find(([pattern]) => pattern.test(words))?.[1] ?? unclear;
  return new ConnectionError({
    message: `${start}: ${found.what}`,
    sqlstate: "08001",
    code: found.code,
    hint: found.hint,
    outcome: "rolledBack",
    retryable: found.retryable ?? false,
    cause: bare(error),
  });
}

/** Whether an error says that the link was gone before its statement went out. */
export function neverWentOut(error: unknown): boolean {
  return error instanceof ConnectionError && error.code === "connection_lost" && error.retryable;
}
