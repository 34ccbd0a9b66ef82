import type { Param, ResultColumn, Rows, Statement } from "../../driver/port.ts";
import { type Deferred, deferred } from "../../util/deferred.ts";
import { isServerError } from "../shared/server_error.ts";
import type {
  PgClient,
  PgColumns,
  PgCommand,
  PgRow,
  PgServerSide,
  PgSubmittable,
} from "./module.ts";
import { encode, type Outgoing } from "./wire.ts";

/** What is known of a statement that is prepared by name on one connection. */
export interface Prepared {
  /** The name on the wire. */
  readonly name: string;
  /** The text that the name stands for. */
  readonly text: string;
  /** Its columns: they stay what they are, or the server refuses to run it. Null = not known yet. */
  columns: readonly ResultColumn[] | null;
}

/** Why a statement was not run: one that was sent before it failed. */
export class Skipped extends Error {}

/** One statement of an exchange. */
export class Part {
  readonly text: string;
  readonly params: readonly Param[];
  readonly prepared: Prepared | null;
  columns: readonly ResultColumn[];
  readonly rows: (readonly Param[])[] = [];
  affected = 0;
  readonly #asked: Deferred<Rows> = deferred();

  /** Makes a part; `prepared` is what is known of its name. */
  constructor({ text, params }: Statement, prepared: Prepared | null) {
    this.text = text;
    this.params = params;
    this.prepared = prepared;
    this.columns = prepared?.columns ?? [];
  }

  /** Its rows, once all of the exchange was answered. */
  get answer(): Promise<Rows> {
    return this.#asked.promise;
  }

  /** Gives what came back to who asked. */
  resolve(): void {
    const { columns, rows, affected } = this;
    if (this.prepared !== null) this.prepared.columns ??= columns;
    this.#asked.resolve({ columns, rows, affected });
  }

  /** Fails it. */
  reject(reason: unknown): void {
    this.#asked.reject(reason);
  }
}

/** Statements that go to the server together, up to one Sync: when one fails, the rest is skipped. */
export interface Exchange extends PgSubmittable {
  /** Adds a statement; only before it is sent. */
  add(part: Part): void;
}

type ExchangeClass = new () => Exchange;

const classes = new WeakMap<object, ExchangeClass>();

/**
 * The class of exchanges that a client takes.
 *
 * A pipelining client takes what descends from its own query class and nothing else. That class itself
 * sends a statement in four pieces, asks each time for its columns, and looks at every value.
 */
export function exchangeClass(client: PgClient): ExchangeClass {
  const { Query } = client.constructor;
  let known = classes.get(Query);
  if (known === undefined) classes.set(Query, known = makeClass(Query.prototype));
  return known;
}

function makeClass(prototype: object): ExchangeClass {
  // its constructor is not called: it reads options and listens to events that are of no use here
  const Base = function () {} as unknown as new () => object;
  Base.prototype = prototype;
  return class extends Base implements Exchange {
    readonly #parts: Part[] = [];
    #at = 0;

    get name(): string {
      return this.#parts[this.#at]!.prepared?.name ?? "";
    }

    get text(): string {
      return this.#parts[this.#at]!.text;
    }

    add(part: Part): void {
      this.#parts.push(part);
    }

    submit(connection: PgServerSide): null {
      const { stream } = connection;
      const bytes = encode(this.#parts.map((part) => outgoing(part, connection)));
      if (stream.writable) stream.write(bytes);
      return null;
    }

    handleRowDescription({ fields }: PgColumns): void {
      this.#parts[this.#at]!.columns = fields.map(({ name, dataTypeID }) => ({
        name,
        typeOid: dataTypeID,
      }));
    }

    handleDataRow({ fields }: PgRow): void {
      this.#parts[this.#at]!.rows.push(fields);
    }

    handleCommandComplete({ text }: PgCommand): void {
      // the count of rows is the last word, where there is one
      const count = Number(text.slice(text.lastIndexOf(" ") + 1));
      this.#parts[this.#at]!.affected = Number.isNaN(count) ? 0 : count;
      this.#advance();
    }

    handleEmptyQuery(): void {
      this.#advance();
    }

    handleReadyForQuery(): void {
      for (const part of this.#parts) part.resolve();
    }

    handleError(error: unknown, connection: PgServerSide): void {
      const rest = this.#parts.splice(this.#at);
      for (const part of this.#parts) part.resolve();
      rest.forEach((part, index) => {
        if (part.prepared !== null) {
          delete connection.submittedNamedStatements[part.prepared.name];
        }
        part.reject(index > 0 && isServerError(error) ? new Skipped() : error);
      });
    }

    #advance(): void {
      if (this.#at < this.#parts.length - 1) this.#at++;
    }
  };
}

function outgoing({ text, params, prepared }: Part, connection: PgServerSide): Outgoing {
  if (prepared === null) return { name: "", text, params, parse: true, describe: true };
  const { name } = prepared;
  const { parsedStatements, submittedNamedStatements } = connection;
  const parse = !Object.hasOwn(parsedStatements, name) &&
    !Object.hasOwn(submittedNamedStatements, name);
  if (parse) submittedNamedStatements[name] = text;
  return { name, text, params, parse, describe: prepared.columns === null };
}
