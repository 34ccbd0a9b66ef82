import type { StatementNode } from "../ast/nodes.ts";
import type { Statement } from "../driver/port.ts";
import { Output } from "./output.ts";
import { render } from "./render.ts";

/** Turns a statement's node into text and parameters. */
export function compile(node: StatementNode): Statement {
  const out = new Output();
  render(node, out);
  return { text: out.text, params: out.params };
}
