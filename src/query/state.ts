import { and } from "../ast/make.ts";
import type { Expression, OrderNode } from "../ast/nodes.ts";
import type { AnyCodec } from "../codec/codec.ts";
import type { Using } from "../execute/session.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";

/** Relations to load after the rows: by name, nested. */
export interface PrefetchTree {
  readonly [relation: string]: true | PrefetchTree;
}

/** A value beside the columns of a row: an expression with the property that gets it. */
export interface Extra {
  readonly property: string;
  readonly expression: Expression;
  readonly codec: AnyCodec;
}

/** A query as frozen data: the model and the clauses, no SQL. */
export interface QueryState {
  readonly model: ModelRef;
  /** Where it runs: a database's name, a transaction, or null for the model's own database. */
  readonly using: Using | null;
  readonly where: Expression | null;
  readonly order: readonly OrderNode[];
  readonly limit: number | null;
  readonly offset: number | null;
  /** The columns of partial rows; null = whole rows. */
  readonly columns: readonly ColumnMeta[] | null;
  /** The foreign keys to join. */
  readonly joined: readonly string[];
  readonly prefetch: PrefetchTree;
  /** Values beside the columns. */
  readonly extras: readonly Extra[];
}

/** The state of a query over every row of a model. */
export function emptyState(model: ModelRef, using: Using | null): QueryState {
  return {
    model,
    using,
    where: null,
    order: [],
    limit: null,
    offset: null,
    columns: null,
    joined: [],
    prefetch: {},
    extras: [],
  };
}

/** Adds a condition that must hold too. */
export function withWhere(state: QueryState, condition: Expression): QueryState {
  if (condition.kind === "group" && condition.operator === "and" && condition.items.length === 0) {
    return state;
  }
  const where = state.where === null ? condition : and([state.where, condition]);
  return { ...state, where };
}
