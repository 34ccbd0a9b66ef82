/** Expressions that users build: columns, values and arithmetic. They become nodes when their query is planned. */
import { column, param } from "../../ast/make.ts";
import type { Expression, NodeOf, OrderNode, QueryNode } from "../../ast/nodes.ts";
import { isSql, type Sql } from "../../ast/sql.ts";
import type { TypeRef } from "../../catalog/type_ref.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { nativeParam } from "../../codec/native.ts";
import { builtinCodec } from "../../codec/registry.ts";
import { ValidationError } from "../../errors/base.ts";
import type { ModelMeta } from "../../schema/meta.ts";
import { fragment } from "../fragment.ts";

const BRAND: symbol = Symbol.for("@matrx/orm:expression");

/** What the names in an expression stand for. */
export interface Scope {
  /** The model whose columns the names are. */
  readonly meta: ModelMeta;
  /** The alias of its table; null = its columns stand unqualified. */
  readonly alias: string | null;
  /** How many sub-queries stand around; it makes aliases that cannot clash. */
  readonly depth: number;
  /** Expressions that the query gave names to. */
  readonly named: ReadonlyMap<string, Typed>;
  /** The query around this one; null = none. */
  readonly outer: Scope | null;
}

/** The alias of the table that a query is about. */
export const ROOT = "t0";

const NOTHING_NAMED: ReadonlyMap<string, Typed> = new Map();

/** Reads a number of any type as a JavaScript number. */
export const NUMBER: AnyCodec = {
  name: "number",
  decode: Number,
  encode: (value: unknown): string => String(value),
};

/** The codecs whose values are JavaScript numbers, and stay so through arithmetic. */
const SMALL: ReadonlySet<string> = new Set(["int2", "int4", "float4", "float8", NUMBER.name]);

/** The scope of a query: by itself, or inside another one. */
export function scopeOf(
  meta: ModelMeta,
  outer: Scope | null = null,
  named: ReadonlyMap<string, Typed> = NOTHING_NAMED,
): Scope & { readonly alias: string } {
  if (outer === null) return { meta, alias: ROOT, depth: 0, named, outer };
  const depth = outer.depth + 1;
  return { meta, alias: `t${depth}`, depth, named, outer };
}

/** A node and, where it is known, the codec of its value. */
export interface Typed {
  readonly node: Expression;
  readonly codec: AnyCodec | null;
}

/** The type of a value that is that of a column, or `Extra`. Types only. */
export interface SameAs<Name extends string, Extra = never> {
  /** Type only: the column. */
  readonly $same: Name;
  /** Type only: what else it may be. */
  readonly $extra: Extra;
}

/** One term of an order by an expression. */
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

/** Options of a term of an order. */
export interface NullsOptions {
  /** Where NULLs stand; default: last ascending, first descending. */
  readonly nulls?: "first" | "last";
}

/**
 * An expression over a query's columns; a value that can be kept and combined.
 *
 * A string that is handed to one of its methods is a value; `F("name")` is a column.
 */
export class Expr<Value> {
  /** Type only: the type of the value. */
  declare readonly $value: Value;
  /**
   * Gives the expression its node.
   *
   * @internal
   */
  readonly resolve: (scope: Scope) => Typed;

  /** Makes an expression; use `F`, `value` or a function instead. */
  constructor(resolve: (scope: Scope) => Typed) {
    this.resolve = resolve;
  }

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
      const codec = left.codec !== null && SMALL.has(left.codec.name) ? NUMBER : null;
      return { node: { kind: "arithmetic", operator, left: left.node, right }, codec };
    });
  }
}

Object.defineProperty(Expr.prototype, BRAND, { value: true });

/** Checks where NULLs stand in an order: the word becomes SQL text, so only the known ones may pass. */
export function nullsWord(word: unknown): "first" | "last" | null {
  if (word === undefined || word === null) return null;
  if (word === "first" || word === "last") return word;
  throw new ValidationError("NULLs in an order stand first or last", {
    code: "invalid_order",
    hint: 'Say { nulls: "first" } or { nulls: "last" }',
  });
}

/** A value or expression that an expression is combined with. A string is a value. */
export type Operand = Expr<unknown> | Sql | string | number | bigint | boolean | Date | null;

/** Tells an expression from any other value. */
export function isExpr(value: unknown): value is Expr<unknown> {
  return typeof value === "object" && value !== null && BRAND in value;
}

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

/** Resolves a name: a column of the model, or an expression that the query named. */
export function fieldOf(scope: Scope, name: string): Typed {
  const named = scope.named.get(name);
  if (named !== undefined) return named;
  const found = scope.meta.column(name);
  return { node: column(scope.alias, found.name), codec: found.codec };
}

