import type { Rows, RunOptions, Statement } from "../driver/port.ts";
import { ConnectionError, DatabaseError } from "../errors/database.ts";
import { type Caller, REPLICATION } from "./origin.ts";
import type { Database } from "./registry.ts";
import { isDown, isRecoveryConflict, Replica } from "./replica.ts";
import { type Transaction, transactionOn } from "./transaction.ts";
import { PRIMARY_END, WriteMark, writePlace } from "./wal_mark.ts";

/** What a read asks of the server that answers it. */
export interface ReadNeeds {
  /** Nobody asked for a replica by name: what a replica cannot do, the primary does. */
  readonly automatic: boolean;
  /** The statement was written by hand, so that nobody knows whether it only reads. */
  readonly mayWrite: boolean;
  /** A place in the log that the server must have reached, beside what this process wrote. */
  readonly after: bigint;
}

/** The replicas of a database: they take turns, and one that cannot answer is passed by. */
export class ReplicaSet {
  readonly #primary: Database;
  readonly #replicas: readonly Replica[];
  readonly #mark: WriteMark;
  #turn = 0;

  /** Takes over the replicas of a database. */
  constructor(primary: Database) {
    this.#primary = primary;
    this.#replicas = (primary.replicas ?? []).map((one) => new Replica(one));
    this.#mark = new WriteMark(
      primary,
      () => primary.query(PRIMARY_END, undefined, REPLICATION),
    );
  }

  /** Runs a statement that reads; tries one server after the other. */
  async run(
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller | undefined,
    needs: ReadNeeds,
  ): Promise<Rows> {
    const tried = new Set<Replica>();
    for (;;) {
      const replica = await this.#choose(needs, tried);
      if (replica === null) return await this.#standIn(statement, options, caller, needs);
      try {
        return await replica.query(statement, options, caller);
      } catch (error) {
        if (isReadOnly(error) && needs.automatic) {
          // a function that writes, a lock inside: it was not done, and is no matter for a replica
          return await this.#write(statement, options, caller);
        }
        if (!isDown(error) && !isRecoveryConflict(error)) throw error;
        options?.signal?.throwIfAborted();
        tried.add(replica);
      }
    }
  }

  /** Finds the server for several statements that belong together. */
  async server(needs: ReadNeeds): Promise<Database> {
    const tried = new Set<Replica>();
    for (;;) {
      const replica = await this.#choose(needs, tried);
      if (replica === null) return this.#primary;
      // what follows cannot be moved to another server halfway
      if (await unlessDown(() => replica.reached(0n)) !== null) return replica.database;
      tried.add(replica);
    }
  }

  /** Gives the place in the log up to which this process has written, as text for another process. */
  async token(): Promise<string> {
    // before the first write: what others have written until now
    if (this.#primary.writes === 0) this.#primary.wrote();
    return writePlace(await this.#mark.place());
  }

  /** Has the primary answer in place of a replica, which would refuse a write. */
  async #standIn(
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller | undefined,
    needs: ReadNeeds,
  ): Promise<Rows> {
    const primary = this.#primary;
    if (!needs.mayWrite) return await primary.query(statement, options, caller);
    const run = (tx: Transaction): Promise<Rows> => tx.run(statement, options, caller);
    return await transactionOn(primary, run, { readOnly: true });
  }

  async #write(
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller | undefined,
  ): Promise<Rows> {
    try {
      return await this.#primary.query(statement, options, caller);
    } finally {
      this.#primary.wrote();
    }
  }

  /**
   * Chooses the next replica that is there and far enough; null for the primary.
   *
   * @throws {ConnectionError} there is none, and the primary shall not stand in
   */
  async #choose(needs: ReadNeeds, tried: ReadonlySet<Replica>): Promise<Replica | null> {
    const { readYourWrites, replicaWaitMs } = this.#primary.config;
    const place = readYourWrites ? this.#mark.present ?? await this.#mark.place() : 0n;
    const least = place > needs.after ? place : needs.after;
    const chosen = this.#next(least, tried) ?? await this.#look(least, tried, replicaWaitMs);
    if (chosen !== null || this.#primary.config.replicaFallback) return chosen;
    throw noReplica(this.#primary.name);
  }

  /** The next one that is there and known to be far enough. */
  #next(least: bigint, tried: ReadonlySet<Replica>): Replica | null {
    const { length } = this.#replicas;
    for (let step = 0; step < length; step++) {
      const at = (this.#turn + step) % length;
      const replica = this.#replicas[at]!;
      if (tried.has(replica) || !replica.up || !replica.has(least)) continue;
      this.#turn = at + 1;
      return replica;
    }
    return null;
  }

  /** Asks those that are there how far they are, and waits a little for the first of them. */
  async #look(
    least: bigint,
    tried: ReadonlySet<Replica>,
    waitMs: number,
  ): Promise<Replica | null> {
    const { replicaFallback } = this.#primary.config;
    // where nobody stands in, a look at one that was down is waited for
    if (!replicaFallback) await Promise.all(this.#replicas.map(({ up, probe }) => up || probe));
    const { length } = this.#replicas;
    const turn = this.#turn++;
    const there = this.#replicas.map((_, step) => this.#replicas[(turn + step) % length]!)
      .filter((replica) => !tried.has(replica) && replica.up);
    let late: Replica | null = null;
    for (const replica of there) {
      const reached = await unlessDown(() => replica.reached(least));
      if (reached === true) return replica;
      if (reached === false) late ??= replica;
    }
    if (late === null) return null;
    const waited = late;
    return await unlessDown(() => waited.catchUp(least, waitMs)) === true ? waited : null;
  }
}

/** Gives null where the server is not there, which the replica has noted. */
async function unlessDown(look: () => Promise<boolean>): Promise<boolean | null> {
  try {
    return await look();
  } catch (error) {
    if (isDown(error)) return null;
    throw error;
  }
}

function isReadOnly(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlstate === "25006";
}

function noReplica(database: string): ConnectionError {
  return new ConnectionError({
    message: `No replica of database "${database}" can answer: all are down or behind`,
    sqlstate: "08006",
    code: "no_replica_available",
    hint: "Wait until one is back, or let the primary answer with replicaFallback: true",
    outcome: "rolledBack",
    retryable: true,
  });
}

const sets = new WeakMap<Database, ReplicaSet>();

/** The replicas of a database, which may be none. */
export function replicasOf(database: Database): ReplicaSet {
  let set = sets.get(database);
  if (set === undefined) sets.set(database, set = new ReplicaSet(database));
  return set;
}
