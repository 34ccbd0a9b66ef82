import type {
  Capabilities,
  Connection,
  Driver,
  Rows,
  RunOptions,
  Statement,
} from "../../driver/port.ts";
import { ConfigurationError, OrmError, QueryError } from "../../errors/base.ts";
import { driverClosed } from "../shared/refusals.ts";
import { checkStatement } from "../shared/statement_check.ts";
import { RecordedParams } from "./params.ts";
import type { Answer, RecordingOptions } from "./answers.ts";

/** One statement that was sent. */
export interface RecordedStatement {
  /** The SQL text. */
  readonly text: string;
  /** The bound values, hidden from print. */
  readonly params: RecordedParams;
  /** The connection that its transaction had, counted from 1; null when it went out by itself. */
  readonly transaction: number | null;
  /** What it gave back; null when it failed or is under way. */
  readonly rows: Rows | null;
  /** Why it failed; undefined when it did not. */
  readonly error: unknown;
}

/** A driver that writes down every statement. */
export interface Recording extends Driver {
  /** What was sent since the start or the last `clear()`, in order. */
  readonly statements: readonly RecordedStatement[];
  /** Forgets what was sent. */
  clear(): void;
  /**
   * Runs a function and gives what it sent. Without a database the function ends at the first
   * statement that nobody answers: that is no failure here.
   *
   * @throws what else the function throws
   */
  capture(fn: () => unknown): Promise<readonly RecordedStatement[]>;
}

/** A statement as it is being written down. */
type Draft = { -readonly [Key in keyof RecordedStatement]: RecordedStatement[Key] };

const NOTHING: Rows = { columns: [], rows: [], affected: 0 };

/** No type's OID: of a column that was given by its name alone, the type is not known. */
const UNKNOWN = 0;

/** What ends and divides transactions: there is nothing to answer. */
const COMMAND = /^(?:begin|commit|rollback|savepoint|release savepoint)\b/;

/** Most characters of a statement in a message. */
const LONGEST = 200;

const ALONE: Capabilities = {
  pipelining: true,
  namedStatements: true,
  concurrentConnections: true,
  cancel: false,
  listen: false,
};

/** The driver behind `recording()`. */
export class RecordingDriver implements Recording {
  readonly name: string = "recording";
  readonly capabilities: Capabilities;
  readonly #options: RecordingOptions;
  #statements: Draft[] = [];
  #connections = 0;
  #closed = false;

  /** Makes a driver; a driver inside stays as it is. */
  constructor(options: RecordingOptions) {
    this.#options = options;
    this.capabilities = options.driver?.capabilities ?? ALONE;
  }

  get statements(): readonly RecordedStatement[] {
    return this.#statements;
  }

  clear(): void {
    this.#statements = [];
  }

  async capture(fn: () => unknown): Promise<readonly RecordedStatement[]> {
    const before = this.#statements.length;
    try {
      await fn();
    } catch (error) {
      if (!isUnanswered(error)) throw error;
    }
    return this.#statements.slice(before);
  }

  async query(statement: Statement, options?: RunOptions): Promise<Rows> {
    const { driver } = this.#options;
    return await this.#record(
      statement,
      null,
      options,
      driver === undefined ? null : () => driver.query(statement, options),
    );
  }

  async acquire(options?: { readonly signal?: AbortSignal | undefined }): Promise<Connection> {
    if (this.#closed) throw driverClosed(this.name);
    const inner = await this.#options.driver?.acquire(options);
    const number = ++this.#connections;
    const send = (statement: Statement, how: RunOptions | undefined): Promise<Rows> =>
      this.#record(
        statement,
        number,
        how,
        inner === undefined ? null : () => inner.query(statement, how),
      );
    return {
      query: send,
      script: async (text) => {
        const run = async (): Promise<Rows> => {
          await inner?.script(text);
          return NOTHING;
        };
        await this.#record({ text, params: [] }, number, undefined, run);
      },
      listen: async (channel, onPayload, onEnd) => {
        if (inner !== undefined) return await inner.listen(channel, onPayload, onEnd);
        throw new ConfigurationError("A recording driver cannot listen without a database", {
          code: "listen_unsupported",
          hint: "Give it a driver: recording({ driver })",
        });
      },
      release: (how) => inner?.release(how),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#options.driver?.close();
  }

  async #record(
    statement: Statement,
    transaction: number | null,
    options: RunOptions | undefined,
    run: (() => Promise<Rows>) | null,
  ): Promise<Rows> {
    if (this.#closed) throw driverClosed(this.name);
    checkStatement(statement);
    options?.signal?.throwIfAborted();
    const params = new RecordedParams(statement.params);
    const draft: Draft = {
      text: statement.text,
      params,
      transaction,
      rows: null,
      error: undefined,
    };
    this.#statements.push(draft);
    try {
      return draft.rows = await this.#answer(statement, run);
    } catch (error) {
      draft.error = error;
      throw error;
    }
  }

  async #answer(statement: Statement, run: (() => Promise<Rows>) | null): Promise<Rows> {
    const { answers, unanswered } = this.#options;
    const answer = typeof answers === "function"
      ? answers(statement)
      : answers !== undefined && Object.hasOwn(answers, statement.text)
      ? answers[statement.text]
      : undefined;
    if (answer !== undefined) return rowsOf(answer);
    if (run !== null) return await run();
    if (COMMAND.test(statement.text) || unanswered === "empty") return NOTHING;
    throw new QueryError(`The recording driver has no answer to: ${beginning(statement.text)}`, {
      code: "unanswered_statement",
      hint: 'Give it answers or a driver, look with capture(), or set unanswered: "empty"',
    });
  }
}

/** A statement's text, cut for a message. */
function beginning(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function isUnanswered(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof OrmError && at.code === "unanswered_statement") return true;
  }
  return false;
}

function rowsOf(answer: Answer): Rows {
  if (answer.error !== undefined) throw answer.error;
  const rows = answer.rows ?? [];
  const columns = (answer.columns ?? []).map((column) =>
    typeof column === "string" ? { name: column, typeOid: UNKNOWN } : column
  );
  return { columns, rows, affected: answer.affected ?? rows.length };
}
