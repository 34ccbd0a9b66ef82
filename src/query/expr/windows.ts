/** Window functions. */
import { wrongArgument } from "../../errors/argument.ts";
import type { Expression, FrameBound, FrameSpec, NodeOf } from "../../ast/nodes.ts";
import { ValidationError } from "../../errors/base.ts";
import { checkOptions } from "../../schema/known_options.ts";
import { orderTerm } from "../clauses.ts";
import { isExpr } from "./computed.ts";
import { type Argument, argument, Expr, literalNode, NUMBER } from "./expr.ts";
import type { ArgumentType } from "./functions.ts";
import type { Scope, Typed } from "./scope.ts";

/** Where a frame begins or ends: so many rows away, at an end, or at the current row. */
export type FrameEnd =
  | "unbounded preceding"
  | "current row"
  | "unbounded following"
  | { readonly preceding: Argument }
  | { readonly following: Argument };

/** The rows around the current one that a window function sees. */
export interface FrameOptions {
  /** How distance is counted; default `rows`. */
  readonly mode?: "rows" | "range" | "groups";
  /** Default `unbounded preceding`. */
  readonly from?: FrameEnd;
  /** Default `current row`. */
  readonly to?: FrameEnd;
  /** Rows that are left out. */
  readonly exclude?: "current row" | "group" | "ties";
}

/** A window. */
export interface WindowOptions {
  /** Rows with equal values here are one window; default: all rows. */
  readonly partitionBy?: Argument | readonly Argument[];
  /** The order within a window, as in `orderBy`. */
  readonly orderBy?: unknown;
  /** Default: PostgreSQL's own, from the first row to the peers of the current one. */
  readonly frame?: FrameOptions;
}

