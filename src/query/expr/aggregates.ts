/** Aggregates. A string names a column. */
import { checkList } from "../../errors/argument.ts";
import type { NodeOf } from "../../ast/nodes.ts";
import { arrayCodec } from "../../codec/array.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { jsonb } from "../../codec/json.ts";
import { native } from "../../codec/native.ts";
import { numeric } from "../../codec/numeric.ts";
import { bool } from "../../codec/simple.ts";
import { textCodec } from "../../codec/text.ts";
import { constant } from "../../ast/make.ts";
import { checkOptions } from "../../schema/known_options.ts";
import { type Argument, argument, Expr, literalNode, NUMBER } from "./expr.ts";
import type { Scope, Typed } from "./scope.ts";
import { orderTerm } from "../clauses.ts";
import { parseWhere } from "../where.ts";
import type { ArgumentType } from "./functions.ts";

/** Options of an aggregate. */
export interface AggregateOptions {
  /** Counts equal arguments once. */
  readonly distinct?: boolean;
  /** Takes only the rows that match: a filter object, a condition or a fragment. */
  readonly filter?: object;
  /** The order in which the rows are taken, for aggregates that keep it. */
  readonly orderBy?: readonly unknown[];
}

/** Turns what an aggregate gives into the type of what it took. */
type Result = (taken: AnyCodec) => AnyCodec;

const same: Result = (taken) => taken;

/** Whole numbers of 64 bits and decimals keep their type; smaller numbers are summed as numbers. */
const summed: Result = (taken) => taken.name === "int2" || taken.name === "int4" ? NUMBER : taken;

const averaged: Result = (taken) =>
  ["int2", "int4", "float4", "float8", NUMBER.name].includes(taken.name) ? NUMBER : numeric;

function aggregate<Value>(
  name: string,
  inputs: readonly Argument[],
  options: AggregateOptions,
  result: Result,
): Expr<Value> {
  return new Expr((scope): Typed => {
    const args = inputs.map((input) => argument(input, scope));
    return {
      node: withOptions({ kind: "call", name, args: args.map(({ node }) => node) }, options, scope),
      codec: result(args[0]?.codec ?? native),
    };
  });
}

function withOptions(
  call: NodeOf<"call">,
  options: AggregateOptions,
  scope: Scope,
): NodeOf<"call"> {
  checkOptions(`${call.name}()`, options, ["distinct", "filter", "orderBy"]);
  if (options.orderBy !== undefined) {
    checkList(options.orderBy, "An aggregate", "a list of terms as orderBy");
  }
  return {
    ...call,
    distinct: options.distinct ?? false,
    order: (options.orderBy ?? []).map((term) => orderTerm(scope, term)),
    filter: options.filter === undefined ? null : parseWhere(scope, options.filter),
  };
}

/** The type of a sum, which is that of what is summed, or null when there is no row. */
export type SumType<Input> = ArgumentType<Input> | null;

