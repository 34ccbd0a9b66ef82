/** Queries as plain data: one closed union, no SQL words. */
import type { TypeRef } from "../catalog/type_ref.ts";
import type { Param } from "../driver/port.ts";
import type { BinaryOperator } from "./operators.ts";

/** A column of a table in the query. */
export interface ColumnNode {
  readonly kind: "column";
  /** The alias of its table; null = unqualified. */
  readonly table: string | null;
  readonly name: string;
}

/** A bound value, in text format. */
export interface ParamNode {
  readonly kind: "param";
  readonly value: Param;
}

/** A value that is cast to a type. */
export interface CastNode {
  readonly kind: "cast";
  readonly item: Expression;
  readonly type: TypeRef;
}

/** Text from the `sql` tag with expressions between. */
export interface FragmentNode {
  readonly kind: "fragment";
  readonly texts: readonly string[];
  readonly items: readonly Expression[];
}

/** A quoted path of names. */
export interface IdentifierNode {
  readonly kind: "identifier";
  readonly path: readonly string[];
}

/** Two expressions and what joins them. */
export interface BinaryNode {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** All of, or any of. An empty `and` is true, an empty `or` false. */
export interface GroupNode {
  readonly kind: "group";
  readonly operator: "and" | "or";
  readonly items: readonly Expression[];
}

/** Everything for which the item is not true: the exact complement, NULL included. */
export interface NotNode {
  readonly kind: "not";
  readonly item: Expression;
}

/** Whether the item is NULL, or whether it is not. */
export interface IsNullNode {
  readonly kind: "isNull";
  readonly negated: boolean;
  readonly item: Expression;
}

/** A call of a function of `pg_catalog`, or of an aggregate or window function with its clauses. */
export interface CallNode {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  /** Whether equal arguments count once; for aggregates. */
  readonly distinct?: boolean;
  /** The order in which an aggregate takes its arguments. */
  readonly order?: readonly OrderNode[];
  /** The rows that an aggregate takes; null = all. */
  readonly filter?: Expression | null;
  /** The window that it runs over; null = none. */
  readonly over?: WindowSpec | null;
}

/** Where a window frame begins or ends. */
export type FrameBound =
  | "unbounded preceding"
  | "current row"
  | "unbounded following"
  | { readonly preceding: Expression }
  | { readonly following: Expression };

/** The rows around the current one that a window function sees. */
export interface FrameSpec {
  readonly mode: "rows" | "range" | "groups";
  readonly from: FrameBound;
  /** Null = the current row. */
  readonly to: FrameBound | null;
  readonly exclude: "current row" | "group" | "ties" | null;
}

/** A window. */
export interface WindowSpec {
  readonly partitionBy: readonly Expression[];
  readonly order: readonly OrderNode[];
  readonly frame: FrameSpec | null;
}

/** The value of the first condition that holds. */
export interface CaseNode {
  readonly kind: "case";
  readonly when: readonly { readonly condition: Expression; readonly value: Expression }[];
  readonly otherwise: Expression | null;
}

/** Arithmetic of two expressions. */
export interface ArithmeticNode {
  readonly kind: "arithmetic";
  readonly operator: "plus" | "minus" | "times" | "dividedBy" | "modulo";
  readonly left: Expression;
  readonly right: Expression;
}

/** A part of a date: `extract(year from x)`. The part is one of PostgreSQL's words, never text from outside. */
export interface ExtractNode {
  readonly kind: "extract";
  readonly part: string;
  readonly item: Expression;
}

/** The only value of a query. */
export interface SubqueryNode {
  readonly kind: "subquery";
  readonly query: QueryNode;
}

/** Whether a query's only column gives the item. */
export interface InQueryNode {
  readonly kind: "inQuery";
  readonly item: Expression;
  readonly query: QueryNode;
}

/** Whether a query gives a row. */
export interface ExistsNode {
  readonly kind: "exists";
  readonly query: QueryNode;
}

/** A constant of the language, not of the data. */
export interface ConstantNode {
  readonly kind: "constant";
  readonly value: boolean | number;
}

/** `count(*)`. */
export interface CountNode {
  readonly kind: "count";
}

/** The default of a column, in an insert or update. */
export interface DefaultNode {
  readonly kind: "default";
}

/** Several expressions as one row, for comparing composite keys. */
export interface RowNode {
  readonly kind: "row";
  readonly items: readonly Expression[];
}

/** Any expression. */
export type Expression =
  | ColumnNode
  | ParamNode
  | CastNode
  | FragmentNode
  | IdentifierNode
  | BinaryNode
  | GroupNode
  | NotNode
  | IsNullNode
  | CallNode
  | ExistsNode
  | ConstantNode
  | CountNode
  | DefaultNode
  | ArithmeticNode
  | CaseNode
  | ExtractNode
  | SubqueryNode
  | InQueryNode
  | RowNode;

/** A table with the name that the query gives it. */
export interface TableNode {
  readonly kind: "table";
  /** Null lets the search path decide. */
  readonly schema: string | null;
  readonly name: string;
  readonly alias: string | null;
}

/** Rows made from one array parameter per column: `unnest(…)` with an ordinal. */
export interface UnnestNode {
  readonly kind: "unnest";
  readonly arrays: readonly { readonly value: Param; readonly type: TypeRef }[];
  readonly columns: readonly string[];
  readonly alias: string;
}

/** A query that is run for each row of the sources before it, and may name their columns. */
export interface LateralNode {
  readonly kind: "lateral";
  readonly query: QueryNode;
  readonly alias: string;
}

/** A source of rows. */
export type SourceNode = TableNode | UnnestNode | LateralNode;

/** A join. */
export interface JoinNode {
  readonly kind: "join";
  readonly type: "inner" | "left";
  readonly source: SourceNode;
  readonly on: Expression;
}

/** One item of a select list. */
export interface SelectItem {
  readonly expression: Expression;
  readonly alias: string | null;
}

/** One term of an order. */
export interface OrderNode {
  readonly kind: "order";
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | null;
}

/** A common table expression. */
export interface CteNode {
  readonly kind: "cte";
  readonly name: string;
  /** The names of its columns; empty = the query's own. */
  readonly columns: readonly string[];
  readonly query: QueryNode | FragmentNode;
  readonly recursive: boolean;
  /** MATERIALIZED or NOT MATERIALIZED; null lets the planner decide. */
  readonly materialized: boolean | null;
}

/** A lock of the rows that a select gives. */
export interface LockSpec {
  readonly strength: "update" | "no key update" | "share" | "key share";
  /** The aliases of the tables to lock; empty = all. */
  readonly of: readonly string[];
  readonly wait: "wait" | "nowait" | "skip locked";
}

/** A sample of a table's rows. */
export interface SampleSpec {
  readonly method: "bernoulli" | "system";
  readonly percent: Expression;
  readonly seed: Expression | null;
}

/** Two queries as one set of rows. */
export interface SetNode {
  readonly kind: "set";
  readonly operator: "union" | "intersect" | "except";
  readonly all: boolean;
  readonly left: QueryNode;
  readonly right: QueryNode;
}

/** A query that gives rows. */
export type QueryNode = SelectNode | SetNode;

/** A select. */
export interface SelectNode {
  readonly kind: "select";
  readonly with: readonly CteNode[];
  /** True = DISTINCT, expressions = DISTINCT ON, false = all rows. */
  readonly distinct: boolean | readonly Expression[];
  readonly columns: readonly SelectItem[];
  readonly from: SourceNode | QueryNode | null;
  readonly sample: SampleSpec | null;
  /** The alias of `from` when it is a query. */
  readonly fromAlias: string | null;
  readonly joins: readonly JoinNode[];
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly order: readonly OrderNode[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  readonly lock: LockSpec | null;
}

/** What an insert does with a row that is there already. */
export type ConflictSpec =
  | { readonly action: "nothing"; readonly target: readonly string[] }
  | {
    readonly action: "update";
    /** The columns of the unique key that decides. */
    readonly target: readonly string[];
    /** The predicate of a partial unique index; null = none. */
    readonly targetWhere: Expression | null;
    readonly set: readonly SetItem[];
    readonly where: Expression | null;
  };

/** A column and its new value. */
export interface SetItem {
  readonly column: string;
  readonly value: Expression;
}

/** An insert; rows give a value per column. No columns: one row of defaults. */
export interface InsertNode {
  readonly kind: "insert";
  readonly into: TableNode;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Expression[])[];
  /** Rows from a query instead. */
  readonly query: QueryNode | null;
  readonly onConflict: ConflictSpec | null;
  readonly returning: readonly SelectItem[];
}

/** An update. */
export interface UpdateNode {
  readonly kind: "update";
  readonly table: TableNode;
  readonly set: readonly SetItem[];
  /** Rows from which the values come; null = none. */
  readonly from: SourceNode | null;
  readonly where: Expression | null;
  readonly returning: readonly SelectItem[];
}

/** A delete. */
export interface DeleteNode {
  readonly kind: "delete";
  readonly from: TableNode;
  readonly where: Expression | null;
  readonly returning: readonly SelectItem[];
}

/** REFRESH MATERIALIZED VIEW. */
export interface RefreshNode {
  readonly kind: "refresh";
  readonly view: TableNode;
  readonly concurrently: boolean;
}

/** EXPLAIN of a query. The options are PostgreSQL's words. */
export interface ExplainNode {
  readonly kind: "explain";
  readonly query: QueryNode;
  readonly analyze: boolean;
  readonly format: "text" | "json" | "yaml" | "xml";
}

/** Any statement. */
export type StatementNode =
  | QueryNode
  | ExplainNode
  | InsertNode
  | UpdateNode
  | DeleteNode
  | RefreshNode
  | FragmentNode;

/** Any node that can be rendered. */
export type Node =
  | Expression
  | SourceNode
  | JoinNode
  | OrderNode
  | CteNode
  | StatementNode;

/** The node of one kind. */
export type NodeOf<Kind extends Node["kind"]> = Extract<Node, { readonly kind: Kind }>;
