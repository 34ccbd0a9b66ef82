import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import { checkRunOptions } from "../driver/run_options.ts";
import { ConfigurationError, ValidationError } from "../errors/base.ts";
import { ReadOnlyError } from "../errors/database.ts";
import { currentFrame } from "./frame.ts";
import type { Session, Transaction } from "./handle.ts";
import type { Caller } from "./origin.ts";
import { type Database, Databases, type ServerRole } from "./registry.ts";
import type { ReadNeeds, ReplicaSet } from "./replica_set.ts";
import { readPlace } from "./wal_mark.ts";

export type { Session, Transaction };

/**
 * What overrides the place where a model's queries run: a database by name, or a transaction.
 *
 * `replica` stands for the replicas of the model's database, `primary` for its primary even where
 * reads go to replicas by themselves; `main.replica` and `main.primary` for those of another database.
 */
export type Using = string | Transaction | Session;

/**
 * Chooses where a statement of a model runs that may write; null means the default database.
 *
 * `using` overrides the model's database. Without it the statement joins the transaction on that
 * database that the present flow of calls is in, never one on another database.
 *
 * @throws {ConfigurationError} no database has that name, or it was closed
 * @throws {ReadOnlyError} `using` asks for a replica
 */
export function sessionFor(
  database: string | null,
  using?: Using | null,
  databases: Databases = Databases.default,
): Session {
  if (using instanceof ReplicaSession) throw writeToReplica(using.database);
  if (typeof using === "object" && using !== null) return using;
  const [found, role] = find(databases, database, using);
  if (role === "replica") throw writeToReplica(found.name);
  return currentFrame(found) ?? autocommit(found).writes;
}

/**
 * Chooses where a statement runs that only reads. Outside a transaction that may be a replica: when
 * `using` asks for one or, for one that the library wrote, when the database reads from replicas.
 */
export function readerFor(
  database: string | null,
  using: Using | null,
  wording: "own" | "library" = "library",
  databases: Databases = Databases.default,
): Session {
  if (using instanceof ReplicaSession) return using.present(wording);
  if (typeof using === "object" && using !== null) return using;
  const [found, role] = find(databases, database, using);
  const frame = currentFrame(found);
  if (frame !== undefined) return frame;
  const sessions = autocommit(found);
  if (role === "replica") return asked(sessions, found).present(wording);
  if (wording === "own") return sessions.writes;
  return role === null && found.config.readFrom === "replicas" ? sessions.routed : sessions.reads;
}

/**
 * Finds the database whose cache a lookup may use; null where the lookup must not meet a cache: in a
 * transaction, on a replica that is asked for, and on a session that was handed over.
 */
export function cachedDatabase(
  database: string | null,
  using: Using | null,
  databases: Databases = Databases.default,
): Database | null {
  if (typeof using === "object" && using !== null) return null;
  const [found, role] = find(databases, database, using);
  return role === "replica" || currentFrame(found) !== undefined ? null : found;
}

/** The session of a database on which reads see what was committed: never a replica, never a transaction. */
export function primaryReads(database: Database): Session {
  return autocommit(database).reads;
}

function find(
  databases: Databases,
  database: string | null,
  using: string | null | undefined,
): [Database, ServerRole | null] {
  // nearly every statement: no alias to read
  if (using === null || using === undefined) return [databases.get(database), null];
  const { database: found, server } = databases.resolve(using, database);
  return [found, server];
}

/** The place of the same rows where they can be written: the primary of a replica. */
export function writableOf(using: Using | null): Using | null {
  if (using === null) return null;
  if (using instanceof ReplicaSession) return using.database;
  const isAlias = typeof using === "string" && /(?:^|\.)replica$/.test(using);
  return isAlias && !Databases.default.has(using)
    ? using.slice(0, -".replica".length) || null
    : using;
}

/**
 * Checks what `using()` is given: a forgotten transaction must not let a statement run outside of it.
 *
 * @throws {ValidationError} it is neither a name, a session nor a transaction
 */
export function checkUsing(target: Using): Using {
  if (typeof target === "string" || typeof target?.run === "function") return target;
  throw new ValidationError("using() is given neither a database nor a transaction", {
    code: "invalid_using",
    hint: "Give the name of a registered database, or the transaction of the callback",
  });
}

/** The sessions of a database on which each statement commits by itself. */
interface Sessions {
  /** For what may write. */
  readonly writes: Session;
  /** For what only reads, on the primary. */
  readonly reads: Session;
  /** For what only reads and goes to a replica where that is possible. */
  readonly routed: Session;
  /** For what is to be read on a replica; null where there are none. */
  readonly asked: ReplicaSession | null;
}

