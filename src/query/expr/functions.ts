/** Functions over columns and expressions. A string names a column; `value("…")` is a text. */
import { shownName, wrongArgument } from "../../errors/argument.ts";
import type { Expression } from "../../ast/nodes.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { native } from "../../codec/native.ts";
import { float8, int4 } from "../../codec/number.ts";
import { textCodec } from "../../codec/text.ts";
import { timestamptz } from "../../codec/timestamp.ts";
import { ValidationError } from "../../errors/base.ts";
import type { AnyField } from "../../schema/field.ts";
import { isField } from "../../schema/foreign_key.ts";
import type { ReadOf } from "../../schema/infer.ts";
import { meant } from "../../util/nearest.ts";
import { type Argument, argument, Expr, type SameAs } from "./expr.ts";
import type { Typed } from "./scope.ts";

/** The type of a function's result that is that of its argument. */
export type ArgumentType<Input> = Input extends string ? SameAs<Input>
  : Input extends Expr<infer Value> ? Value
  : unknown;

/** Calls a function of `pg_catalog` with arguments; `result` null takes the codec of the first. */
export function callOf<Value>(
  name: string,
  inputs: readonly Argument[],
  result: AnyCodec | null,
): Expr<Value> {
  return new Expr((scope) => {
    const args = inputs.map((input) => argument(input, scope));
    return {
      node: { kind: "call", name, args: args.map(({ node }) => node) },
      codec: result ?? args[0]?.codec ?? native,
    };
  });
}

/**
 * Gives the first argument that is not NULL.
 *
 * @example
 * ```ts
 * import { coalesce, model, text, value } from "@matrx/orm";
 *
 * class Order extends model("orders", { note: text().nullable() }) {}
 * const query = Order.filter().annotate({ shown: coalesce("note", value("none")) });
 * console.log(query.toSql().text);
 * ```
 */
export function coalesce<Input extends Argument>(
  first: Input,
  ...others: readonly Argument[]
): Expr<ArgumentType<Input>> {
  return wordCall("coalesce", [first, ...others]);
}

/**
 * Gives the greatest argument; NULLs do not count.
 *
 * @example
 * ```ts
 * import { greatest, integer, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer(), paid: integer() }) {}
 * const query = Order.filter().annotate({ most: greatest("total", "paid") });
 * console.log(query.toSql().text);
 * ```
 */
export function greatest<Input extends Argument>(
  first: Input,
  ...others: readonly Argument[]
): Expr<ArgumentType<Input>> {
  return wordCall("greatest", [first, ...others]);
}

/**
 * Gives the least argument; NULLs do not count.
 *
 * @example
 * ```ts
 * import { integer, least, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer(), paid: integer() }) {}
 * const query = Order.filter().annotate({ less: least("total", "paid") });
 * console.log(query.toSql().text);
 * ```
 */
export function least<Input extends Argument>(
  first: Input,
  ...others: readonly Argument[]
): Expr<ArgumentType<Input>> {
  return wordCall("least", [first, ...others]);
}

/**
 * Gives NULL when both are equal, else the first.
 *
 * @example
 * ```ts
 * import { F, integer, model, nullif } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer(), pieces: integer() }) {}
 * const query = Order.filter().annotate({ each: F("total").dividedBy(nullif("pieces", 0)) });
 * console.log(query.toSql().text);
 * ```
 */
export function nullif<Input extends Argument>(
  first: Input,
  second: Argument,
): Expr<ArgumentType<Input> | null> {
  return wordCall("nullif", [first, second]);
}

/** Calls what the grammar knows by a word and no schema holds. */
function wordCall<Value>(
  word: "coalesce" | "greatest" | "least" | "nullif",
  inputs: readonly Argument[],
): Expr<Value> {
  return new Expr((scope): Typed => {
    const args = inputs.map((input) => argument(input, scope));
    const items: Expression[] = args.map(({ node }) => node);
    const texts = [`${word}(`, ...items.slice(1).map(() => ", "), ")"];
    const known = args.find((one) => one.codec !== native);
    return { node: { kind: "fragment", texts, items }, codec: known?.codec ?? native };
  });
}

