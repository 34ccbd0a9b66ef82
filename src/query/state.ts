import type {
  CteNode,
  Expression,
  LockSpec,
  OrderNode,
  QueryNode,
  SelectItem,
} from "../ast/nodes.ts";
import type { Using } from "../execute/session.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";
import type { Computed } from "./expr/computed.ts";
import type { Scope } from "./expr/scope.ts";

/** Relations to load after the rows: by name, nested, or refined by a function over the relation's query. */
export interface PrefetchTree {
  readonly [relation: string]: true | PrefetchTree | Refine;
}

/** Refines the query by which a relation is loaded. */
export type Refine = (query: never) => unknown;

/** Foreign keys to join, nested. */
export interface JoinTree {
  readonly [relation: string]: true | JoinTree;
}

/** A value beside the columns of a row: an expression with the property that gets it. */
export interface Extra {
  readonly property: string;
  readonly expr: Computed;
  /** How many names there were before the call that gave this one. */
  readonly before: number;
}

/** A condition as it was given, and its node where the query stands by itself. */
export interface Clause {
  readonly input: unknown;
  readonly negated: boolean;
  /** Null when it names columns of a query around this one. */
  readonly node: Expression | null;
}

/** A term of an order as it was given, and its node where the query stands by itself. */
export interface OrderClause {
  readonly input: unknown;
  readonly node: OrderNode | null;
}

/** Where the rows come from when it is not the model's table. */
export type Origin =
  | { readonly kind: "cte"; readonly name: string }
  | { readonly kind: "query"; readonly make: (outer: Scope | null) => QueryNode };

/** Partial rows as lists of values. */
export interface ValuesList {
  readonly names: readonly string[];
  /** Whether the only value stands for its row. */
  readonly flat: boolean;
}

/** Where in its order the rows of a query stand. */
export interface Seek {
  /** The cursor that they stand behind; null = from the start. */
  readonly after: string | null;
  /** The cursor that they stand before; null = to the end. */
  readonly before: string | null;
  /** Whether the statement gives their keys. */
  readonly shown: boolean;
  /** What plans it; null until `placed()` of keyset.ts, which only such queries load, has given it. */
  readonly plan: PlanSeek | null;
}

/** What a plan has so far when its cursors are planned. */
export interface SeekParts {
  /** The select list, to which is added. */
  readonly items: SelectItem[];
  readonly columns: readonly ColumnMeta[];
  /** The aliases of joined tables by the path that leads to them. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Where the keys of rows stand among their values, and the mark of their order. */
export interface KeyPlace {
  readonly positions: readonly number[];
  readonly mark: string;
}

/** What cursors add to a plan. */
export interface SeekPlan {
  readonly where: Expression | null;
  readonly key?: KeyPlace;
}

/** Plans the cursors of a query; `given` are its other conditions. */
export type PlanSeek = (
  state: QueryState,
  scope: Scope,
  parts: SeekParts,
  given: Expression | null,
) => SeekPlan;

/** A query as frozen data: the model and the clauses, no SQL. */
export interface QueryState {
  readonly model: ModelRef;
  /** Where it runs: a database's name, a transaction, or null for the model's own database. */
  readonly using: Using | null;
  /** Null = the model's table. */
  readonly origin: Origin | null;
  readonly with: readonly NamedQuery[];
  /** Which rows of a model with soft delete it reads. */
  readonly deleted: "without" | "with" | "only";
  /** A sample of the table's rows. */
  readonly sample: {
    readonly method: "bernoulli" | "system";
    readonly percent: number;
    readonly seed: number | null;
  } | null;
  /** True = DISTINCT, names = DISTINCT ON. */
  readonly distinct: boolean | readonly string[];
  readonly where: readonly Clause[];
  /** Null = not grouped. */
  readonly groupBy: readonly string[] | null;
  readonly having: readonly Clause[];
  readonly order: readonly OrderClause[];
  /** Whether the order, or that by key, is turned around. */
  readonly reversed: boolean;
  readonly limit: number | null;
  readonly offset: number | null;
  /** The cursors between which its rows stand; null = all of them. */
  readonly seek: Seek | null;
  /** Gives the values of these names as lists, or alone, in place of objects; null = objects. */
  readonly list: ValuesList | null;
  /** The columns of partial rows; null = whole rows. */
  readonly columns: readonly ColumnMeta[] | null;
  readonly joined: JoinTree;
  readonly prefetch: PrefetchTree;
  /** Values beside the columns. */
  readonly extras: readonly Extra[];
  /** The extras that the rows show; null = all. */
  readonly shown: readonly string[] | null;
  readonly lock: LockSpec | null;
}

/** The state of a query over every row of a model. */
export function emptyState(model: ModelRef, using: Using | null): QueryState {
  return {
    model,
    using,
    origin: null,
    with: [],
    deleted: "without",
    sample: null,
    distinct: false,
    where: [],
    groupBy: null,
    having: [],
    order: [],
    reversed: false,
    limit: null,
    offset: null,
    seek: null,
    list: null,
    columns: null,
    joined: {},
    prefetch: {},
    extras: [],
    shown: null,
    lock: null,
  };
}

/** A common table expression, seen from the query that has it. */
export abstract class NamedQuery {
  /** Whether it is SQL of the caller's, which may do more than read. */
  abstract readonly byHand: boolean;
  /** Its name in the statement. */
  abstract readonly name: string;
  /**
   * Gives it its node.
   *
   * @internal
   */
  abstract toNode(outer: Scope | null): CteNode;

  /**
   * Gives the state of a query that reads the rows of this one's own.
   *
   * @internal
   */
  abstract rowsFor(state: QueryState): QueryState;
}
