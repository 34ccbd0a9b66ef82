/** Parts that several statements share. */
import { isLasting } from "../ast/make.ts";
import type { Expression, SelectItem, TableNode } from "../ast/nodes.ts";
import type { Output } from "./output.ts";

const texts = new WeakMap<readonly SelectItem[], string>();

/** Writes the items of a select list; of one that is used again, the text is kept. */
export function selectList(items: readonly SelectItem[], out: Output): void {
  const known = texts.get(items);
  if (known !== undefined) {
    out.write(known);
    return;
  }
  const start = out.text.length;
  writeItems(items, out);
  if (isLasting(items)) texts.set(items, out.text.slice(start));
}

function writeItems(items: readonly SelectItem[], out: Output): void {
  out.list(items, (part) => {
    out.node(part.expression);
    if (part.alias !== null) out.write(" as ").name(part.alias);
  });
}

/** Writes the name of a table, without its alias. */
export function tableName(node: TableNode, out: Output): void {
  if (node.schema !== null) out.name(node.schema).write(".");
  out.name(node.name);
}

/** Writes a condition, if there is one. */
export function where(condition: Expression | null, out: Output): void {
  if (condition === null) return;
  out.write(" where ");
  out.node(condition);
}

/** Writes what a write gives back, if anything. */
export function returning(items: readonly SelectItem[], out: Output): void {
  if (items.length === 0) return;
  out.write(" returning ");
  selectList(items, out);
}
