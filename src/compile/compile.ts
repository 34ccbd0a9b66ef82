import type { Node, StatementNode } from "../ast/nodes.ts";
import type { Statement } from "../driver/port.ts";
import { expressions } from "./expressions.ts";
import { statementName } from "./names.ts";
import { Output } from "./output.ts";
import type { Renderers } from "./renderers.ts";
import { queries } from "./select.ts";
import { writes } from "./write.ts";

const renderers: Renderers = { ...expressions, ...queries, ...writes };

function writeNode(node: Node, out: Output): void {
  const write = renderers[node.kind] as (node: Node, out: Output) => void;
  write(node, out);
}

/** Turns a statement's node into text and parameters. */
export function compile(node: StatementNode): Statement {
  const out = new Output(writeNode);
  out.node(node);
  const { text, params } = out;
  return { text, params, name: statementName(text) };
}
