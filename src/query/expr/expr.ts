/** Expressions that users build: columns, values and arithmetic. They become nodes when their query is planned. */
import { isSql } from "../../ast/fragment.ts";
import { shownName } from "../../errors/argument.ts";
import { param } from "../../ast/make.ts";
import type { Expression, NodeOf, QueryNode } from "../../ast/nodes.ts";
import type { Sql } from "../../ast/sql.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { native, nativeParam } from "../../codec/native.ts";
import { bool } from "../../codec/simple.ts";
import { ValidationError } from "../../errors/base.ts";
import { amountNode, numberType, typedNode } from "./amount.ts";
import {
  Computed,
  computedNode,
  ExprOrder,
  isExpr,
  isSubquery,
  nullsWord,
  oneColumn,
} from "./computed.ts";
import { fieldOf, type Scope, type Typed } from "./scope.ts";

/** Reads a number of any type as a JavaScript number. */
export const NUMBER: AnyCodec = {
  name: "number",
  decode: Number,
  encode: (value: unknown): string => String(value),
};

/** The codecs whose values are JavaScript numbers, and stay so through arithmetic. */
const SMALL: ReadonlySet<string> = new Set(["int2", "int4", "float4", "float8", NUMBER.name]);

/** The type of a value that is that of a column, or `Extra`. Types only. */
export interface SameAs<Name extends string, Extra = never> {
  /** Type only: the column. */
  readonly $same: Name;
  /** Type only: what else it may be. */
  readonly $extra: Extra;
}

/** Options of a term of an order. */
export interface NullsOptions {
  /** Where NULLs stand; default: last ascending, first descending. */
  readonly nulls?: "first" | "last";
}

/**
 * An expression over a query's columns; a value that can be kept and combined.
 *
 * A string that is handed to one of its methods is a value; `F("name")` is a column.
 *
 * @example
 * ```ts
 * import { Expr, F, integer, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer(), shipping: integer() }) {}
 * const whole = F("total").plus(F("shipping"));
 * console.log(whole instanceof Expr, Order.filter().orderBy(whole.desc()).toSql().text);
 * ```
 */
export class Expr<Value> extends Computed {
  /** Type only: the type of the value. */
  declare readonly $value: Value;

  /** Adds. */
  plus(other: Operand): Expr<Value> {
    return this.#arithmetic("plus", other);
  }

  /** Subtracts. */
  minus(other: Operand): Expr<Value> {
    return this.#arithmetic("minus", other);
  }

  /** Multiplies. */
  times(other: Operand): Expr<Value> {
    return this.#arithmetic("times", other);
  }

  /** Divides; whole numbers give a whole number, as in SQL. */
  dividedBy(other: Operand): Expr<Value> {
    return this.#arithmetic("dividedBy", other);
  }

  /** Gives the remainder of a division. */
  modulo(other: Operand): Expr<Value> {
    return this.#arithmetic("modulo", other);
  }

  /** Orders by this, ascending. */
  asc(options: NullsOptions = {}): ExprOrder {
    return this.#order(false, options);
  }

  /** Orders by this, descending. */
  desc(options: NullsOptions = {}): ExprOrder {
    return this.#order(true, options);
  }

  #order(descending: boolean, options: NullsOptions): ExprOrder {
    const nulls = nullsWord(options.nulls);
    return new ExprOrder((scope) => ({
      kind: "order",
      expression: this.resolve(scope).node,
      descending,
      nulls,
    }));
  }

  #arithmetic(operator: NodeOf<"arithmetic">["operator"], other: Operand): Expr<Value> {
    return new Expr((scope) => {
      const left = this.resolve(scope);
      const right = operandNode(other, scope);
      const codec = SMALL.has(left.codec.name) ? NUMBER : native;
      return { node: { kind: "arithmetic", operator, left: left.node, right }, codec };
    });
  }
}

/** A value or expression that an expression is combined with. A string is a value. */
export type Operand = Expr<unknown> | Sql | string | number | bigint | boolean | Date | null;

/**
 * Names a column of the query's model in an expression.
 *
 * @example
 * ```ts
 * import { F } from "@matrx/orm";
 *
 * const doubled = F("total").times(2);
 * const changed = { updatedAt: { gt: F("createdAt") } };
 * ```
 */
export function F<const Name extends string>(name: Name): Expr<SameAs<Name>> {
  return new Expr((scope) => fieldOf(scope, name));
}

/**
 * Names a column of the query around a sub-query.
 *
 * @example
 * ```ts
 * import { exists, integer, model, outerRef } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: integer().primaryKey() }) {}
 * class Order extends model("orders", { customerId: integer(), total: integer() }) {}
 * const query = Customer.filter(exists(Order.filter({ customerId: outerRef("id") })));
 * console.log(query.toSql().text);
 * ```
 */
export function outerRef<const Name extends string>(name: Name): Expr<unknown> {
  return new Expr((scope) => {
    if (scope.outer !== null) return fieldOf(scope.outer, name);
    throw new ValidationError(
      `outerRef("${shownName(name)}") stands in a query that is not a sub-query`,
      {
        code: "no_outer_query",
        hint: "Use it in a query that you hand to subquery() or exists()",
      },
    );
  });
}

