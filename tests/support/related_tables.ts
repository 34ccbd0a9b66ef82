/** Tables that reference each other in every way, as a catalog: for what generated code costs. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { builtin, catalogOf, type TableDraft } from "../unit/emit_world.ts";

/** A table of 15 columns with three foreign keys; each fourth one is tied to its neighbour. */
function tablesAt(number: number, tables: number): TableDraft[] {
  const near = (step: number): string => `entry_${(number + step) % tables}`;
  const facts = ["text", "text", "timestamptz", "bool", "numeric", "uuid", "jsonb", "date"]
    .map((type, at) => [`fact_${at}`, { type: builtin(type), notNull: at % 2 === 0 }] as const);
  const one: TableDraft = {
    name: near(0),
    columns: {
      id: { type: builtin("int4"), notNull: true, identity: null, default: "nextval('ids')" },
      label: { type: builtin("varchar", "40"), notNull: true },
      parent_id: builtin("int4"),
      left_id: { type: builtin("int4"), notNull: true },
      right_id: builtin("int4"),
      ...Object.fromEntries(facts),
    },
    primaryKey: ["id"],
    foreignKeys: [[0, "parent_id"], [1, "left_id"], [7, "right_id"]].map(([step, column]) => ({
      columns: [String(column)],
      to: near(Number(step)),
    })),
  };
  if (number % 4 !== 0) return [one];
  return [one, {
    name: `tie_${number}`,
    columns: { entry_id: builtin("int4"), other_id: builtin("int4") },
    primaryKey: ["entry_id", "other_id"],
    foreignKeys: [
      { columns: ["entry_id"], to: near(0) },
      { columns: ["other_id"], to: near(1) },
    ],
  }];
}

/** A catalog of that many tables, and of a quarter of junction tables between them. */
export function relatedTables(tables: number): Catalog {
  return catalogOf(Array.from({ length: tables }, (_, at) => tablesAt(at, tables)).flat());
}
