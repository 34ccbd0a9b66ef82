import type {
  Capabilities,
  Connection,
  Driver,
  Rows,
  RunOptions,
  Statement,
} from "../../driver/port.ts";
import { Held, heldSettings } from "../shared/held.ts";
import { neverWentOut, noneFree, type Target } from "../shared/link_errors.ts";
import type { PoolOptions } from "../shared/pool_options.ts";
import { driverClosed, transactionLeftOpen } from "../shared/refusals.ts";
import { askSettings, checkSettings, setSettings } from "../shared/session_settings.ts";
import { refuseSessionState } from "../shared/session_state.ts";
import { checkStatement } from "../shared/statement_check.ts";
import { AdapterConnection } from "./connection.ts";
import type { Line } from "./line.ts";
import { Lines } from "./lines.ts";
import type { Source } from "./seam.ts";

/** A driver over the pool of a package that knows nothing of it. */
export class AdapterDriver implements Driver {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly #source: Source;
  readonly #target: Target;
  readonly #lines: Lines;
  readonly #held: Held<Line, AdapterConnection>;
  /** A limit for every statement that the client keeps, because a pooler cannot; 0 for none. */
  readonly #defaultTimeoutMs: number;
  readonly #ownsSession: boolean;
  readonly #running = new Set<Promise<Rows>>();
  #closing: Promise<void> | undefined;

  /** Makes a driver; nothing is opened yet. */
  constructor(source: Source, options: PoolOptions) {
    const target = { name: options.name ?? "main", place: "a pool of the caller's" };
    const { acquireTimeoutMs = 10_000, statementTimeoutMs = 0 } = options;
    const pooled = options.poolMode === "transaction";
    this.name = source.name;
    this.#source = source;
    this.#target = target;
    this.#ownsSession = !pooled;
    this.#defaultTimeoutMs = pooled ? statementTimeoutMs : 0;
    this.capabilities = {
      pipelining: false,
      namedStatements: !pooled && source.prepares,
      concurrentConnections: source.max > 1,
      cancel: source.cancels,
      listen: !pooled && source.listen !== null,
    };
    this.#held = new Held(heldSettings(target.name, options), (hold) => {
      hold.link.broken = true;
      // who waits for an answer still does, though he let go of the connection
      hold.link.idle().then(() => {
        this.#held.delete(hold);
        this.#lines.give(hold.link);
      });
    });
    this.#lines = new Lines({
      source,
      target,
      acquireTimeoutMs,
      named: this.capabilities.namedStatements,
      prepare: (line) =>
        pooled ? check(line, target) : line.script(setSettings(statementTimeoutMs)),
      tooLate: (waiting) =>
        noneFree(target, {
          max: source.max,
          limitMs: acquireTimeoutMs,
          waiting,
          held: this.#held.size,
          longest: this.#held.longest(),
        }),
    });
  }

  async query(statement: Statement, options?: RunOptions): Promise<Rows> {
    checkStatement(statement);
    const running = this.#runTwice(statement, options);
    const end = (): void => void this.#running.delete(running);
    this.#running.add(running);
    running.then(end, end);
    return await running;
  }

  async acquire(options?: { readonly signal?: AbortSignal | undefined }): Promise<Connection> {
    this.#mustBeOpen();
    const trace = this.#held.trace();
    const line = await this.#lines.take(options?.signal);
    return this.#held.add(
      line,
      trace,
      (hold) =>
        new AdapterConnection(line, this.#source, this.#target, this.#ownsSession, () => {
          this.#held.delete(hold);
          this.#lines.give(line);
        }),
    );
  }

  close(): Promise<void> {
    return this.#closing ??= this.#shut();
  }

  async #runTwice(statement: Statement, options: RunOptions | undefined): Promise<Rows> {
    try {
      return await this.#runOnce(statement, options);
    } catch (error) {
      // another link may have it
      if (!neverWentOut(error) || this.#closing !== undefined) throw error;
      return await this.#runOnce(statement, options);
    }
  }

  async #runOnce(statement: Statement, options: RunOptions | undefined): Promise<Rows> {
    this.#mustBeOpen();
    if (!this.#ownsSession) refuseSessionState(statement.text);
    const { signal, timeoutMs = this.#defaultTimeoutMs } = options ?? {};
    const line = await this.#lines.take(signal);
    try {
      const rows = await line.run(statement, { signal, timeoutMs });
      if (line.open) throw transactionLeftOpen();
      return rows;
    } finally {
      // a cancel may still be under way on it
      if (line.load === 0) this.#lines.give(line);
      else line.idle().then(() => this.#lines.give(line));
    }
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw driverClosed(this.#target.name);
  }

  async #shut(): Promise<void> {
    // after this turn, so that later calls already see it closed
    await Promise.resolve();
    this.#lines.close();
    await Promise.allSettled([...this.#running]);
    await Promise.all(
      this.#held.connections().map(async (connection) => {
        await connection.line.idle();
        connection.release({ broken: true });
      }),
    );
    await this.#source.close?.();
  }
}

async function check(line: Line, target: Target): Promise<void> {
  const { rows } = await line.run({ text: askSettings(), params: [] });
  checkSettings(rows[0] ?? [], target);
}
