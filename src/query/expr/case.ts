import type { Expression } from "../../ast/nodes.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { native } from "../../codec/native.ts";
import { parseWhere } from "../where.ts";
import { isExpr } from "./computed.ts";
import { Expr, literalNode, type Operand, operandNode } from "./expr.ts";
import type { Scope } from "./scope.ts";

/** A condition and the value that it gives. A string is a value; `F("name")` is a column. */
export type CaseBranch = readonly [condition: object, value: Operand];

/** The type of an operand: of an expression its value's. */
export type OperandType<Input> = Input extends Expr<infer Value> ? Value : Input;

/**
 * An expression of conditions, under construction.
 *
 * @example
 * ```ts
 * import { CaseExpr, caseWhen, integer, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: integer() }) {}
 * const size = caseWhen({ total: { gt: 100 } }, "large").when({ total: { gt: 10 } }, "middle");
 * console.log(size instanceof CaseExpr);
 * console.log(Order.filter().annotate({ size: size.otherwise("small") }).toSql().text);
 * ```
 */
export class CaseExpr<Value> extends Expr<Value | null> {
  readonly #branches: readonly CaseBranch[];

  /** Makes an expression of branches; use `caseWhen` instead. */
  constructor(branches: readonly CaseBranch[]) {
    super((scope) => resolveCase(scope, branches, undefined));
    this.#branches = branches;
  }

  /** Adds a condition that is looked at when those before do not hold. */
  when<const Result extends Operand>(
    condition: object,
    value: Result,
  ): CaseExpr<Value | OperandType<Result>> {
    return new CaseExpr([...this.#branches, [condition, value]]);
  }

  /** Gives the value for when no condition holds; null without it. */
  otherwise<const Result extends Operand>(value: Result): Expr<Value | OperandType<Result>> {
    return new Expr((scope) => resolveCase(scope, this.#branches, value));
  }
}

function resolveCase(
  scope: Scope,
  branches: readonly CaseBranch[],
  otherwise: Operand | undefined,
): { readonly node: Expression; readonly codec: AnyCodec } {
  const values = [...branches.map(([, value]) => value), otherwise];
  const typed = values.flatMap((value) => isExpr(value) ? [value.resolve(scope).codec] : []);
  return {
    node: {
      kind: "case",
      when: branches.map(([condition, value]) => ({
        condition: parseWhere(scope, condition),
        value: valueNode(value, scope),
      })),
      otherwise: otherwise === undefined ? null : valueNode(otherwise, scope),
    },
    codec: typed.find((codec) => codec !== native) ?? native,
  };
}

/** A value that stands alone needs its type said: nothing around it tells. */
function valueNode(value: Operand, scope: Scope): Expression {
  const computed = typeof value === "object" && value !== null && !(value instanceof Date);
  return computed ? operandNode(value, scope) : literalNode(value);
}

/**
 * Gives the value of the first condition that holds.
 *
 * @example
 * ```ts
 * import { caseWhen } from "@matrx/orm";
 *
 * const size = caseWhen({ total: { gt: "100" } }, "large").otherwise("small");
 * ```
 */
export function caseWhen<const Result extends Operand>(
  condition: object,
  value: Result,
): CaseExpr<OperandType<Result>> {
  return new CaseExpr([[condition, value]]);
}
