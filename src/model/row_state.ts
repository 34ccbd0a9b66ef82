import type { Param } from "../driver/port.ts";
import { type Using, writableOf } from "../execute/session.ts";
import { ValidationError } from "../errors/base.ts";
import type { ModelMeta, ModelRef } from "../schema/meta.ts";

/** What a view makes of a row's plain output. */
export interface ShownOutput {
  /** The columns that are left out. */
  readonly hidden: ReadonlySet<string>;
}

/** What the library knows of one row beside its columns. */
export interface RowState {
  readonly model: ModelRef;
  /** Where the row came from: further work on it goes there too. */
  using: Using | null;
  /** The values as the server last sent them, by position of the columns; null = never saved. */
  wire: readonly Param[] | null;
  /** Relations that were loaded, by name. */
  related: Map<string, unknown> | null;
  /** What a view has made of it; not there for rows that no view has shaped. */
  shown?: ShownOutput;
}

/** A base class whose constructor gives back the object it is handed, so that a private field lands on it. */
class Handed {
  constructor(target: object) {
    return target;
  }
}

/**
 * Keeps the state in a private field of the row: invisible to loops, JSON, spreads and comparisons, and
 * cheaper than a WeakMap.
 */
class Tracked extends Handed {
  #state: RowState;

  constructor(target: object, state: RowState) {
    super(target);
    this.#state = state;
  }

  static find(target: object): RowState | undefined {
    // what is no object has no fields, and asking for one would throw
    return Object(target) === target && #state in target ? target.#state : undefined;
  }
}

/** Where work on a row goes: where the row came from, or to its database once that transaction is over. */
export function usingOf(state: Pick<RowState, "using">): Using | null {
  const { using } = state;
  if (using === null || typeof using === "string") return using;
  return using.transaction?.ended ? using.database : using;
}

/** Where a row is written: one that was read on a replica belongs to the primary. */
export function writerOf(state: Pick<RowState, "using">): Using | null {
  return writableOf(usingOf(state));
}

/** Puts a state on a row. */
export function track(row: object, state: RowState): void {
  new Tracked(row, state);
}

/** The state of a row. */
export function stateOf(row: object): RowState {
  const state = Tracked.find(row);
  if (state !== undefined) return state;
  throw new ValidationError("The object is not a row of a model", {
    code: "not_a_row",
    hint: "Make rows with create(), a query, or the model's constructor",
  });
}

/** Whether an object is a row of a model. */
export function isRow(value: unknown): value is object {
  return typeof value === "object" && value !== null && Tracked.find(value) !== undefined;
}

/** The declaration of a row's model. */
export function metaOfRow(row: object): ModelMeta {
  return stateOf(row).model.meta;
}

/** The property of a row as it stands; the one place where a row is read by name. */
export function valueOf(row: object, property: string): unknown {
  const value = (row as Record<string, unknown>)[property];
  // a column may be called toString: what the row inherits is none of its values
  return typeof value === "function" && !Object.hasOwn(row, property) ? undefined : value;
}

/** Sets a property of a row; the one place where a row is written by name. */
export function setValue(row: object, property: string, value: unknown): void {
  (row as Record<string, unknown>)[property] = value;
}
