import { clearTimeout, setTimeout } from "node:timers"; // the global ones cannot be told to let the process end
import { Silence } from "../shared/link_errors.ts";
import type { PgClient } from "./module.ts";

/** What a driver needs to tell a dead link from a long statement. */
export interface Liveness {
  /** Longest silence of a link that owes an answer, in ms, before the server is asked. */
  readonly limitMs: number;
  /** Asks the server over another link whether it is still at work for this one. */
  isWorking(client: PgClient, silentSince: number): Promise<boolean>;
  /** Hears of a link that was found dead. */
  onDead(): void;
}

/**
 * Watches a link that owes answers.
 *
 * Neither the socket nor the server reports a link that was cut in the middle: bytes go out and none come
 * back. One timer for each link looks from time to time, so that a statement costs nothing but a note of the time.
 */
export class Watch {
  /** When the last byte arrived, on the clock of `performance.now()`. */
  heard: number = performance.now();
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  readonly #client: PgClient;
  readonly #liveness: Liveness;
  readonly #isBusy: () => boolean;
  readonly #giveUp: (reason: Silence) => void;

  /** Watches a client for as long as it lives. */
  constructor(
    client: PgClient,
    liveness: Liveness,
    isBusy: () => boolean,
    giveUp: (reason: Silence) => void,
  ) {
    this.#client = client;
    this.#liveness = liveness;
    this.#isBusy = isBusy;
    this.#giveUp = giveUp;
    client.connection.stream.on("data", () => void (this.heard = performance.now()));
    client.on("end", () => {
      this.#over = true;
      clearTimeout(this.#timer);
    });
  }

  /** Notes that a link which owed nothing was sent something. */
  begin(): void {
    this.#asked = performance.now();
    if (this.#timer === undefined && !this.#over) this.#lookAfter(this.#liveness.limitMs);
  }

  #lookAfter(ms: number): void {
    this.#timer = setTimeout(() => void this.#look(), Math.ceil(ms));
    // the socket keeps the process alive for as long as an answer is owed
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { limitMs } = this.#liveness;
    if (!this.#isBusy()) return void (this.#timer = undefined);
    const since = Math.max(this.heard, this.#asked);
    const rest = since + limitMs - performance.now();
    if (rest > 0) return this.#lookAfter(rest);
    const working = await this.#liveness.isWorking(this.#client, since);
    if (this.#over) return;
    // what has arrived meanwhile outweighs what another link says
    const silent = this.#isBusy() && Math.max(this.heard, this.#asked) === since;
    if (!silent || working) return this.#lookAfter(limitMs);
    this.#giveUp(
      new Silence(
        `it was silent for ${Math.round(performance.now() - since)} ms, and the server is not at ` +
          "work for it",
      ),
    );
    this.#liveness.onDead();
  }
}
