import type { Sql } from "../ast/sql.ts";
import type { ExpressionValue } from "../schema/lookup_types.ts";

const BRAND: symbol = Symbol.for("@matrx/orm:condition");

/** What a condition is made of. */
export type ConditionTree =
  | { readonly kind: "leaf"; readonly where: object }
  | { readonly kind: "and" | "or"; readonly items: readonly ConditionTree[] }
  | { readonly kind: "not"; readonly item: ConditionTree };

/**
 * A filter that combines with others; made by `Q()`. A value: each method returns a new one.
 *
 * @example
 * ```ts
 * import { integer, model, Q, QCondition, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const isOpen = Q({ status: "draft" }).or({ status: "paid" });
 * console.log(isOpen instanceof QCondition);
 * console.log(Order.filter(isOpen.and({ total: { gt: 10 } }).not()).toSql().text);
 * ```
 */
export class QCondition {
  /** Marks a condition for the type checker. */
  declare readonly $condition: true;
  /** What it is made of. */
  readonly tree: ConditionTree;

  /** Makes a condition; use `Q()` instead. */
  constructor(tree: ConditionTree) {
    this.tree = tree;
  }

  /** Holds when both hold. */
  and(...others: readonly ConditionInput[]): QCondition {
    return new QCondition({ kind: "and", items: [this.tree, ...others.map(treeOf)] });
  }

  /** Holds when one of them holds. */
  or(...others: readonly ConditionInput[]): QCondition {
    return new QCondition({ kind: "or", items: [this.tree, ...others.map(treeOf)] });
  }

  /** Holds exactly for the rows for which this does not, those with NULLs included. */
  not(): QCondition {
    return new QCondition({ kind: "not", item: this.tree });
  }
}

Object.defineProperty(QCondition.prototype, BRAND, { value: true });

/** What `Q()` and its methods take: a condition, a filter object, an expression, or an SQL fragment. */
export type ConditionInput =
  | QCondition
  | Sql
  | ExpressionValue
  | Readonly<Record<string, unknown>>;

/** Tells a condition from a filter object. */
export function isCondition(value: unknown): value is QCondition {
  return typeof value === "object" && value !== null && BRAND in value;
}

function treeOf(input: ConditionInput): ConditionTree {
  return isCondition(input) ? input.tree : { kind: "leaf", where: input };
}

/**
 * Makes a condition from filter objects; several must all hold, none is true.
 *
 * @example
 * ```ts
 * import { Q } from "@matrx/orm";
 *
 * const open = Q({ status: "paid" }).or({ status: "refunded" }).and(Q({ total: { gt: "5" } }).not());
 * ```
 */
export function Q(...inputs: readonly ConditionInput[]): QCondition {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return new QCondition(treeOf(only));
  return new QCondition({ kind: "and", items: inputs.map(treeOf) });
}
