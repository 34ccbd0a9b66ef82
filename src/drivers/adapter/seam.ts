import type { Param, Rows } from "../../driver/port.ts";
import type { ServerError } from "../shared/server_error.ts";

/** Why a statement failed that did not go out: its link had ended before. */
export class NotSent extends Error {}

/** What a statement gave back. */
export interface Answer {
  /** Its rows, each value as the server's text. */
  readonly rows: Rows;
  /** The command that the server says it was, such as `BEGIN`; without the count of rows. */
  readonly command: string;
}

/** One connection of a package's pool, taken out of it. It is asked for one thing at a time. */
export interface Session {
  /** The link is gone: nothing may be sent on it any more, nor may it be given back. */
  readonly dead: boolean;
  /** It was not made ready for the codecs yet. */
  readonly fresh: boolean;
  /** Runs one statement with its values bound; `keep` asks for a prepared statement that stays. */
  run(text: string, params: readonly Param[], keep: boolean): Promise<Answer>;
  /** Runs any number of commands without values, by the simple query protocol. */
  script(text: string): Promise<void>;
  /** Asks the server to cancel what is under way; true once the server has taken the request, false where it cannot be asked. */
  cancel(): Promise<boolean>;
  /** Gives the connection back to its pool. Only when nothing is under way and it is not dead. */
  release(): void;
  /** Closes the link; what is under way rejects. */
  destroy(): void;
}

/** How a package's pool subscribes to a channel; gives the function that unsubscribes. */
export type Listen = (
  channel: string,
  onPayload: (payload: string) => void,
  onEnd: () => void,
) => Promise<() => Promise<void>>;

/** What the adapter asks of a package. Nothing of it opens a connection before `open`. */
export interface Source {
  /** The driver's name for messages. */
  readonly name: string;
  /** Most connections. */
  readonly max: number;
  /** A statement under way can be cancelled on the server. */
  readonly cancels: boolean;
  /** A statement can be prepared on a connection and stay so. */
  readonly prepares: boolean;
  /** Subscribes to channels; null where the package cannot. */
  readonly listen: Listen | null;
  /** Takes a connection out of the pool. Its first statement is one of the adapter's, without values. */
  open(): Promise<Session>;
  /** What a server refused, by the names of node-postgres; undefined for an error that is not of the server. */
  serverError(error: unknown): ServerError | undefined;
  /** Closes what the driver keeps for itself, after its last session; only where the pool is the driver's own. */
  close?(): Promise<void>;
}
