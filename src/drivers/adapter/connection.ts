import type { Connection, Rows, RunOptions, Statement } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import type { Target } from "../shared/link_errors.ts";
import { connectionReleased, noListenThroughPooler } from "../shared/refusals.ts";
import { refuseSessionState } from "../shared/session_state.ts";
import { checkStatement, checkText } from "../shared/statement_check.ts";
import { openingFault } from "./faults.ts";
import type { Line } from "./line.ts";
import type { Listen, Source } from "./seam.ts";

/** One subscription: how it is ended, and who hears that it has. */
interface Subscription {
  readonly stop: () => Promise<void>;
  readonly onEnd: (() => void) | undefined;
}

/** A connection that one caller holds. */
export class AdapterConnection implements Connection {
  /** The connection itself. */
  readonly line: Line;
  readonly #source: Source;
  readonly #target: Target;
  readonly #ownsSession: boolean;
  readonly #restore: () => void;
  readonly #subscriptions = new Set<Subscription>();
  #released = false;

  /** Wraps a line that `restore` takes back. */
  constructor(
    line: Line,
    source: Source,
    target: Target,
    ownsSession: boolean,
    restore: () => void,
  ) {
    this.line = line;
    this.#source = source;
    this.#target = target;
    this.#ownsSession = ownsSession;
    this.#restore = restore;
  }

  async query(statement: Statement, options?: RunOptions): Promise<Rows> {
    this.#mustBeHeld();
    checkStatement(statement);
    if (!this.#ownsSession) refuseSessionState(statement.text);
    return await this.line.run(statement, options);
  }

  async script(text: string): Promise<void> {
    this.#mustBeHeld();
    checkText("the script", text);
    if (!this.#ownsSession) refuseSessionState(text);
    await this.line.script(text);
  }

  async listen(
    channel: string,
    onPayload: (payload: string) => void,
    onEnd?: () => void,
  ): Promise<() => Promise<void>> {
    this.#mustBeHeld();
    const subscribe = this.#mustListen(channel);
    checkText("the channel's name", channel);
    let over = false;
    const hear = (payload: string): void => {
      // on its own turn: what it throws must not reach the reader of the stream
      queueMicrotask(() => {
        if (!over) onPayload(payload);
      });
    };
    let stop: () => Promise<void>;
    try {
      stop = await subscribe(channel, hear, () => this.#end(entry));
    } catch (error) {
      throw openingFault(error, this.#source, this.#target);
    }
    const entry: Subscription = {
      onEnd,
      stop: async () => {
        if (over) return;
        over = true;
        await stop();
      },
    };
    this.#subscriptions.add(entry);
    if (this.#released) this.#end(entry);
    return async () => {
      if (this.#subscriptions.delete(entry)) await entry.stop();
    };
  }

  release(options?: { readonly broken?: boolean }): void {
    if (this.#released) return;
    this.#released = true;
    if (options?.broken === true) this.line.broken = true;
    for (const entry of [...this.#subscriptions]) this.#end(entry);
    this.#restore();
  }

  /** Tells who still listens that nothing will come any more. */
  #end(entry: Subscription): void {
    if (!this.#subscriptions.delete(entry)) return;
    // the link of a subscription may be gone, and with it the subscription
    entry.stop().catch(() => {});
    if (entry.onEnd !== undefined) queueMicrotask(entry.onEnd);
  }

  #mustListen(channel: string): Listen {
    const { listen, name } = this.#source;
    if (!this.#ownsSession) throw noListenThroughPooler(channel);
    if (listen !== null) return listen;
    throw new ConfigurationError(`Cannot listen to "${channel}": ${name} has no way to`, {
      code: "listen_unsupported",
      hint: "Use the driver node_pg where payloads are to be heard",
    });
  }

  #mustBeHeld(): void {
    if (this.#released) throw connectionReleased();
  }
}
