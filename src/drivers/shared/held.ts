import { clearTimeout, setTimeout } from "node:timers"; // the global ones cannot be told to let the process end
import type { DriverOptions, HeldConnection } from "../../driver/port.ts";
import { originOf, traceHere } from "./origin.ts";

/** What is asked to be known of connections that are held. */
export interface HeldSettings {
  /** The database's name, for reports. */
  readonly database: string;
  /** Note where each connection was taken. */
  readonly traceOrigins: boolean;
  /** How long one may be held before `onLeak` hears of it, in ms. */
  readonly leakAfterMs: number;
  /** Hears once of each connection that is held for too long. */
  readonly onLeak: ((leak: HeldConnection) => void) | undefined;
}

/** What a connection that is held can tell of itself. */
export interface Holdable {
  /** The text that was last sent on it. */
  readonly lastText: string;
}

/** A connection in the hands of a caller. */
export interface Hold<Link extends Holdable> {
  /** The connection itself. */
  readonly link: Link;
  /** When it was taken, on the clock of `performance.now()`. */
  readonly since: number;
  /** The stack of the caller, where that is wanted. */
  readonly trace: Error | undefined;
  /** Reports it when it is held for too long. */
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** Most characters of a statement in the message about the longest holder. */
const EXCERPT = 80;

/** The connections that callers hold. One whose holder was collected as garbage is taken back. */
export class Held<Link extends Holdable, Wrapped extends object> {
  readonly #settings: HeldSettings;
  readonly #holds = new Map<Hold<Link>, WeakRef<Wrapped>>();
  readonly #collected: FinalizationRegistry<Hold<Link>>;

  /** `reclaim` gives a connection back that nobody can use any more. */
  constructor(settings: HeldSettings, reclaim: (hold: Hold<Link>) => void) {
    this.#settings = settings;
    this.#collected = new FinalizationRegistry((hold) => {
      if (this.#holds.has(hold)) reclaim(hold);
    });
  }

  /** How many there are. */
  get size(): number {
    return this.#holds.size;
  }

  /** The connections themselves. */
  connections(): Wrapped[] {
    return [...this.#holds.values()].flatMap((ref) => ref.deref() ?? []);
  }

  /** Notes where a connection is asked for; call it before anything is awaited. */
  trace(): Error | undefined {
    return this.#settings.traceOrigins ? traceHere() : undefined;
  }

  /** Hands a link to a caller, as what `wrap` makes of it. */
  add(link: Link, trace: Error | undefined, wrap: (hold: Hold<Link>) => Wrapped): Wrapped {
    const { onLeak, leakAfterMs } = this.#settings;
    const timer = onLeak === undefined
      ? undefined
      : setTimeout(() => onLeak(this.#describe(hold)), leakAfterMs);
    timer?.unref();
    const hold: Hold<Link> = { link, since: performance.now(), trace, timer };
    const connection = wrap(hold);
    this.#holds.set(hold, new WeakRef(connection));
    this.#collected.register(connection, hold, hold);
    return connection;
  }

  /** Notes that a link was given back. */
  delete(hold: Hold<Link>): void {
    clearTimeout(hold.timer);
    this.#holds.delete(hold);
    this.#collected.unregister(hold);
  }

  /** Tells of the one that is held for longest, for the message to those who wait. */
  longest(): string {
    const [hold] = this.#holds.keys(); // they were added in the order of time
    if (hold === undefined) return "none";
    const { heldMs, text, origin } = this.#describe(hold);
    const place = origin === undefined ? "" : `, taken at ${origin}`;
    return `${Math.round(heldMs)} ms${place}, last statement: ${shorten(text)}`;
  }

  #describe({ link, since, trace }: Hold<Link>): HeldConnection {
    return {
      database: this.#settings.database,
      heldMs: performance.now() - since,
      text: link.lastText,
      origin: originOf(trace),
    };
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}

/** Settings of held connections for a database, with their defaults. */
export function heldSettings(
  database: string,
  options: Pick<DriverOptions, "traceOrigins" | "leakAfterMs" | "onLeak">,
): HeldSettings {
  const { traceOrigins = false, leakAfterMs = 60_000, onLeak } = options;
  return { database, traceOrigins, leakAfterMs, onLeak };
}
