/** Random tables with their columns. */
import type { ColumnObject, TableObject } from "../../../src/catalog/types.ts";
import { type Maker, SCHEMAS, type TypeChoice } from "./maker.ts";
import { BUILT_IN, options } from "./types.ts";

const [SHOP, ODD] = SCHEMAS;

/** A table, and the columns that keys and expressions may use. */
export interface MadeTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: "plain" | "alone" | "partitioned" | "partition" | "parent" | "child" | "foreign";
  readonly columns: readonly string[];
}

const table = (maker: Maker, schema: string, name: string): TableObject => ({
  ...{ kind: "table", schema, name, owner: maker.owner },
  ...{ persistence: "permanent", partitionBy: null, partitionOf: null, inherits: [], storage: {} },
  ...{ tablespace: null, accessMethod: "heap", clusterOn: null, replicaIdentity: "default" },
  ...{ rowSecurity: { enabled: false, forced: false }, foreign: null, ofType: null },
  estimatedRows: null,
  ...maker.base(),
});

function column(
  maker: Maker,
  of: { readonly schema: string; readonly name: string },
  name: string,
  position: number,
  { type, formatted }: Pick<TypeChoice, "type" | "formatted">,
  more: Partial<ColumnObject> = {},
): ColumnObject {
  return {
    ...{ kind: "column", schema: of.schema, table: of.name, name, position, type, formatted },
    ...{ notNull: false, default: null, identity: null, generated: null, collation: null },
    ...{ storage: null, compression: null, statistics: null, options: {}, foreignOptions: {} },
    local: true,
    ...maker.base(),
    ...more,
  };
}

const INT = BUILT_IN[0]!;
const TEXT = BUILT_IN[2]!;

/** The columns that every plain table has: an integer key, a number, a text. */
function addFixed(maker: Maker, of: MadeTable, isKey: boolean): void {
  const identity = isKey && maker.chance(40)
    ? {
      generation: maker.random.of(["always", "by default"] as const),
      sequence: { schema: of.schema, name: `${of.name}_id_seq` },
      options: options(maker, "2147483647"),
      comment: maker.comment(),
    }
    : null;
  maker.add(column(maker, of, "id", 1, INT, { notNull: isKey, identity }));
  maker.add(column(maker, of, "n", 2, INT, { notNull: maker.chance(30), default: number(maker) }));
  maker.add(column(maker, of, "t", 3, TEXT, { notNull: maker.chance(20) }));
}

const number = (maker: Maker): string | null => maker.random.of([null, "1", "shop.twice(4)", null]);

function addVaried(maker: Maker, of: MadeTable, choices: readonly TypeChoice[]): void {
  let position = 4;
  for (const name of maker.shuffled(maker.some(["a", "b", 'c "q"', "d", "Größe"], 60))) {
    const choice = maker.random.of(choices);
    const isGenerated = name === "d" && maker.chance(60);
    const kind = maker.modern && maker.chance(50) ? "virtual" as const : "stored" as const;
    const generated = { expression: maker.random.of(["(n * 2)", "(n + id)"]), kind };
    maker.add(
      isGenerated
        ? column(maker, of, name, position++, INT, { generated })
        : column(maker, of, name, position++, choice, {
          notNull: maker.chance(20),
          default: maker.chance(40) ? choice.literal : null,
          statistics: maker.chance(15) ? 100 : null,
          options: maker.chance(10) ? { n_distinct: "5" } : {},
          storage: choice.formatted === "text" && maker.chance(20) ? "EXTERNAL" : null,
          collation: choice.formatted === "text" && maker.chance(20)
            ? { schema: "pg_catalog", name: "C" }
            : null,
        }),
    );
  }
}

const made = (
  schema: string,
  name: string,
  kind: MadeTable["kind"],
  columns: readonly string[] = ["id", "n", "t"],
): MadeTable => ({ schema, name, kind, columns });

