/** How the rows of a table live on when the table has to be made anew. */
import { identity } from "../../src/catalog/identity.ts";
import type { TableObject } from "../../src/catalog/types.ts";
import { locks, statement } from "../ddl/make.ts";
import { idents, qualified } from "../ddl/quote.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import type { World } from "./world.ts";

function kept(table: TableObject): string {
  let base = table.name;
  while (new TextEncoder().encode(base).length > 50) base = Array.from(base).slice(0, -1).join("");
  return qualified(table.schema, `${base}__rows`);
}

/** Whether a table that is made anew gets its rows back. */
export function rowsAreKept(name: string, { live, target, fates }: World): boolean {
  const before = live.catalog.objects.get(name);
  const after = target.catalog.objects.get(name);
  return fates.get(name) === "rebuild" && before?.kind === "table" && after?.kind === "table" &&
    before.foreign === null && after.foreign === null && before.partitionOf === null;
}

/** Copies the rows away. */
export function keepRows(table: TableObject): DdlStatement {
  const name = identity("table", [table.schema, table.name]);
  return statement(
    `CREATE TABLE ${kept(table)} AS SELECT * FROM ${qualified(table.schema, table.name)}`,
    {
      ...locks("ACCESS SHARE", name),
      scans: true,
      note: "The table is made anew; its rows are copied",
    },
  );
}

/** Copies the rows back, in the columns that are there before and after. */
export function bringBack(before: TableObject, after: TableObject, world: World): DdlStatement[] {
  const had = new Map(
    world.live.columns(before.schema, before.name).map((column) => [column.name, column]),
  );
  const shared = world.target.columns(after.schema, after.name).filter((column) =>
    had.has(column.name) && column.generated === null
  );
  const list = idents(shared.map((column) => column.name));
  const values = shared.map((column) => {
    const old = had.get(column.name)!;
    const name = idents([column.name]);
    return old.formatted === column.formatted ? name : `${name}::text::${column.formatted}`;
  }).join(", ");
  const drop = statement(`DROP TABLE ${kept(before)}`);
  if (shared.length === 0) return [drop];
  return [
    statement(
      `INSERT INTO ${
        qualified(after.schema, after.name)
      } (${list}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${kept(before)}`,
      { scans: true },
    ),
    drop,
  ];
}
