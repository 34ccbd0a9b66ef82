import type { Param } from "../../driver/port.ts";

const MASK = "[redacted]";

/** The bound values of a statement: they print as `[redacted]` and open only on request. */
export class RecordedParams {
  readonly #values: readonly Param[];

  /** Hides values. */
  constructor(values: readonly Param[]) {
    this.#values = values;
  }

  /** How many there are. */
  get length(): number {
    return this.#values.length;
  }

  /** Gives the values themselves, in PostgreSQL's text format. Never write them to a log. */
  reveal(): readonly Param[] {
    return this.#values;
  }

  /** The mask. */
  toString(): string {
    return MASK;
  }

  /** The mask. */
  toJSON(): string {
    return MASK;
  }
}
