import type { Node, ParamNode } from "../ast/nodes.ts";
import type { Param } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";

/** Collects the text and the parameters of one statement. */
export class Output {
  /** The bound values so far, `$1` first. */
  readonly params: Param[] = [];
  #text = "";
  readonly #bound = new Map<ParamNode, number>();
  readonly #write: (node: Node, out: Output) => void;

  /** Makes an empty statement; `write` writes any node into it. */
  constructor(write: (node: Node, out: Output) => void) {
    this.#write = write;
  }

  /** Appends a node. */
  node(node: Node): this {
    this.#write(node, this);
    return this;
  }

  /** Appends SQL text. */
  write(text: string): this {
    this.#text += text;
    return this;
  }

  /** Appends a quoted name. */
  name(name: string): this {
    this.#text += quoteName(name);
    return this;
  }

  /** Binds a value and appends its placeholder. */
  param(value: Param): this {
    this.params.push(value);
    this.#text += `$${this.params.length}`;
    return this;
  }

  /** Binds the value of a node, once wherever the node stands: the server sees one expression then. */
  boundOnce(node: ParamNode): this {
    const known = this.#bound.get(node);
    if (known !== undefined) return this.write(`$${known}`);
    this.param(node.value);
    this.#bound.set(node, this.params.length);
    return this;
  }

  /** Appends items with a separator. */
  list<Item>(items: readonly Item[], write: (item: Item) => void, separator = ", "): this {
    items.forEach((item, index) => {
      if (index > 0) this.#text += separator;
      write(item);
    });
    return this;
  }

  /** The text so far. */
  get text(): string {
    return this.#text;
  }
}

/**
 * Quotes an identifier for PostgreSQL, whatever it holds.
 *
 * @throws {ValidationError} it is empty, or no string: no identifier is
 */
export function quoteName(name: string): string {
  if (typeof name !== "string" || name === "") {
    throw new ValidationError("A name in the statement is empty or not a string", {
      code: "invalid_name",
      hint: "Give each column, table, alias and sql.id() a name of at least one character",
    });
  }
  return `"${name.replaceAll('"', '""')}"`;
}
