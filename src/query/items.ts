import { column, item, lasting } from "../ast/make.ts";
import type { SelectItem } from "../ast/nodes.ts";
import type { ColumnMeta } from "../schema/meta.ts";

const lists = new WeakMap<readonly ColumnMeta[], Map<string | null, readonly SelectItem[]>>();

/** The columns of a table as items of a select list; made once for each list and alias. */
export function columnItems(
  alias: string | null,
  columns: readonly ColumnMeta[],
): readonly SelectItem[] {
  let known = lists.get(columns);
  if (known === undefined) lists.set(columns, known = new Map());
  let items = known.get(alias);
  if (items === undefined) {
    items = lasting(columns.map((one) => item(column(alias, one.name))));
    known.set(alias, items);
  }
  return items;
}