/**
 * Adds up. Of `integer` and `smallint` it is a number, else of the argument's type; null without
 * rows.
 *
 * @example
 * ```ts
 * import { decimal, model, sum, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: decimal(12, 2) }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   total: sum("total"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function sum<Input extends Argument>(
  input: Input,
  options: AggregateOptions = {},
): Expr<SumType<Input>> {
  return aggregate("sum", [input], options, summed);
}

/**
 * Averages, as exact decimal text for `numeric` and `bigint`, else as a number; null without rows.
 *
 * @example
 * ```ts
 * import { avg, decimal, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: decimal(12, 2) }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   mean: avg("total", { distinct: true }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function avg(
  input: Argument,
  options: AggregateOptions = {},
): Expr<number | string | null> {
  return aggregate("avg", [input], options, averaged);
}

/**
 * Gives the least value; null without rows.
 *
 * @example
 * ```ts
 * import { decimal, min, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: decimal(12, 2) }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   least: min("total"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function min<Input extends Argument>(
  input: Input,
  options: AggregateOptions = {},
): Expr<ArgumentType<Input> | null> {
  return aggregate("min", [input], options, same);
}

/**
 * Gives the greatest value; null without rows.
 *
 * @example
 * ```ts
 * import { decimal, max, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: decimal(12, 2) }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   most: max("total"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function max<Input extends Argument>(
  input: Input,
  options: AggregateOptions = {},
): Expr<ArgumentType<Input> | null> {
  return aggregate("max", [input], options, same);
}

/**
 * Counts the rows, or those whose argument is not NULL.
 *
 * @example
 * ```ts
 * import { boolean, count, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), paid: boolean() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   paid: count("status", { filter: { paid: true } }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function count(input?: Argument, options: AggregateOptions = {}): Expr<number> {
  if (input !== undefined) return aggregate("count", [input], options, () => NUMBER);
  return new Expr((scope) => {
    // count(*) has no argument; count over a constant counts every row as well
    const every: NodeOf<"call"> = { kind: "call", name: "count", args: [constant(1)] };
    return { node: withOptions(every, options, scope), codec: NUMBER };
  });
}

/**
 * The sample standard deviation.
 *
 * @example
 * ```ts
 * import { integer, model, stddev, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), pieces: integer() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   spread: stddev("pieces"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function stddev(
  input: Argument,
  options: AggregateOptions = {},
): Expr<number | string | null> {
  return aggregate("stddev", [input], options, averaged);
}

/**
 * The sample variance.
 *
 * @example
 * ```ts
 * import { integer, model, text, variance } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), pieces: integer() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   spread: variance("pieces"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function variance(
  input: Argument,
  options: AggregateOptions = {},
): Expr<number | string | null> {
  return aggregate("variance", [input], options, averaged);
}

/**
 * Collects the values in an array; null without rows.
 *
 * @example
 * ```ts
 * import { arrayAgg, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), number: text() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   numbers: arrayAgg("number", { distinct: true }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function arrayAgg<Input extends Argument>(
  input: Input,
  options: AggregateOptions = {},
): Expr<unknown[] | null> {
  return aggregate(
    "array_agg",
    [input],
    options,
    (taken) => taken === native ? native : arrayCodec(taken),
  );
}

/**
 * Joins texts with a separator; null without rows.
 *
 * @example
 * ```ts
 * import { model, stringAgg, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), number: text() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   numbers: stringAgg("number", ", "),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function stringAgg(
  input: Argument,
  separator: string,
  options: AggregateOptions = {},
): Expr<string | null> {
  return new Expr((scope): Typed => {
    const args = [argument(input, scope).node, literalNode(separator)];
    const call: NodeOf<"call"> = { kind: "call", name: "string_agg", args };
    return { node: withOptions(call, options, scope), codec: textCodec("text") };
  });
}

/**
 * Collects the values in a JSON array; null without rows.
 *
 * @example
 * ```ts
 * import { jsonAgg, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), number: text() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   numbers: jsonAgg("number"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function jsonAgg(
  input: Argument,
  options: AggregateOptions = {},
): Expr<unknown[] | null> {
  return aggregate("jsonb_agg", [input], options, () => jsonb);
}

/**
 * Whether all are true; null without rows.
 *
 * @example
 * ```ts
 * import { boolAnd, boolean, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), isPaid: boolean() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   allPaid: boolAnd("isPaid"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function boolAnd(input: Argument, options: AggregateOptions = {}): Expr<boolean | null> {
  return aggregate("bool_and", [input], options, () => bool);
}

/**
 * Whether one is true; null without rows.
 *
 * @example
 * ```ts
 * import { boolean, boolOr, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), isPaid: boolean() }) {}
 * const query = Order.filter().groupBy("status").annotate({
 *   onePaid: boolOr("isPaid"),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function boolOr(input: Argument, options: AggregateOptions = {}): Expr<boolean | null> {
  return aggregate("bool_or", [input], options, () => bool);
}
