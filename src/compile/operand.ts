import type { Expression } from "../ast/nodes.ts";
import type { Output } from "./output.ts";

const ATOMS: ReadonlySet<Expression["kind"]> = new Set(
  [
    "column",
    "param",
    "cast",
    "identifier",
    "call",
    "exists",
    "constant",
    "count",
    "default",
    "row",
    "case",
    "extract",
    "subquery",
  ] as const,
);

/** Writes an expression where precedence could matter: in parentheses unless it is an atom. */
export function operand(node: Expression, out: Output): void {
  if (ATOMS.has(node.kind)) {
    out.node(node);
    return;
  }
  out.write("(");
  out.node(node);
  out.write(")");
}

/** Writes an item of and/or: comparisons bind tighter, so only groups and free text need parentheses. */
export function member(node: Expression, out: Output): void {
  if (node.kind === "group" || node.kind === "fragment") return operand(node, out);
  out.node(node);
}