/**
 * Names a column of the row that an upsert would have inserted, in the values of its `update`; `F("name")`
 * is that of the row that is there.
 *
 * @throws {ValidationError} it stands anywhere else
 *
 * @example
 * ```ts
 * import { excluded, F, integer, model, text } from "@matrx/orm";
 * import { embedded } from "@matrx/orm/testing";
 *
 * class Stock extends model("stock", { sku: text().primaryKey(), pieces: integer() }) {}
 * await using db = await embedded({ models: [Stock] });
 * for (let times = 0; times < 2; times++) {
 *   await Stock.using(db.name).bulkUpsert([{ sku: "mug", pieces: 2 }], {
 *     conflict: ["sku"],
 *     update: { pieces: F("pieces").plus(excluded("pieces")) },
 *   });
 * }
 * console.log((await Stock.using(db.name).get({ sku: "mug" })).pieces); // 4
 * ```
 */
export function excluded<const Name extends string>(name: Name): Expr<SameAs<Name>> {
  return new Expr((scope) => {
    let around: Scope | null = scope;
    while (around !== null && around.proposed !== true) around = around.outer;
    if (around !== null) return fieldOf({ ...around, alias: "excluded" }, name);
    throw new ValidationError(`excluded("${shownName(name)}") stands outside of an upsert`, {
      code: "invalid_expression",
      hint: 'Use it in the values of an upsert: { update: { total: excluded("total") } }',
    });
  });
}

const LITERAL_TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["boolean", "bool"],
  ["bigint", "int8"],
]);

/** The type of which a literal is one value. */
export type Wide<Value> = Value extends string ? string
  : Value extends number ? number
  : Value extends bigint ? bigint
  : Value extends boolean ? boolean
  : Value;

/**
 * A value with its type said, for places that do not tell it.
 *
 * @example
 * ```ts
 * import { integer, model, value } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer() }) {}
 * const query = Order.filter().annotate({ kind: value("order") });
 * console.log(query.toSql().text);
 * ```
 */
export function value<Value extends string | number | bigint | boolean | Date | null>(
  literal: Value,
): Expr<Wide<Value>> {
  return new Expr(() => ({ node: literalNode(literal), codec: native }));
}

/** The node of a value with its type said. */
export function literalNode(literal: unknown): Expression {
  const text = nativeParam(literal);
  return text === null ? param(text) : typedNode(text, literalType(literal));
}

function literalType(literal: unknown): string {
  if (literal instanceof Date) return "timestamptz";
  if (typeof literal === "number") return numberType(literal);
  return LITERAL_TYPES.get(typeof literal) ?? "text";
}

/** The node of a value or expression; a value takes the type that its place asks for. */
export function operandNode(operand: unknown, scope: Scope): Expression {
  const computed = computedNode(operand, scope);
  if (computed !== undefined) return computed;
  if (operand === undefined) {
    throw new ValidationError("A value of an expression is undefined", {
      code: "undefined_value",
      hint: "Give a value, or null",
    });
  }
  return typeof operand === "number" || typeof operand === "bigint"
    ? amountNode(operand)
    : param(nativeParam(operand));
}

/** What a function of expressions takes: an expression, the name of a column, or a value that is no string. */
export type Argument = Expr<unknown> | Sql | string | number | bigint | boolean | Date | null;

/** The node of a function's argument: a string is the name of a column. */
export function argument(input: unknown, scope: Scope): Typed {
  if (typeof input === "string") return fieldOf(scope, input);
  if (isExpr(input)) return input.resolve(scope);
  if (isSql(input)) return { node: input.toNode(), codec: input.codec };
  return { node: literalNode(input), codec: native };
}

/** What can stand as a sub-query: any query over a model. */
export interface Subqueryable {
  /** Type only: a query can stand for the values that it gives. */
  readonly $query: true;
}

function queryNode(query: Subqueryable, scope: Scope): QueryNode {
  if (isSubquery(query)) return query.toNode(scope);
  throw new ValidationError("A sub-query is not a query over a model", {
    code: "invalid_subquery",
    hint: "Give a query such as Order.filter({ ... })",
  });
}

/**
 * Takes the only value of a query: its first column, of its only row.
 *
 * @example
 * ```ts
 * import { integer, model, outerRef, subquery } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: integer().primaryKey() }) {}
 * class Order extends model("orders", { customerId: integer(), total: integer() }) {}
 * const last = Order.filter({ customerId: outerRef("id") }).orderBy("-total").limit(1);
 * const query = Customer.filter().annotate({ largest: subquery<number>(last.values("total")) });
 * console.log(query.toSql().text);
 * ```
 */
export function subquery<Value = unknown>(query: Subqueryable): Expr<Value | null> {
  return new Expr((scope) => ({
    node: { kind: "subquery", query: oneColumn(queryNode(query, scope)) },
    codec: (isSubquery(query) ? query.valueCodec(scope) : undefined) ?? native,
  }));
}

/**
 * Tells whether a query gives a row.
 *
 * @example
 * ```ts
 * import { exists, integer, model, outerRef } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: integer().primaryKey() }) {}
 * class Order extends model("orders", { customerId: integer(), total: integer() }) {}
 * const query = Customer.filter().annotate({
 *   hasOrders: exists(Order.filter({ customerId: outerRef("id") })),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function exists(query: Subqueryable): Expr<boolean> {
  return new Expr((scope) => ({
    node: { kind: "exists", query: queryNode(query, scope) },
    codec: bool,
  }));
}
