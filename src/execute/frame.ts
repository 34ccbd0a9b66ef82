import { checkRunOptions } from "../driver/run_options.ts";
import type { Connection, Rows, RunOptions, Statement } from "../driver/port.ts";
import { OrmError, TransactionError } from "../errors/base.ts";
import { ConnectionError, DatabaseError } from "../errors/database.ts";
import { abortable, deadline } from "./abort.ts";
import type { CommitHook, SavepointOptions, Transaction } from "./handle.ts";
import { type Caller, TRANSACTION } from "./origin.ts";
import type { Database } from "./registry.ts";
import { currentScoped, hasAmbient, inside } from "./scope.ts";
import { send, settleOutcome } from "./send.ts";

/** The connection of a transaction, shared by those nested in it. */
export interface Link {
  /** The database. */
  readonly database: Database;
  /** The connection that all of them hold alone. */
  readonly connection: Connection;
  /** How many savepoints were made so far. */
  savepoints: number;
  /** Why the connection is gone. */
  lost: { readonly error: unknown } | null;
}

/** What the library itself does at the end of transactions, for what was noted in them. */
export interface EndWork<Item> {
  /** What the statements to send right before COMMIT are for. */
  readonly caller: Caller;
  /** The statements to send right before COMMIT. */
  lastStatements(items: readonly Item[]): readonly Statement[];
  /** Called once the items are committed, or may be, before any `afterCommit` function; must not throw. */
  ended(items: readonly Item[], sure: boolean): void | Promise<void>;
}

/** One transaction, outermost or nested, from its start to its end. */
export class Frame implements Transaction {
  /** The database's name in the registry. */
  readonly database: string;
  /** The database that it belongs to, by identity. */
  readonly owner: Database;
  /** Itself, so that a transaction serves as a session. */
  readonly transaction: Transaction = this;
  readonly #link: Link;
  readonly #parent: Frame | null;
  readonly #signal: AbortSignal | undefined;
  #state: "open" | "closing" | "ended" = "open";
  #failure: { readonly error: unknown } | null = null;
  /** Why a statement was given up; the server may have ended the transaction for it. */
  #givenUp: { readonly error: unknown } | null = null;
  /** The end of the nested transaction under way, or of the last of those that wait for it. */
  #turn: Promise<void> | null = null;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #hooks: CommitHook[] = [];
  readonly #undos: (() => void)[] = [];
  /** What was noted for the end, by who asked. */
  readonly #noted = new Map<EndWork<unknown>, unknown[]>();

  /** Starts on a connection; a nested one names its parent. */
  constructor(link: Link, parent: Frame | null, signal: AbortSignal | undefined) {
    this.#link = link;
    this.owner = link.database;
    this.database = link.database.name;
    this.#parent = parent;
    this.#signal = signal;
  }

  /** The first failure of a statement in it; null when none failed. */
  get failure(): { readonly error: unknown } | null {
    return this.#link.lost ?? this.#failure;
  }

  /** What to call after the commit. */
  get hooks(): readonly CommitHook[] {
    return this.#hooks;
  }

  /** Whether it takes no more statements. */
  get ended(): boolean {
    return this.#state === "ended" || this.#ancestorEnded();
  }

  /** Runs one statement in it, or in the nested transaction whose function makes the call. */
  run(statement: Statement, options?: RunOptions, caller?: Caller): Promise<Rows> {
    checkRunOptions(options);
    return this.#onInnermost((frame) => frame.#run(statement, options, caller));
  }

  /** Runs a function in a nested transaction. */
  savepoint<Result>(
    fn: (tx: Transaction) => Promise<Result>,
    options: SavepointOptions = {},
  ): Promise<Result> {
    return this.#onInnermost((frame) => frame.#nest(fn, options));
  }