/**
 * Makes a text lower-case.
 *
 * @example
 * ```ts
 * import { lower, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { email: text() }) {}
 * const query = Order.filter().annotate({ key: lower("email") }).filter({ key: "ann@example.com" });
 * console.log(query.toSql().text);
 * ```
 */
export function lower(input: Argument): Expr<string> {
  return callOf("lower", [input], textCodec("text"));
}

/**
 * Makes a text upper-case.
 *
 * @example
 * ```ts
 * import { model, text, upper } from "@matrx/orm";
 *
 * class Order extends model("orders", { code: text() }) {}
 * const query = Order.filter().annotate({ shown: upper("code") });
 * console.log(query.toSql().text);
 * ```
 */
export function upper(input: Argument): Expr<string> {
  return callOf("upper", [input], textCodec("text"));
}

/**
 * Counts the characters of a text.
 *
 * @example
 * ```ts
 * import { length, model, text } from "@matrx/orm";
 *
 * class Order extends model("orders", { note: text() }) {}
 * const query = Order.filter().annotate({ size: length("note") }).filter({ size: { gt: 100 } });
 * console.log(query.toSql().text);
 * ```
 */
export function length(input: Argument): Expr<number> {
  return callOf("length", [input], int4);
}

/**
 * Removes blanks from both ends of a text.
 *
 * @example
 * ```ts
 * import { model, text, trim } from "@matrx/orm";
 *
 * class Order extends model("orders", { note: text() }) {}
 * const query = Order.filter().annotate({ shown: trim("note") });
 * console.log(query.toSql().text);
 * ```
 */
export function trim(input: Argument): Expr<string> {
  return callOf("btrim", [input], textCodec("text"));
}

/**
 * Joins texts; NULLs count as empty.
 *
 * @example
 * ```ts
 * import { concat, model, text, value } from "@matrx/orm";
 *
 * class Order extends model("orders", { given: text(), family: text() }) {}
 * const query = Order.filter().annotate({ name: concat("given", value(" "), "family") });
 * console.log(query.toSql().text);
 * ```
 */
export function concat(...inputs: readonly Argument[]): Expr<string> {
  return callOf("concat", inputs, textCodec("text"));
}

/**
 * Gives the absolute value.
 *
 * @example
 * ```ts
 * import { abs, integer, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { balance: integer() }) {}
 * const query = Order.filter().orderBy(abs("balance").desc());
 * console.log(query.toSql().text);
 * ```
 */
export function abs<Input extends Argument>(input: Input): Expr<ArgumentType<Input>> {
  return callOf("abs", [input], null);
}

/**
 * Rounds to a number of decimals, 0 by default; decimals need a `numeric`.
 *
 * @example
 * ```ts
 * import { decimal, model, round } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: decimal(12, 4) }) {}
 * const query = Order.filter().annotate({ shown: round("total", 2) });
 * console.log(query.toSql().text);
 * ```
 */
export function round<Input extends Argument>(
  input: Input,
  decimals?: number,
): Expr<ArgumentType<Input>> {
  return callOf("round", decimals === undefined ? [input] : [input, decimals], null);
}

/**
 * Gives the time at which the transaction began.
 *
 * @example
 * ```ts
 * import { model, now, timestamptz } from "@matrx/orm";
 *
 * class Order extends model("orders", { due: timestamptz() }) {}
 * const query = Order.filter().filter({ due: { lt: now() } });
 * console.log(query.toSql().text);
 * ```
 */
export function now(): Expr<Date> {
  return callOf("now", [], timestamptz);
}

function checkField(field: AnyField, call: string): void {
  if (!isField(field)) throw wrongArgument(call, "a type, said as a field such as integer()");
}

