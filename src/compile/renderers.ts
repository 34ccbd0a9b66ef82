import type { Node, NodeOf } from "../ast/nodes.ts";
import type { Output } from "./output.ts";

/** How each kind of node is written: one function per kind; a forgotten kind does not compile. */
export type Renderers<Kind extends Node["kind"] = Node["kind"]> = {
  readonly [One in Kind]: (node: NodeOf<One>, out: Output) => void;
};