const sessions = new WeakMap<Database, Sessions>();

function autocommit(database: Database): Sessions {
  let present = sessions.get(database);
  if (present === undefined) sessions.set(database, present = sessionsOf(database));
  return present;
}

function sessionsOf(database: Database): Sessions {
  const reads: Session = {
    database: database.name,
    transaction: null,
    run(statement, options, caller) {
      checkRunOptions(options);
      return database.query(statement, options, caller);
    },
  };
  // nobody asks how far the primary is where there are no replicas
  if (database.replicas === null) return { reads, writes: reads, routed: reads, asked: null };
  return {
    reads,
    writes: {
      ...reads,
      async run(statement, options, caller) {
        try {
          return await reads.run(statement, options, caller);
        } finally {
          database.wrote();
        }
      },
    },
    routed: new ReplicaSession(database, { automatic: true, mayWrite: false, after: 0n }),
    asked: new ReplicaSession(database, { automatic: false, mayWrite: false, after: 0n }),
  };
}

function asked({ asked }: Sessions, database: Database): ReplicaSession {
  if (asked !== null) return asked;
  throw new ConfigurationError(`Database "${database.name}" has no replicas`, {
    code: "no_replicas",
    hint: "Register it with replicas: [...]; an empty list has the primary answer for them",
    context: { database: database.name },
  });
}

/** Reads on the replicas of a database. */
class ReplicaSession implements Session {
  readonly database: string;
  readonly transaction: null = null;
  readonly #primary: Database;
  readonly #needs: ReadNeeds;
  #guarded: ReplicaSession | null = null;
  #set: ReplicaSet | null = null;

  constructor(primary: Database, needs: ReadNeeds) {
    this.database = primary.name;
    this.#primary = primary;
    this.#needs = needs;
  }

  /** The session itself, or the transaction on its database that the present flow is in. */
  present(wording: "own" | "library"): Session {
    const frame = currentFrame(this.#primary);
    if (frame !== undefined) return frame;
    if (wording === "library") return this;
    return this.#guarded ??= new ReplicaSession(this.#primary, { ...this.#needs, mayWrite: true });
  }

  async run(statement: Statement, options?: RunOptions, caller?: Caller): Promise<Rows> {
    checkRunOptions(options);
    const set = this.#set ??= await setOf(this.#primary);
    return await set.run(statement, options, caller, this.#needs);
  }

  async server(): Promise<Database> {
    return await (await setOf(this.#primary)).server(this.#needs);
  }
}

/** Loads what only programs with replicas need. */
async function setOf(database: Database): Promise<ReplicaSet> {
  return (await import("./replica_set.ts")).replicasOf(database);
}

/** Finds the server on which a session's statements run outside a transaction, for several that belong together. */
export async function serverOf(session: Session): Promise<Database> {
  if (session instanceof ReplicaSession) return await session.server();
  return Databases.default.get(session.database);
}

/**
 * Gives a token of what this process has written to a database up to now, for `readAfter()` in
 * another process: in a cookie, a job or a message. Null means the default database.
 *
 * @throws {ConfigurationError} the database has no replicas
 *
 * @example
 * ```ts
 * import { closeAll, readAfter, registerDatabase, writeToken } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory", replicas: [] });
 * const token = await writeToken(); // into a cookie, after a write
 * const place = readAfter(token); // of the next request: Order.using(place).filter()
 * await closeAll();
 * ```
 */
export async function writeToken(database: string | null = null): Promise<string> {
  const found = Databases.default.get(database);
  asked(autocommit(found), found);
  return await (await setOf(found)).token();
}

/**
 * Makes a place for `using()` whose reads see what a token of `writeToken()` stands for: on a replica
 * that has it, else on the primary. Null means the default database.
 *
 * @throws {ValidationError} the token cannot be read
 * @throws {ConfigurationError} the database has no replicas
 *
 * @example
 * ```ts
 * import { closeAll, readAfter, registerDatabase, writeToken } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory", replicas: [] });
 * const token = await writeToken(); // after a write, in one process
 * const place = readAfter(token); // in another one: Order.using(place).filter()
 * await closeAll();
 * ```
 */
export function readAfter(token: string, database: string | null = null): Session {
  const found = Databases.default.get(database);
  asked(autocommit(found), found);
  const after = readPlace(token);
  return new ReplicaSession(found, { automatic: false, mayWrite: false, after });
}

function writeToReplica(database: string): ReadOnlyError {
  return new ReadOnlyError({
    message: `Cannot write to a replica of database "${database}"`,
    sqlstate: "25006",
    code: "write_to_replica",
    hint: "Leave using() out for writes and locking reads: they go to the primary",
  });
}
