/** Queries as plain data: one closed union, no SQL words. */
import type { TypeRef } from "../catalog/type_ref.ts";
import type { Param } from "../driver/port.ts";

/** A comparison or operation of two expressions, by meaning. */
export type BinaryOperator =
  | "eq"
  | "ne"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "distinct"
  | "like"
  | "ilike"
  | "regex"
  | "iregex"
  | "contains"
  | "containedBy"
  | "overlaps"
  | "hasKey"
  | "hasAnyKey"
  | "hasAllKeys"
  | "networkContains"
  | "networkContainedBy"
  | "matches"
  | "eqAny"
  | VectorOperator;

/** A distance between two vectors. */
export type VectorOperator = "cosine" | "l2" | "inner" | "l1" | "hamming" | "jaccard";

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

/** A call of a function of `pg_catalog`. */
export interface CallNode {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
}

/** Whether a query gives a row. */
export interface ExistsNode {
  readonly kind: "exists";
  readonly query: SelectNode;
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

/** `left + right`, for version counters. */
export interface AddNode {
  readonly kind: "add";
  readonly left: Expression;
  readonly right: Expression;
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
  | AddNode
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

/** A source of rows. */
export type SourceNode = TableNode | UnnestNode;

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

/** A select. */
export interface SelectNode {
  readonly kind: "select";
  readonly columns: readonly SelectItem[];
  readonly from: SourceNode | SelectNode | null;
  /** The alias of `from` when it is a select. */
  readonly fromAlias: string | null;
  readonly joins: readonly JoinNode[];
  readonly where: Expression | null;
  readonly order: readonly OrderNode[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
}

/** An insert; rows give a value per column. No columns: one row of defaults. */
export interface InsertNode {
  readonly kind: "insert";
  readonly into: TableNode;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Expression[])[];
  /** Rows from a query instead. */
  readonly query: SelectNode | null;
  readonly onConflict: "nothing" | null;
  readonly returning: readonly SelectItem[];
}

/** An update. */
export interface UpdateNode {
  readonly kind: "update";
  readonly table: TableNode;
  readonly set: readonly { readonly column: string; readonly value: Expression }[];
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

/** Any statement. */
export type StatementNode =
  | SelectNode
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
  | StatementNode;

/** The node of one kind. */
export type NodeOf<Kind extends Node["kind"]> = Extract<Node, { readonly kind: Kind }>;
