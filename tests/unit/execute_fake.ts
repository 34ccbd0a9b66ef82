import type { Connection, Driver, Rows, Statement } from "../../src/driver/port.ts";
import { databaseError } from "../../src/errors/server.ts";

/**
 * A driver in memory for pure ordering logic: it writes down what it is sent and answers in order.
 *
 * `fail 12345` fails with that SQLSTATE. No PostgreSQL is imitated beyond that.
 */
export class FakeServer {
  /** What was sent, with the connection's number in front; 0 is the pool. */
  readonly log: string[] = [];
  /** How the connections were given back. */
  readonly released: ("whole" | "broken")[] = [];
  /** How often the driver was closed. */
  closed = 0;
  /** Errors to answer with, by statement text; each serves once. */
  readonly failures: Map<string, unknown> = new Map<string, unknown>();
  /** Rows to answer with, by statement text. */
  readonly answers: Map<string, string | null> = new Map<string, string | null>();
  #connections = 0;
  readonly driver: Driver = {
    name: "fake",
    capabilities: {
      pipelining: true,
      namedStatements: false,
      concurrentConnections: true,
      cancel: false,
      listen: false,
    },
    query: (statement) => this.#answer(0, statement),
    acquire: () => Promise.resolve(this.#connection(++this.#connections)),
    close: () => {
      this.closed++;
      return Promise.resolve();
    },
  };

  #connection(id: number): Connection {
    return {
      query: (statement) => this.#answer(id, statement),
      script: () => Promise.reject(new Error("not used here")),
      listen: () => Promise.reject(new Error("not used here")),
      release: (how) => void this.released.push(how?.broken === true ? "broken" : "whole"),
    };
  }

  async #answer(id: number, statement: Statement): Promise<Rows> {
    this.log.push(`${id} ${statement.text}`);
    const failure = this.failures.get(statement.text);
    this.failures.delete(statement.text);
    // a turn of the loop later, as over a network
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (failure !== undefined) throw failure;
    if (statement.text.startsWith("fail ")) {
      throw databaseError({ message: "refused", sqlstate: statement.text.slice(5) }, statement);
    }
    const value = this.answers.get(statement.text) ?? null;
    return { columns: [{ name: "x", typeOid: 25 }], rows: [[value]], affected: 1 };
  }
}
