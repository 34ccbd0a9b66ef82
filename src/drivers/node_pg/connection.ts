import type { Connection, Rows, RunOptions, Statement } from "../../driver/port.ts";
import { connectionReleased, noListenThroughPooler } from "../shared/refusals.ts";
import { refuseSessionState } from "../shared/session_state.ts";
import { checkStatement, checkText } from "../shared/statement_check.ts";
import type { Link } from "./link.ts";
import type { PgNotification } from "./module.ts";

/** One subscription: who hears the payloads, and of the end. */
interface Listener {
  readonly onPayload: (payload: string) => void;
  readonly onEnd: (() => void) | undefined;
}

/** A connection that one caller holds. */
export class PgConnection implements Connection {
  /** The connection itself. */
  readonly link: Link;
  readonly #ownsSession: boolean;
  readonly #restore: () => void;
  readonly #channels = new Map<string, Set<Listener>>();
  #released = false;

  /** Wraps a link that `restore` takes back. */
  constructor(link: Link, ownsSession: boolean, restore: () => void) {
    this.link = link;
    this.#ownsSession = ownsSession;
    this.#restore = restore;
  }

  async query(statement: Statement, options?: RunOptions): Promise<Rows> {
    this.#mustBeHeld();
    checkStatement(statement);
    if (!this.#ownsSession) refuseSessionState(statement.text);
    return await this.link.run(statement, options);
  }

  async script(text: string): Promise<void> {
    this.#mustBeHeld();
    checkText("the script", text);
    if (!this.#ownsSession) refuseSessionState(text);
    await this.link.script(text);
  }

  async listen(
    channel: string,
    onPayload: (payload: string) => void,
    onEnd?: () => void,
  ): Promise<() => Promise<void>> {
    this.#mustBeHeld();
    if (!this.#ownsSession) throw noListenThroughPooler(channel);
    checkText("the channel's name", channel);
    const name = `"${channel.replaceAll('"', '""')}"`;
    const listeners = this.#channels.get(channel) ?? new Set<Listener>();
    if (this.#channels.size === 0) {
      this.link.client.on("notification", this.#dispatch);
      this.link.client.on("end", this.#end);
    }
    this.#channels.set(channel, listeners);
    const entry: Listener = { onPayload, onEnd };
    listeners.add(entry);
    try {
      await this.link.run({ text: `listen ${name}`, params: [] });
    } catch (error) {
      listeners.delete(entry);
      if (listeners.size === 0) this.#channels.delete(channel);
      throw error;
    }
    return async () => {
      if (!listeners.delete(entry) || listeners.size > 0 || this.#released) return;
      this.#channels.delete(channel);
      await this.link.run({ text: `unlisten ${name}`, params: [] });
    };
  }

  release(options?: { readonly broken?: boolean }): void {
    if (this.#released) return;
    this.#released = true;
    this.link.client.removeListener("notification", this.#dispatch);
    this.link.client.removeListener("end", this.#end);
    // who listens or has a transaction open leaves state behind that the next holder must not meet
    const dirty = this.#channels.size > 0 || this.link.client.getTransactionStatus() !== "I";
    if (options?.broken === true || dirty || this.link.load > 0) this.link.broken = true;
    this.#end();
    this.#restore();
  }

  readonly #dispatch = (message: PgNotification): void => {
    for (const listener of this.#channels.get(message.channel) ?? []) {
      // on its own turn: what it throws must not reach the reader of the stream
      queueMicrotask(() => listener.onPayload(message.payload ?? ""));
    }
  };

  /** Tells who still listens that nothing will come any more. */
  readonly #end = (): void => {
    const ended = [...this.#channels.values()].flatMap((all) => [...all]);
    for (const listeners of this.#channels.values()) listeners.clear();
    this.#channels.clear();
    for (const { onEnd } of ended) if (onEnd !== undefined) queueMicrotask(onEnd);
  };

  #mustBeHeld(): void {
    if (this.#released) throw connectionReleased();
  }
}