/**
 * Converts to another type, said as a field: `cast("total", doublePrecision())`.
 *
 * @example
 * ```ts
 * import { cast, decimal, doublePrecision, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: decimal(12, 2) }) {}
 * const query = Order.filter().annotate({ amount: cast("total", doublePrecision()) });
 * console.log(query.toSql().text);
 * ```
 */
export function cast<Item extends AnyField>(input: Argument, field: Item): Expr<ReadOf<Item>> {
  checkField(field, "cast()");
  return new Expr((scope) => {
    const { type, codec } = field.spec;
    if (type === null || codec === null) {
      throw new ValidationError("Cannot cast to a foreign key", { code: "invalid_cast" });
    }
    return {
      node: { kind: "cast", item: argument(input, scope).node, type },
      codec,
    };
  });
}

/** The parts of a date that `extract` and `dateTrunc` know. */
export type DatePart =
  | "century"
  | "day"
  | "decade"
  | "dow"
  | "doy"
  | "epoch"
  | "hour"
  | "isodow"
  | "isoyear"
  | "microseconds"
  | "millennium"
  | "milliseconds"
  | "minute"
  | "month"
  | "quarter"
  | "second"
  | "week"
  | "year";

const PARTS: ReadonlySet<string> = new Set<DatePart>([
  ...(["century", "day", "decade", "dow", "doy", "epoch", "hour", "isodow", "isoyear"] as const),
  ...(["microseconds", "millennium", "milliseconds", "minute", "month"] as const),
  ...(["quarter", "second", "week", "year"] as const),
]);

function checkPart(part: string): string {
  if (PARTS.has(part)) return part;
  throw new ValidationError(`There is no part "${shownName(part)}" of a date`, {
    code: "unknown_date_part",
    hint: meant(part, PARTS, `The parts are ${[...PARTS].join(", ")}`),
  });
}

/**
 * Takes a part out of a date, time or interval, as a number.
 *
 * @example
 * ```ts
 * import { extract, model, timestamptz } from "@matrx/orm";
 *
 * class Order extends model("orders", { paidAt: timestamptz() }) {}
 * const query = Order.filter().annotate({ year: extract("year", "paidAt") });
 * console.log(query.toSql().text);
 * ```
 */
export function extract(part: DatePart, input: Argument): Expr<number> {
  checkPart(part);
  return new Expr((scope) => ({
    node: { kind: "extract", part, item: argument(input, scope).node },
    codec: float8,
  }));
}

/**
 * Cuts a date down to a unit: the first moment of its month, for `month`.
 *
 * @example
 * ```ts
 * import { dateTrunc, model, timestamptz } from "@matrx/orm";
 *
 * class Order extends model("orders", { paidAt: timestamptz() }) {}
 * const query = Order.filter().annotate({ month: dateTrunc("month", "paidAt") });
 * console.log(query.toSql().text);
 * ```
 */
export function dateTrunc<Input extends Argument>(
  part: Exclude<DatePart, "dow" | "doy" | "epoch" | "isodow" | "isoyear">,
  input: Input,
): Expr<ArgumentType<Input>> {
  checkPart(part);
  return new Expr((scope) => {
    const { node, codec } = argument(input, scope);
    const unit: Expression = { kind: "param", value: part };
    return { node: { kind: "call", name: "date_trunc", args: [unit, node] }, codec };
  });
}

/**
 * Calls any function of `pg_catalog` by name; say the result's type as a field.
 *
 * @example
 * ```ts
 * import { doublePrecision, fn, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: doublePrecision() }) {}
 * const query = Order.filter().annotate({ root: fn("sqrt", doublePrecision(), "total") });
 * console.log(query.toSql().text);
 * ```
 */
export function fn<Item extends AnyField>(
  name: string,
  result: Item,
  ...inputs: readonly Argument[]
): Expr<ReadOf<Item>> {
  if (typeof name !== "string") throw wrongArgument("fn()", "the function's name");
  checkField(result, "fn()");
  return callOf(name, inputs, result.spec.codec);
}
