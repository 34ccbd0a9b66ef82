/** What the engine knows of expressions; only who builds them loads what makes them. */
import type { Expression, OrderNode, QueryNode } from "../../ast/nodes.ts";
import { isSql } from "../../ast/fragment.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { ValidationError } from "../../errors/base.ts";
import type { Scope, Typed } from "./scope.ts";

const BRAND: symbol = Symbol.for("@matrx/orm:expression");

/** A value that the server makes; its node is made when its query is planned. */
export class Computed {
  /**
   * Gives the expression its node.
   *
   * @internal
   */
  readonly resolve: (scope: Scope) => Typed;

  /** Makes one from what gives it its node. */
  constructor(resolve: (scope: Scope) => Typed) {
    this.resolve = resolve;
  }
}

Object.defineProperty(Computed.prototype, BRAND, { value: true });

/** Tells an expression from any other value. */
export function isExpr(value: unknown): value is Computed {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** The node of a value that the server makes; undefined for any other value. */
export function computedNode(value: unknown, scope: Scope): Expression | undefined {
  if (isSql(value)) return value.toNode();
  return isExpr(value) ? value.resolve(scope).node : undefined;
}

/**
 * One term of an order by an expression.
 *
 * @example
 * ```ts
 * import { ExprOrder, F, integer, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer().nullable() }) {}
 * const largest = F("total").desc({ nulls: "last" });
 * console.log(largest instanceof ExprOrder, Order.filter().orderBy(largest).toSql().text);
 * ```
 */
export class ExprOrder {
  /**
   * Gives the term its node.
   *
   * @internal
   */
  readonly resolve: (scope: Scope) => OrderNode;

  /** Makes a term; use `asc()` and `desc()` instead. */
  constructor(resolve: (scope: Scope) => OrderNode) {
    this.resolve = resolve;
  }
}

/** Checks where NULLs stand in an order: the word becomes SQL text, so only the known ones may pass. */
export function nullsWord(word: unknown): "first" | "last" | null {
  if (word === undefined || word === null) return null;
  if (word === "first" || word === "last") return word;
  throw new ValidationError("NULLs in an order stand first or last", {
    code: "invalid_order",
    hint: 'Say { nulls: "first" } or { nulls: "last" }',
  });
}

const QUERY_BRAND: symbol = Symbol.for("@matrx/orm:query");

/** A query, seen from inside another one. */
export abstract class SubqueryBase {
  /** Type only: a query can stand for the values that it gives. */
  declare readonly $query: true;
  /** What it is, as data: a `QueryState`, which this file stands below. */
  abstract readonly state: unknown;

  /** Gives the query's node inside another query. */
  abstract toNode(outer: Scope | null): QueryNode;

  /** The codec of its only column; undefined when it has none. */
  abstract valueCodec(outer: Scope | null): AnyCodec | undefined;
}

Object.defineProperty(SubqueryBase.prototype, QUERY_BRAND, { value: true });

/** Tells a query from any other value. */
export function isSubquery(input: unknown): input is SubqueryBase {
  return typeof input === "object" && input !== null && QUERY_BRAND in input;
}

/**
 * Checks that a query gives one column.
 *
 * @throws {ValidationError} it gives more
 */
export function oneColumn(query: QueryNode): QueryNode {
  if (query.kind === "set" || query.columns.length === 1) return query;
  throw new ValidationError(`A sub-query gives ${query.columns.length} columns in place of one`, {
    code: "invalid_subquery",
    hint: 'Name the one that is meant: values("id")',
  });
}