/** Adds tables of every form; gives them for what is put on them. */
export function addTables(maker: Maker, choices: readonly TypeChoice[]): MadeTable[] {
  const all: MadeTable[] = [];
  for (const name of maker.some(["people", "orders", "Lines & more"], 75)) {
    const schema = maker.has("schema", ODD) && maker.chance(25) ? ODD : SHOP;
    const one = made(schema, name, "plain");
    maker.add({
      ...table(maker, schema, name),
      storage: maker.chance(30) ? { fillfactor: maker.random.of(["70", "80"]) } : {},
      rowSecurity: { enabled: maker.chance(40), forced: maker.chance(20) },
      replicaIdentity: maker.random.of(["default", "default", "full", "nothing"] as const),
    });
    addFixed(maker, one, true);
    addVaried(maker, one, choices);
    all.push(one);
  }
  if (maker.chance(50)) {
    // it refers to no other table and none to it, as those would have to be unlogged too
    const one = made(SHOP, "scratch", "alone");
    maker.add({
      ...table(maker, SHOP, "scratch"),
      persistence: maker.chance(50) ? "unlogged" : "permanent",
    });
    addFixed(maker, one, false);
    all.push(one);
  }
  if (maker.chance(60)) all.push(...addPartitioned(maker));
  if (maker.chance(60)) all.push(...addFamily(maker));
  if (maker.has("foreign server", "far") && maker.chance(70)) all.push(addForeign(maker));
  return all;
}

function addPartitioned(maker: Maker): MadeTable[] {
  const parent = made(SHOP, "events", "partitioned", ["id", "n"]);
  maker.add({
    ...table(maker, SHOP, "events"),
    partitionBy: maker.chance(80) ? "RANGE (n)" : "RANGE (id)",
    accessMethod: null,
  });
  const more = maker.some(["note", "extra"], 60);
  const columnsOf = (of: MadeTable, local: boolean): void => {
    maker.add(column(maker, of, "id", 1, INT, { local }));
    maker.add(column(maker, of, "n", 2, INT, { local }));
    more.forEach((name, at) => maker.add(column(maker, of, name, at + 3, TEXT, { local })));
  };
  columnsOf(parent, true);
  const parts = maker.some([["low", "0", "10"], ["high", "10", "20"], ["rest", "", ""]], 70);
  return [
    parent,
    ...parts.map(([end, from, to]): MadeTable => {
      const one = made(SHOP, `events_${end}`, "partition", ["id", "n"]);
      maker.add({
        ...table(maker, SHOP, one.name),
        partitionOf: {
          ...{ schema: SHOP, table: "events" },
          bound: from === "" ? "DEFAULT" : `FOR VALUES FROM (${from}) TO (${to})`,
        },
      });
      columnsOf(one, false);
      return one;
    }),
  ];
}

function addFamily(maker: Maker): MadeTable[] {
  const parent = made(SHOP, "animals", "parent", ["id", "t"]);
  maker.add(table(maker, SHOP, "animals"));
  const shared = ["id", "t", ...maker.some(["legs", "eyes"], 60)];
  const typeOf = (name: string) => name === "t" ? TEXT : INT;
  shared.forEach((name, at) => maker.add(column(maker, parent, name, at + 1, typeOf(name))));
  if (!maker.chance(70)) return [parent];
  const child = made(SHOP, "dogs", "child", ["id", "t"]);
  const inherits = maker.chance(80);
  maker.add({
    ...table(maker, SHOP, "dogs"),
    inherits: inherits ? [{ schema: SHOP, table: "animals" }] : [],
  });
  shared.forEach((name, at) =>
    maker.add(column(maker, child, name, at + 1, typeOf(name), { local: !inherits }))
  );
  for (const name of maker.some(["legs", "tricks"], 50)) {
    if (maker.has("column", SHOP, "dogs", name)) continue;
    maker.add(column(maker, child, name, 9, INT));
  }
  return [parent, child];
}

function addForeign(maker: Maker): MadeTable {
  const one = made(SHOP, "distant", "foreign", ["id", "t"]);
  const given: Record<string, string> = maker.chance(50) ? { path: "/a" } : {};
  maker.add({
    ...table(maker, SHOP, "distant"),
    ...{ accessMethod: null, foreign: { server: "far", options: given } },
    replicaIdentity: "nothing",
  });
  maker.add(column(maker, one, "id", 1, INT));
  maker.add(
    column(maker, one, "t", 2, TEXT, {
      foreignOptions: maker.chance(50) ? { remote: "T" } : {},
    }),
  );
  return one;
}
