/** How calls are written, with the clauses of aggregates and windows. */
import type { FrameBound, FrameSpec, NodeOf, WindowSpec } from "../ast/nodes.ts";
import { operand } from "./operand.ts";
import type { Output } from "./output.ts";

/** Writes a call. */
export function call(node: NodeOf<"call">, out: Output): void {
  out.name("pg_catalog").write(".").name(node.name).write("(");
  if (node.distinct) out.write("distinct ");
  out.list(node.args, (argument) => out.node(argument));
  if (node.order !== undefined && node.order.length > 0) {
    out.write(" order by ").list(node.order, (term) => out.node(term));
  }
  out.write(")");
  if (node.filter) {
    out.write(" filter (where ");
    out.node(node.filter);
    out.write(")");
  }
  if (node.over) window(node.over, out);
}

function window(spec: WindowSpec, out: Output): void {
  const clauses: (() => void)[] = [];
  if (spec.partitionBy.length > 0) {
    clauses.push(() => {
      out.write("partition by ").list(spec.partitionBy, (one) => out.node(one));
    });
  }
  if (spec.order.length > 0) {
    clauses.push(() => {
      out.write("order by ").list(spec.order, (term) => out.node(term));
    });
  }
  const { frame } = spec;
  if (frame !== null) clauses.push(() => writeFrame(frame, out));
  out.write(" over (").list(clauses, (write) => write(), " ").write(")");
}

function writeFrame(frame: FrameSpec, out: Output): void {
  out.write(`${frame.mode} `);
  if (frame.to !== null) out.write("between ");
  bound(frame.from, out);
  if (frame.to !== null) {
    out.write(" and ");
    bound(frame.to, out);
  }
  if (frame.exclude !== null) out.write(` exclude ${frame.exclude}`);
}

function bound(at: FrameBound, out: Output): void {
  if (typeof at === "string") {
    out.write(at);
    return;
  }
  operand("preceding" in at ? at.preceding : at.following, out);
  out.write("preceding" in at ? " preceding" : " following");
}