/** Names a column of the query around a sub-query. */
export function outerRef<const Name extends string>(name: Name): Expr<unknown> {
  return new Expr((scope) => {
    if (scope.outer !== null) return fieldOf(scope.outer, name);
    throw new ValidationError(`outerRef("${name}") stands in a query that is not a sub-query`, {
      code: "no_outer_query",
      hint: "Use it in a query that you hand to subquery() or exists()",
    });
  });
}

const LITERAL_TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["boolean", "bool"],
  ["bigint", "int8"],
]);

const builtin = (name: string): TypeRef => ({
  schema: "pg_catalog",
  name,
  modifiers: [],
  dimensions: 0,
});

/** The type of which a literal is one value. */
export type Wide<Value> = Value extends string ? string
  : Value extends number ? number
  : Value extends bigint ? bigint
  : Value extends boolean ? boolean
  : Value;

/** A value with its type said, for places that do not tell it. */
export function value<Value extends string | number | bigint | boolean | Date | null>(
  literal: Value,
): Expr<Wide<Value>> {
  return new Expr(() => ({ node: literalNode(literal), codec: null }));
}

/** The node of a value with its type said. */
export function literalNode(literal: unknown): Expression {
  const item = param(nativeParam(literal));
  if (literal === null) return item;
  return { kind: "cast", item, type: builtin(literalType(literal)) };
}

function literalType(literal: unknown): string {
  if (literal instanceof Date) return "timestamptz";
  if (typeof literal === "number") {
    if (!Number.isSafeInteger(literal)) return Number.isFinite(literal) ? "numeric" : "float8";
    return Math.abs(literal) < 2 ** 31 ? "int4" : "int8";
  }
  return LITERAL_TYPES.get(typeof literal) ?? "text";
}

function isSmall(operand: number): boolean {
  return Number.isInteger(operand) && Math.abs(operand) < 2 ** 31;
}

/** The node of a value or expression; a value takes the type that its place asks for. */
export function operandNode(operand: unknown, scope: Scope): Expression {
  if (isExpr(operand)) return operand.resolve(scope).node;
  if (isSql(operand)) return fragment(operand);
  if (operand === undefined) {
    throw new ValidationError("A value of an expression is undefined", {
      code: "undefined_value",
      hint: "Give a value, or null",
    });
  }
  // a fraction or a big number would not be read as the whole number that its neighbour is
  if (typeof operand === "number" && !isSmall(operand)) return literalNode(operand);
  if (typeof operand === "bigint" && !isSmall(Number(operand))) return literalNode(operand);
  return param(nativeParam(operand));
}

/** What a function of expressions takes: an expression, the name of a column, or a value that is no string. */
export type Argument = Expr<unknown> | Sql | string | number | bigint | boolean | Date | null;

/** The node of a function's argument: a string is the name of a column. */
export function argument(input: unknown, scope: Scope): Typed {
  if (typeof input === "string") return fieldOf(scope, input);
  if (isExpr(input)) return input.resolve(scope);
  if (isSql(input)) return { node: fragment(input), codec: null };
  return { node: literalNode(input), codec: null };
}

const QUERY_BRAND: symbol = Symbol.for("@matrx/orm:query");

/** What can stand as a sub-query: any query over a model. */
export interface Subqueryable {
  /** Type only: a query can stand for the values that it gives. */
  readonly $query: true;
}

/** A query, seen from inside another one. */
export abstract class SubqueryBase {
  /** Type only: a query can stand for the values that it gives. */
  declare readonly $query: true;

  /** Gives the query's node inside another query. */
  abstract toNode(outer: Scope | null): QueryNode;

  /** The codec of its only column; null where only the server knows the type. */
  abstract valueCodec(outer: Scope | null): AnyCodec | null;
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

function queryNode(query: Subqueryable, scope: Scope): QueryNode {
  if (isSubquery(query)) return query.toNode(scope);
  throw new ValidationError("A sub-query is not a query over a model", {
    code: "invalid_subquery",
    hint: "Give a query such as Order.filter({ ... })",
  });
}

/** Takes the only value of a query: its first column, of its only row. */
export function subquery<Value = unknown>(query: Subqueryable): Expr<Value | null> {
  return new Expr((scope) => ({
    node: { kind: "subquery", query: oneColumn(queryNode(query, scope)) },
    codec: isSubquery(query) ? query.valueCodec(scope) : null,
  }));
}

/** Tells whether a query gives a row. */
export function exists(query: Subqueryable): Expr<boolean> {
  return new Expr((scope) => ({
    node: { kind: "exists", query: queryNode(query, scope) },
    codec: builtinCodec("bool")!,
  }));
}