/**
 * Runs an aggregate or window function over a window of rows around each row.
 *
 * @example
 * ```ts
 * import { integer, model, sum, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(sum("total"), {
 *     partitionBy: "status",
 *     orderBy: "total",
 *     frame: { from: { preceding: 2 }, to: "current row" },
 *   }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function window<Value>(expression: Expr<Value>, options: WindowOptions = {}): Expr<Value> {
  if (!isExpr(expression)) throw wrongArgument("window()", "an expression such as rowNumber()");
  return new Expr((scope): Typed => {
    const { node, codec } = expression.resolve(scope);
    if (node.kind !== "call") {
      throw new ValidationError("Only an aggregate or window function runs over a window", {
        code: "invalid_window",
        hint: "Give sum(), rowNumber() or another of them",
      });
    }
    return { node: { ...node, over: windowSpec(scope, options) }, codec };
  });
}

function windowSpec(scope: Scope, options: WindowOptions): NonNullable<NodeOf<"call">["over"]> {
  checkOptions("window()", options, ["partitionBy", "orderBy", "frame"]);
  return {
    partitionBy: list(options.partitionBy).map((input) => argument(input, scope).node),
    order: list(options.orderBy).map((term) => orderTerm(scope, term)),
    frame: options.frame === undefined ? null : frameSpec(scope, options.frame),
  };
}

function list<Item>(input: Item | readonly Item[] | undefined): readonly Item[] {
  if (input === undefined) return [];
  return Array.isArray(input) ? input : [input as Item];
}

const MODES: ReadonlySet<string> = new Set(["rows", "range", "groups"]);
const ENDS: ReadonlySet<string> = new Set([
  "unbounded preceding",
  "current row",
  "unbounded following",
]);
const EXCLUDED: ReadonlySet<string> = new Set(["current row", "group", "ties"]);

function frameSpec(scope: Scope, options: FrameOptions): FrameSpec {
  checkOptions("The frame of a window", options, ["mode", "from", "to", "exclude"]);
  const { mode = "rows", from = "unbounded preceding", to = "current row" } = options;
  const exclude = options.exclude ?? null;
  // the words become SQL text, so only the known ones may pass
  if (!MODES.has(mode) || (exclude !== null && !EXCLUDED.has(exclude))) throw badFrame();
  return { mode, from: frameBound(scope, from), to: frameBound(scope, to), exclude };
}

function frameBound(scope: Scope, end: FrameEnd): FrameBound {
  if (typeof end === "string") {
    if (ENDS.has(end)) return end;
    throw badFrame();
  }
  const { preceding, following }: { preceding?: Argument; following?: Argument } = end;
  if (preceding !== undefined) return { preceding: argument(preceding, scope).node };
  if (following !== undefined) return { following: argument(following, scope).node };
  throw badFrame();
}

function badFrame(): ValidationError {
  return new ValidationError("The frame of a window is not known", {
    code: "invalid_window",
    hint: 'Use { mode: "rows", from: { preceding: 2 }, to: "current row" }',
  });
}

function ranking(name: string): Expr<number> {
  return new Expr(() => ({ node: { kind: "call", name, args: [] }, codec: NUMBER }));
}

/**
 * Numbers the rows of a window from 1.
 *
 * @example
 * ```ts
 * import { integer, model, rowNumber, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(rowNumber(), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function rowNumber(): Expr<number> {
  return ranking("row_number");
}

/**
 * Ranks the rows; equal ones share a rank and leave a gap.
 *
 * @example
 * ```ts
 * import { integer, model, rank, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(rank(), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function rank(): Expr<number> {
  return ranking("rank");
}

/**
 * Ranks the rows; equal ones share a rank and leave no gap.
 *
 * @example
 * ```ts
 * import { denseRank, integer, model, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(denseRank(), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function denseRank(): Expr<number> {
  return ranking("dense_rank");
}

/**
 * The relative rank from 0 to 1.
 *
 * @example
 * ```ts
 * import { integer, model, percentRank, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(percentRank(), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function percentRank(): Expr<number> {
  return ranking("percent_rank");
}

/**
 * The share of rows up to the current one's peers, above 0 up to 1.
 *
 * @example
 * ```ts
 * import { cumeDist, integer, model, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(cumeDist(), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function cumeDist(): Expr<number> {
  return ranking("cume_dist");
}

/**
 * Splits the rows into so many groups of nearly equal size and numbers them from 1.
 *
 * @example
 * ```ts
 * import { integer, model, ntile, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(ntile(4), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function ntile(groups: number): Expr<number> {
  return new Expr(() => ({
    node: { kind: "call", name: "ntile", args: [literalNode(groups)] },
    codec: NUMBER,
  }));
}

function valueAt<Value>(
  name: string,
  input: Argument,
  more: (scope: Scope) => readonly Expression[],
): Expr<Value> {
  return new Expr((scope): Typed => {
    const { node, codec } = argument(input, scope);
    return { node: { kind: "call", name, args: [node, ...more(scope)] }, codec };
  });
}

/**
 * The value of the row so many rows before, 1 by default; null, or a fallback, where there is none.
 *
 * @example
 * ```ts
 * import { integer, lag, model, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(lag("total", 1, 0), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function lag<Input extends Argument>(
  input: Input,
  offset: number = 1,
  fallback?: Argument,
): Expr<ArgumentType<Input> | null> {
  return valueAt("lag", input, (scope) => neighbour(scope, offset, fallback));
}

/**
 * The value of the row so many rows after, 1 by default; null, or a fallback, where there is none.
 *
 * @example
 * ```ts
 * import { integer, lead, model, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(lead("total"), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function lead<Input extends Argument>(
  input: Input,
  offset: number = 1,
  fallback?: Argument,
): Expr<ArgumentType<Input> | null> {
  return valueAt("lead", input, (scope) => neighbour(scope, offset, fallback));
}

function neighbour(scope: Scope, offset: number, fallback: Argument | undefined): Expression[] {
  const distance = literalNode(offset);
  return fallback === undefined ? [distance] : [distance, argument(fallback, scope).node];
}

/**
 * The value of the first row of the frame.
 *
 * @example
 * ```ts
 * import { firstValue, integer, model, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(firstValue("total"), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function firstValue<Input extends Argument>(
  input: Input,
): Expr<ArgumentType<Input> | null> {
  return valueAt("first_value", input, () => []);
}

/**
 * The value of the last row of the frame.
 *
 * @example
 * ```ts
 * import { integer, lastValue, model, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(lastValue("total"), {
 *     orderBy: "total",
 *     frame: { to: "unbounded following" },
 *   }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function lastValue<Input extends Argument>(
  input: Input,
): Expr<ArgumentType<Input> | null> {
  return valueAt("last_value", input, () => []);
}

/**
 * The value of the nth row of the frame, from 1.
 *
 * @example
 * ```ts
 * import { integer, model, nthValue, text, window } from "@matrx/orm";
 *
 * class Order extends model("orders", { status: text(), total: integer() }) {}
 * const query = Order.filter().annotate({
 *   found: window(nthValue("total", 2), { partitionBy: "status", orderBy: "-total" }),
 * });
 * console.log(query.toSql().text);
 * ```
 */
export function nthValue<Input extends Argument>(
  input: Input,
  position: number,
): Expr<ArgumentType<Input> | null> {
  return valueAt("nth_value", input, () => [literalNode(position)]);
}
