/** Small constructors of nodes. */
import type { Param } from "../driver/port.ts";
import type {
  BinaryNode,
  ColumnNode,
  ConstantNode,
  Expression,
  GroupNode,
  ParamNode,
  QueryNode,
  SelectItem,
  SelectNode,
  SourceNode,
} from "./nodes.ts";
import type { BinaryOperator } from "./operators.ts";

/** A column of a table in the query. */
export function column(table: string | null, name: string): ColumnNode {
  return { kind: "column", table, name };
}

/** A bound value. */
export function param(value: Param): ParamNode {
  return { kind: "param", value };
}

/** Two expressions and what joins them. */
export function binary(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): BinaryNode {
  return { kind: "binary", operator, left, right };
}

/** All of the items; a single item stands for itself. */
export function and(items: readonly Expression[]): Expression {
  return items.length === 1 ? items[0]! : group("and", items);
}

/** Any of the items; a single item stands for itself. */
export function or(items: readonly Expression[]): Expression {
  return items.length === 1 ? items[0]! : group("or", items);
}

function group(operator: "and" | "or", items: readonly Expression[]): GroupNode {
  return { kind: "group", operator, items };
}

/** A constant of the language. */
export function constant(value: boolean | number): ConstantNode {
  return { kind: "constant", value };
}

/** An item of a select list. */
export function item(expression: Expression, alias: string | null = null): SelectItem {
  return { expression, alias };
}

const kept = new WeakSet<readonly SelectItem[]>();

/** Marks a list without values as one that is used again and never changes: its text is written once. */
export function lasting(items: readonly SelectItem[]): readonly SelectItem[] {
  kept.add(items);
  return items;
}

/** Whether a list is marked. */
export function isLasting(items: readonly SelectItem[]): boolean {
  return kept.has(items);
}

/** A select with everything that is not given left out. */
export function select(
  parts: Partial<Omit<SelectNode, "kind">> & {
    readonly columns: readonly SelectItem[];
    readonly from: SourceNode | QueryNode | null;
  },
): SelectNode {
  return {
    kind: "select",
    with: [],
    distinct: false,
    sample: null,
    fromAlias: null,
    joins: [],
    where: null,
    groupBy: [],
    having: null,
    order: [],
    limit: null,
    offset: null,
    lock: null,
    ...parts,
  };
}
