import type { Capabilities, Driver, DriverOptions, Rows } from "../../src/driver/port.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { TestServer } from "../support/servers.ts";

/** What a driver may do without: a capability, or something that the suite tests beyond them. */
export type Ability = keyof Capabilities | Beyond;

/**
 * What the suite tests beyond the capabilities.
 *
 * - `ownPool`: it opens a pool of its own by a URL, with all that a URL can say; a driver over a pool of
 *   the caller's leaves that to the caller.
 * - `silentLinks`: a link that fell silent is closed, and a new one takes its place.
 * - `openingCuts`: a connection that is cut while it is being opened is told of at once.
 * - `byteOrderMarks`: a byte order mark at the start of a value or of a column's name comes back.
 * - `oneCommand`: a text without values that holds several commands is refused.
 */
export type Beyond = "ownPool" | "silentLinks" | "openingCuts" | "byteOrderMarks" | "oneCommand";

/** Something that a driver does without, and why. */
export type Lack =
  | { readonly capability: keyof Capabilities; readonly because: string }
  | {
    readonly capability: Beyond;
    readonly because: string;
    /** Throws where the driver can do it after all. */
    readonly proof: () => unknown;
  };

/** What the contract is run against. */
export interface ContractOptions {
  /** The server that the driver connects to. */
  readonly server: TestServer;
  /** Opens a driver on a URL of that server. */
  readonly open: (options: DriverOptions) => Driver;
  /** What it does without. Every other capability must be declared and is tested. */
  readonly lacks: readonly Lack[];
  /** How long it may take to hear that the server has ended a connection which nobody uses, in ms; default 50. */
  readonly newsOfCuts?: { readonly ms: number; readonly because: string };
}

/** What the sections of the contract work with. */
export interface Subject extends ContractOptions {
  readonly name: string;
  /** False, or why a test that needs these capabilities is skipped. */
  skip(...needs: readonly Ability[]): false | string;
  /** A database that all tests of the file share. */
  shared(): Promise<TestDatabase>;
  /** A database of one test's own. */
  fresh(options?: Partial<DriverOptions>): Promise<TestDatabase>;
}

/** Makes the subject; `dispose` ends what `shared` opened. */
export function makeSubject(
  name: string,
  options: ContractOptions,
): Subject & { dispose(): Promise<void> } {
  let common: Promise<TestDatabase> | undefined;
  return {
    ...options,
    name,
    skip(...needs) {
      if (options.server.skip !== false) return options.server.skip;
      const lack = options.lacks.find((one) => needs.includes(one.capability));
      return lack === undefined ? false : `${lack.capability}: ${lack.because}`;
    },
    shared: () => common ??= testDatabase(options.server, { open: options.open }),
    fresh: (changes) => testDatabase(options.server, { options: changes, open: options.open }),
    async dispose() {
      await (await common)?.[Symbol.asyncDispose]();
    },
  };
}

/** Runs SQL text with values. */
export function ask(
  driver: Pick<Driver, "query">,
  text: string,
  ...params: readonly (string | null)[]
): Promise<Rows> {
  return driver.query({ text, params });
}

/** The first value of the first row. */
export async function one(
  driver: Pick<Driver, "query">,
  text: string,
  ...params: readonly (string | null)[]
): Promise<string | null | undefined> {
  return (await ask(driver, text, ...params)).rows[0]?.[0];
}

/** The error that a call rejects with; fails when it does not. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await work;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with something that is no Error: ${String(error)}`);
  }
  throw new Error(`did not reject, gave ${JSON.stringify(value)}`);
}

/** All that an error tells anybody: message, stack, JSON and printed properties, with its causes. */
export function everythingSaid(error: unknown): string {
  const said: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    said.push(at.message, at.stack ?? "", JSON.stringify(at), String(at));
    const own = { ...at } as Record<string, unknown>;
    for (const [key, value] of Object.entries(own)) said.push(key, JSON.stringify(value) ?? "");
  }
  return said.join("\n");
}

/** Waits until a condition holds; fails after 5 s. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 5_000;
  while (!await holds()) {
    if (Date.now() > limit) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
