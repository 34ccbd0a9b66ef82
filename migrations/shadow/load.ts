import type { Connection } from "../../src/driver/port.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import { MigrationError } from "../../src/errors/base.ts";
import * as queries from "./queries.ts";

/** One statement for a shadow. */
export interface ShadowStatement {
  /** The statement, without a semicolon at its end. */
  readonly sql: string;
  /** Where it comes from, such as `db/objects/public/views.sql:12`; null = from a catalog. */
  readonly origin: string | null;
  /** Whether it is done with when what it makes is there already; default false. */
  readonly unlessThere?: boolean | undefined;
}

/** What the shadow can do about a statement that the server refused. */
export interface Remedies {
  /** Makes ready for a round: what came into being in the last one may be found by its bare name. */
  prepare(): Promise<unknown>;
  /** Makes a role that is missing; false = roles are not made here. */
  createRole(name: string): Promise<boolean>;
  /** Whether a statement whose extension is missing is refused like any other; default false. */
  readonly lenient?: boolean | undefined;
}

/** How many statements one transaction holds: each relation takes a place in the server's lock table. */
const BATCH = 200;

/** How many statements go out as one, as long as the server takes them all. */
const PIECE = 25;

/** How many refused statements a message lists. */
const MOST_LISTED = 5;

/** An extension that a shadow's server does not have. */
export class MissingExtensionError extends MigrationError {}

/** Statements that a shadow's server refuses, also after everything else is there. */
export class RefusedStatementsError extends MigrationError {
  // not printed with the error: it may be long
  readonly #statements: readonly ShadowStatement[];

  /** Makes an error about statements. */
  constructor(
    message: string,
    options: ConstructorParameters<typeof MigrationError>[1],
    statements: readonly ShadowStatement[],
  ) {
    super(message, options);
    this.#statements = statements;
  }

  /** The statements that were refused; all others were run. */
  get statements(): readonly ShadowStatement[] {
    return this.#statements;
  }
}

interface Refused {
  readonly statement: ShadowStatement;
  readonly error: DatabaseError;
}

/**
 * Runs statements in an order that works: what is refused is tried again after the others, until
 * nothing is left or nothing more gets through.
 *
 * @throws {MissingExtensionError} the server lacks an extension
 * @throws {MigrationError} statements are left that the server refuses
 * @throws {ConnectionError} the link was lost
 */
export async function loadStatements(
  connection: Connection,
  statements: readonly ShadowStatement[],
  remedies: Remedies,
): Promise<void> {
  let pending = statements.filter((one) => one.unlessThere !== true);
  // what others may say more of comes when they can say no more
  let optional = statements.filter((one) => one.unlessThere === true);
  while (pending.length > 0 || optional.length > 0) {
    const refused = await runRound(connection, pending, remedies);
    if (refused.length < pending.length) {
      pending = refused.map(({ statement }) => statement);
      continue;
    }
    const late = await runRound(connection, optional, remedies);
    if (late.length === optional.length) throw stuck([...refused, ...late]);
    optional = late.map(({ statement }) => statement);
  }
}

/**
 * Runs what of some statements the server takes, in an order that works; gives those that it refuses.
 *
 * @throws {ConnectionError} the link was lost
 */
export async function tryStatements(
  connection: Connection,
  statements: readonly ShadowStatement[],
  remedies: Remedies,
): Promise<readonly ShadowStatement[]> {
  for (let pending = statements;;) {
    const refused = await runRound(connection, pending, remedies);
    if (refused.length === pending.length || refused.length === 0) {
      return refused.map(({ statement }) => statement);
    }
    pending = refused.map(({ statement }) => statement);
  }
}

async function runRound(
  connection: Connection,
  statements: readonly ShadowStatement[],
  remedies: Remedies,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  await remedies.prepare();
  for (let at = 0; at < statements.length; at += BATCH) {
    refused.push(...await runBatch(connection, statements.slice(at, at + BATCH), remedies));
  }
  return refused;
}

async function runBatch(
  connection: Connection,
  statements: readonly ShadowStatement[],
  remedies: Remedies,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  await connection.script(queries.begin);
  try {
    for (let at = 0; at < statements.length; at += PIECE) {
      const piece = statements.slice(at, at + PIECE);
      if (await passes(connection, piece)) continue;
      for (const statement of piece) {
        const error = await attempt(connection, statement, remedies);
        if (error !== null) refused.push({ statement, error });
      }
    }
    await connection.script(queries.commit);
  } catch (error) {
    // the first fault is the one to report
    await connection.script(queries.rollback).catch(() => {});
    throw error;
  }
  return refused;
}

