/** Random views and materialized views over the tables. */
import type { ColumnObject } from "../../../src/catalog/types.ts";
import { type Maker, q, SCHEMAS } from "./maker.ts";
import type { MadeTable } from "./tables.ts";

const [SHOP] = SCHEMAS;

function addColumns(maker: Maker, view: string, columns: readonly ColumnObject[]): void {
  columns.forEach((one, at) =>
    maker.add({
      ...one,
      ...{ schema: SHOP, table: view, position: at + 1, notNull: false, default: null },
      ...{ identity: null, generated: null, statistics: null, options: {}, storage: null },
      ...{ local: true, comment: maker.comment(), foreignOptions: {} },
    })
  );
}

/** Adds views, one of them over another, and a materialized view. */
export function addViews(maker: Maker, tables: readonly MadeTable[]): void {
  const from = tables.filter(({ kind }) => kind !== "partition");
  if (from.length === 0) return;
  const columnsOf = ({ schema, name }: MadeTable): ColumnObject[] =>
    [...maker.objects.values()].filter((one): one is ColumnObject =>
      one.kind === "column" && one.schema === schema && one.table === name
    );
  const select = (columns: readonly ColumnObject[], of: MadeTable, where: string) =>
    ` SELECT ${columns.map(({ name }) => q(name)).join(",\n    ")}\n   FROM ${
      q(of.schema, of.name)
    }${where};`;
  let below: MadeTable | null = null;
  for (const name of maker.some(["shown", "Shown too"], 60)) {
    const of: MadeTable = below !== null && maker.chance(50) ? below : maker.random.of(from);
    const columns = maker.shuffled(maker.some(columnsOf(of), 70));
    if (columns.length === 0) continue;
    maker.add({
      ...{ kind: "view", schema: SHOP, name, owner: maker.owner },
      definition: select(columns, of, ""),
      options: maker.chance(20) ? { security_barrier: "true" } : {},
      ...maker.base(),
    });
    addColumns(maker, name, columns);
    below = { schema: SHOP, name, kind: "plain", columns: [] };
  }
  if (!maker.chance(50)) return;
  const of = maker.random.of(from.filter(({ kind }) => kind !== "foreign"));
  if (of === undefined) return;
  const columns = columnsOf(of).filter(({ name }) => of.columns.includes(name));
  maker.add({
    ...{ kind: "materialized view", schema: SHOP, name: "kept", owner: maker.owner },
    definition: select(columns, of, maker.random.of(["", "\n  WHERE (id > 1)"])),
    ...{ populated: maker.chance(70), storage: {}, tablespace: null, accessMethod: "heap" },
    ...{ clusterOn: null, estimatedRows: null, ...maker.base() },
  });
  addColumns(maker, "kept", columns);
  if (!maker.chance(60)) return;
  maker.add({
    ...{ kind: "index", schema: SHOP, table: "kept", name: "kept_id", method: "btree" },
    ...{ unique: maker.chance(30), nullsNotDistinct: false },
    keys: [{
      ...{ column: "id", expression: null, opclass: null, opclassOptions: {}, collation: null },
      ...{ descending: false, nulls: "last" },
    }],
    ...{ include: [], where: null, storage: {}, tablespace: null, valid: true, parent: null },
    ...{ statistics: {}, definition: "", ...maker.base() },
  });
}