  /** Calls a function once the outermost transaction is committed. */
  afterCommit(fn: CommitHook): void {
    const frame = this.#innermost();
    if (frame.#state === "ended" || frame.#ancestorEnded()) throw frame.#closed("add a hook");
    frame.#hooks.push(fn);
  }

  /** Calls a function when what was done so far is rolled back. */
  afterRollback(fn: () => void): void {
    const frame = this.#innermost();
    if (frame.#state === "ended" || frame.#ancestorEnded()) throw frame.#closed("add a hook");
    frame.#undos.push(fn);
  }

  /** Notes something for the end of the outermost transaction; forgotten when this one is rolled back. */
  note<Item>(work: EndWork<Item>, item: Item): void {
    this.#innermost().#keep(work as EndWork<unknown>, [item]);
  }

  #keep(work: EndWork<unknown>, items: readonly unknown[]): void {
    const present = this.#noted.get(work);
    if (present === undefined) this.#noted.set(work, [...items]);
    else present.push(...items);
  }

  /** Sends what is to go out right before COMMIT, without waiting: its failure makes COMMIT one. */
  sendLast(): void {
    for (const [work, items] of this.#noted) {
      for (const statement of work.lastStatements(items)) {
        this.#send(statement, undefined, work.caller).catch(() => {});
      }
    }
  }

  /** Tells those who noted something that it is committed, or may be. */
  async tellEnd(sure: boolean): Promise<void> {
    for (const [work, items] of this.#noted) await work.ended(items, sure);
  }

  /** Tells those who asked that what was done is rolled back. */
  rolledBack(): void {
    for (const undo of this.#undos.splice(0).reverse()) undo();
  }

  /**
   * Takes no more statements and waits for those under way.
   *
   * @throws {TransactionError} a statement failed, so that there is nothing to commit
   */
  async settle(): Promise<void> {
    this.#state = "closing";
    while (this.#pending.size > 0) {
      for (const end of await Promise.allSettled([...this.#pending])) {
        if (end.status === "rejected") this.#failure ??= { error: end.reason };
      }
    }
    if (this.failure !== null) throw this.#failed("commit");
  }

  /** Takes no more statements, of nested transactions neither. */
  end(): void {
    this.#state = "ended";
  }

  /** Sends what opens it; each wording is prepared once. */
  begin(text: string, options?: RunOptions): Promise<Rows> {
    return this.#send({ text, params: [], name: text, opens: true }, options, TRANSACTION);
  }

  /** Sends a command of the transaction's own, whatever its state. */
  command(text: string, options?: RunOptions): Promise<Rows> {
    return this.#send({ text, params: [] }, options, TRANSACTION);
  }

  async #send(
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller | undefined,
  ): Promise<Rows> {
    try {
      return await send(this.owner.together, this.#link.connection, statement, options, caller);
    } catch (error) {
      throw this.#note(error);
    }
  }

  async #run(
    statement: Statement,
    options: RunOptions | undefined,
    caller: Caller | undefined,
  ): Promise<Rows> {
    this.#refuseUnlessOpen();
    if (this.#turn !== null) await this.#turn;
    this.#refuseIfOver();
    return await this.#send(statement, this.#under(options), caller);
  }

  /** Adds the transaction's own signal to a statement's options. */
  #under(options: RunOptions | undefined): RunOptions | undefined {
    if (this.#signal === undefined) return options;
    const own = options?.signal;
    const signal = own === undefined ? this.#signal : AbortSignal.any([this.#signal, own]);
    return { ...options, signal };
  }

  async #nest<Result>(
    fn: (tx: Transaction) => Promise<Result>,
    options: SavepointOptions,
  ): Promise<Result> {
    this.#refuseUnlessOpen();
    const before = this.#turn;
    let free = (): void => {};
    const turn = new Promise<void>((resolve) => free = resolve);
    this.#turn = turn;
    try {
      if (before !== null) await before;
      this.#refuseIfOver();
      return await this.#nested(fn, options);
    } finally {
      if (this.#turn === turn) this.#turn = null;
      free();
    }
  }

  async #nested<Result>(
    fn: (tx: Transaction) => Promise<Result>,
    options: SavepointOptions,
  ): Promise<Result> {
    const limit = deadline(this.database, options, this.#signal);
    const name = `"matrx_${++this.#link.savepoints}"`;
    const child = new Frame(this.#link, this, limit.signal);
    try {
      await this.command(`savepoint ${name}`);
      let result: Result;
      try {
        result = await abortable(inside(child, async () => await fn(child)), limit.signal);
        await abortable(child.settle(), limit.signal);
      } catch (error) {
        child.end();
        await this.#undo(name);
        child.rolledBack();
        throw error;
      }
      child.end();
      await this.command(`release savepoint ${name}`);
      this.#hooks.push(...child.#hooks);
      this.#undos.push(...child.#undos);
      for (const [work, items] of child.#noted) this.#keep(work, items);
      return result;
    } finally {
      limit.clear();
    }
  }

  /** Rolls back to a savepoint. A failure is noted, so that this transaction fails at its end. */
  async #undo(name: string): Promise<void> {
    if (this.#link.lost !== null || this.#state === "ended" || this.#ancestorEnded()) return;
    const commands = [`rollback to savepoint ${name}`, `release savepoint ${name}`];
    await Promise.allSettled(commands.map((text) => this.command(text)));
  }

  #onInnermost<Result>(start: (frame: Frame) => Promise<Result>): Promise<Result> {
    let frame: Frame;
    try {
      frame = this.#innermost();
    } catch (error) {
      return Promise.reject(error);
    }
    const work = start(frame);
    frame.#pending.add(work);
    const done = (): void => void frame.#pending.delete(work);
    // a dropped promise does not end the process: its failure fails the transaction
    work.then(done, done);
    return work;
  }

  /** The nested transaction that the present flow is in, if it is one of this; else this one. */
  #innermost(): Frame {
    const ambient = currentFrame(this.owner);
    let open: Frame | null = null;
    for (let frame = ambient ?? null; frame !== null; frame = frame.#parent) {
      if (frame === this) return open ?? this;
      if (open === null && frame.#state !== "ended") open = frame;
    }
    if (this.#turn !== null && !hasAmbient()) {
      throw new TransactionError(
        `Cannot use the transaction on database "${this.database}": one nested in it is under way`,
        {
          code: "nested_transaction_under_way",
          hint: "Inside the nested function use the transaction that it is given",
          context: { database: this.database },
        },
      );
    }
    return this;
  }

  #ancestorEnded(): boolean {
    for (let frame = this.#parent; frame !== null; frame = frame.#parent) {
      if (frame.#state === "ended") return true;
    }
    return false;
  }

  #refuseUnlessOpen(): void {
    if (this.#state === "open" && !this.#ancestorEnded()) return;
    const error = this.#closed("run a statement");
    // half of what an escaped call does must not be committed
    if (this.#state === "closing") this.#failure ??= { error };
    throw error;
  }

  #refuseIfOver(): void {
    if (this.#state === "ended" || this.#ancestorEnded()) throw this.#closed("run a statement");
    if (this.failure !== null) throw this.#failed("run a statement");
  }

  #closed(what: string): TransactionError {
    return new TransactionError(
      `Cannot ${what}: the transaction on database "${this.database}" has ended`,
      {
        code: "transaction_ended",
        hint: "Await every query inside the transaction's function",
        context: { database: this.database },
      },
    );
  }

  #failed(what: string): TransactionError {
    const cause = this.failure?.error;
    const code = cause instanceof OrmError ? ` (${cause.code})` : "";
    return new TransactionError(
      `Cannot ${what}: an earlier statement of the transaction on database "${this.database}" ` +
        `failed${code}`,
      {
        code: "transaction_failed",
        hint: "Let the error end the transaction, or wrap the step that may fail in a nested one",
        context: { database: this.database },
        cause,
      },
    );
  }

  /** Writes down what an error means for the transaction; gives the error to throw. */
  #note(error: unknown): unknown {
    if (!(error instanceof DatabaseError)) {
      this.#givenUp ??= { error };
      return error;
    }
    if (error instanceof ConnectionError || error.severity === "FATAL") {
      this.#link.lost ??= { error };
      // nothing is committed before COMMIT is sent
      return settleOutcome(error, "rolledBack", error instanceof ConnectionError);
    }
    if (error.sqlstate !== "25P02") {
      this.#failure ??= { error };
      return settleOutcome(error, "rolledBack", error.retryable);
    }
    this.#failure ??= this.#givenUp ?? { error };
    return this.#failed("run a statement");
  }
}

/** Finds the innermost transaction of a database that the present flow is in, ended ones too. */
export function currentFrame(database: Database): Frame | undefined {
  // only frames are ever carried along, each with its database as owner
  return currentScoped(database) as Frame | undefined;
}
