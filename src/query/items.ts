import { column, item } from "../ast/make.ts";
import type { SelectItem } from "../ast/nodes.ts";
import type { ColumnMeta } from "../schema/meta.ts";

/** The columns of a table as items of a select list. */
export function columnItems(alias: string | null, columns: readonly ColumnMeta[]): SelectItem[] {
  return columns.map((one) => item(column(alias, one.name)));
}