/** Runs statements in one exchange; false = the server refuses one, and none is done. */
async function passes(
  connection: Connection,
  statements: readonly ShadowStatement[],
): Promise<boolean> {
  if (statements.length === 1) return false;
  const script = queries.guarded(statements.map(({ sql }) => sql).join("\n;\n"));
  if (await refusalOf(connection.script(script)) === null) return true;
  await connection.script(queries.takeBack);
  return false;
}

/** What the server says when the schema, type or table is there already. */
const IS_THERE: ReadonlySet<string> = new Set(["42P06", "42710", "42P07"]);

/** The conditions under which a statement has to stand alone. */
const ALONE: ReadonlySet<string> = new Set(["25001", "55P04"]);

/** Runs one statement of a batch; gives the server's refusal, or null. */
async function attempt(
  connection: Connection,
  statement: ShadowStatement,
  remedies: Remedies,
): Promise<DatabaseError | null> {
  const error = await refusalOf(connection.script(queries.guarded(statement.sql)));
  if (error === null) return null;
  await connection.script(queries.takeBack);
  if (statement.unlessThere === true && IS_THERE.has(error.sqlstate)) return null;
  const extension = missingExtension(error);
  if (extension !== null && remedies.lenient !== true) throw lacking(extension, statement, error);
  if (ALONE.has(error.sqlstate)) return await runAlone(connection, statement);
  const role = missingRole(error);
  if (role === null || !await remedies.createRole(role)) return error;
  return await attempt(connection, statement, remedies);
}

async function runAlone(
  connection: Connection,
  statement: ShadowStatement,
): Promise<DatabaseError | null> {
  await connection.script(queries.commit);
  const error = await refusalOf(connection.script(statement.sql));
  await connection.script(queries.begin);
  return error;
}

async function refusalOf(work: Promise<unknown>): Promise<DatabaseError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof DatabaseError && !error.sqlstate.startsWith("08")) return error;
    throw error;
  }
}

// the server tells these names in its message alone
function missingRole(error: DatabaseError): string | null {
  if (error.sqlstate !== "42704") return null;
  return /role "(.+?)" does not exist/s.exec(error.message)?.[1] ?? null;
}

function missingExtension(error: DatabaseError): string | null {
  if (error.sqlstate !== "0A000" && error.sqlstate !== "58P01") return null;
  return /extension (?:control file ")?"?(?:[^"]*\/)?([^"/]+?)(?:\.control)?" /.exec(error.message)
    ?.[1] ?? null;
}

function lacking(
  extension: string,
  { origin }: ShadowStatement,
  cause: DatabaseError,
): MissingExtensionError {
  const where = origin === null ? "" : ` (${origin})`;
  return new MissingExtensionError(
    `Cannot build the shadow database: its server lacks the extension ${extension}${where}`,
    {
      code: "shadow_extension_missing",
      hint: "Use a shadow on a server that has it: --shadow=server, or --shadow=URL",
      context: { extension },
      cause,
    },
  );
}

/** The conditions that say that something is not there: mostly because another statement was refused. */
const ABSENT: ReadonlySet<string> = new Set([
  ...["42P01", "42703", "42704", "42883", "3F000", "3D000"],
]);

function stuck(all: readonly Refused[]): RefusedStatementsError {
  const isRoot = ({ error }: Refused) => !ABSENT.has(error.sqlstate);
  const refused = [...all.filter(isRoot), ...all.filter((one) => !isRoot(one))];
  const told = refused.slice(0, MOST_LISTED).map(({ statement: { sql, origin }, error }) =>
    `${origin === null ? "" : `${origin}: `}${opening(sql)}: ${error.message}`
  );
  const more = refused.length - told.length;
  const list = more === 0 ? told.join("\n  ") : `${told.join("\n  ")}\n  and ${more} more`;
  return new RefusedStatementsError(
    `Cannot build the shadow database: ${
      refused.length === 1 ? "a statement is" : `${refused.length} statements are`
    } refused\n  ${list}`,
    {
      code: "shadow_refused",
      hint: "Correct what the models and SQL objects declare; each must hold in an empty database",
      context: {
        statements: refused.length,
        origin: refused[0]!.statement.origin,
        sqlstate: refused[0]!.error.sqlstate,
      },
      cause: refused[0]!.error,
    },
    refused.map(({ statement }) => statement),
  );
}

/** The start of a statement in one line. */
function opening(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
