/** Numbers whose type the server would not guess from their place. */
import { param } from "../../ast/make.ts";
import type { Expression } from "../../ast/nodes.ts";
import { floatText, int8 } from "../../codec/number.ts";
import { checkText } from "../../codec/text.ts";

/** The node of a value whose type of `pg_catalog` is said. */
export function typedNode(text: string, type: string): Expression {
  const named = { schema: "pg_catalog", name: type, modifiers: [], dimensions: 0 };
  return { kind: "cast", item: param(text), type: named };
}

/** The type that holds a number without loss. */
export function numberType(number: number): string {
  if (!Number.isSafeInteger(number)) return Number.isFinite(number) ? "numeric" : "float8";
  return Math.abs(number) < 2 ** 31 ? "int4" : "int8";
}

/** The node of a number, or of one as text; a small one takes the type that its place asks for. */
export function amountNode(amount: number | bigint | string): Expression {
  if (typeof amount === "string") return param(checkText(amount, "text"));
  const big = typeof amount === "bigint";
  const text = big ? int8.encode(amount) : floatText(amount, "float8");
  const type = numberType(Number(amount));
  // a fraction or a big number would not be read as the whole number that its neighbour is
  return type === "int4" ? param(text) : typedNode(text, big ? "int8" : type);
}
