/** Rows that are marked as deleted, and marked back. */
import { param } from "../ast/make.ts";
import type { Expression, SetItem } from "../ast/nodes.ts";
import { requireSoftDelete } from "../query/deleted.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { nextVersion } from "./values.ts";

/** The mark that a delete sets; null when it deletes for good. */
export function markOf(meta: ModelMeta, hard: boolean | undefined): ColumnMeta | null {
  return hard === true ? null : meta.softDelete;
}

/** What marks a row as deleted now, or as there again. */
export function markItems(meta: ModelMeta, deleted: boolean, alias: string | null): SetItem[] {
  const mark = requireSoftDelete(meta);
  const set: SetItem[] = [{ column: mark.name, value: deleted ? timeNow(mark) : param(null) }];
  if (meta.version !== null) {
    set.push({ column: meta.version.name, value: nextVersion(meta.version, alias) });
  }
  return set;
}

/** The server's time; a column without a time zone holds UTC. */
function timeNow(mark: ColumnMeta): Expression {
  const now: Expression = { kind: "call", name: "now", args: [] };
  if (mark.type.name === "timestamptz") return now;
  return { kind: "call", name: "timezone", args: [param("UTC"), now] };
}
