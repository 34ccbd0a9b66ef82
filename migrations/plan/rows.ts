/** How the rows of a table live on when the table has to be made anew. */
import { identity } from "../../src/catalog/identity.ts";
import type { ColumnObject, ObjectKind, TableObject } from "../../src/catalog/types.ts";
import { converted } from "../ddl/casts.ts";
import { retypeLoss, valueTypes } from "../ddl/column_type.ts";
import { locks, statement } from "../ddl/make.ts";
import { ident, idents, qualified } from "../ddl/quote.ts";
import { catchUp } from "../ddl/sequences.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import { partitioned, staysPartition, tableNamed } from "./parted.ts";
import type { World } from "./world.ts";

const TYPES: ReadonlySet<ObjectKind> = new Set(["enum", "domain", "composite", "range"]);

function kept(table: TableObject): string {
  let base = table.name;
  while (new TextEncoder().encode(base).length > 50) base = Array.from(base).slice(0, -1).join("");
  return qualified(table.schema, `${base}__rows`);
}

/** Whether a table that is made anew gets its rows back, by a copy of its own. */
export function rowsAreKept(name: string, world: World): boolean {
  const [before, after] = [tableNamed(name, world.live), tableNamed(name, world.target)];
  return world.fates.get(name) === "rebuild" && before !== undefined && after !== undefined &&
    before.foreign === null && after.foreign === null && copiedWith(name, world) === null &&
    sharedColumns(before, after, world).length > 0;
}

/** The table with whose rows those of a partition are copied; null = none. */
export function copiedWith(name: string, world: World): string | null {
  const { live, target } = world;
  for (let at = name;;) {
    const table = tableNamed(at, live);
    const above = table === undefined ? null : partitioned(table);
    if (table === undefined || above === null || table.foreign !== null) return null;
    const isGone = !target.catalog.objects.has(at);
    // one that leaves takes its rows along; one that goes loses them, unless all are sorted anew
    if (isGone ? !isSortedAnew(above, world) : !staysPartition(at, world)) return null;
    if (rowsAreKept(above, world)) return above;
    at = above;
  }
}

function isSortedAnew(name: string, { live, target }: World): boolean {
  const [before, after] = [tableNamed(name, live), tableNamed(name, target)];
  return after !== undefined && before?.partitionBy !== after.partitionBy;
}

/** A column whose values a table has before and after. */
interface Shared {
  readonly before: ColumnObject;
  readonly after: ColumnObject;
  /** Whether its type goes with the table, so that its values are kept as text. */
  readonly asText: boolean;
}

function sharedColumns(before: TableObject, after: TableObject, world: World): Shared[] {
  const { live, target, fates } = world;
  const had = new Map(live.columns(before.schema, before.name).map((one) => [one.name, one]));
  return target.columns(after.schema, after.name).flatMap((column) => {
    const old = had.get(column.name);
    if (old === undefined || column.generated !== null) return [];
    const needs = live.needs(identity("column", [old.schema, old.table, old.name]));
    const asText = needs.some((one) => {
      const kind = live.catalog.objects.get(one)?.kind;
      const fate = fates.get(one);
      return kind !== undefined && TYPES.has(kind) && (fate === "drop" || fate === "rebuild");
    });
    return [{ before: old, after: column, asText }];
  });
}

/** Copies the rows away and drops the table, with nobody able to write in between. */
export function moveRows(before: TableObject, after: TableObject, world: World): DdlStatement {
  const name = qualified(before.schema, before.name);
  const columns = sharedColumns(before, after, world);
  const list = columns.map(({ before: { name: own }, asText }) =>
    asText ? `${ident(own)}::text AS ${ident(own)}` : ident(own)
  );
  const losses = columns.flatMap((one) => {
    if (one.before.formatted === one.after.formatted) return [];
    return retypeLoss(one.before, one.after, valueTypes(one.before, one.after, sides(world))) ?? [];
  });
  const commands = [
    `LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`,
    // its owner would see only what the policies show
    ...(before.rowSecurity.forced ? [`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`] : []),
    // what inherits from it keeps its own rows
    `CREATE TABLE ${kept(before)} AS SELECT ${list.join(", ")} FROM ${
      before.partitionBy === null ? "ONLY " : ""
    }${name}`,
    `DROP TABLE ${name}`,
  ];
  return statement(block(commands), {
    ...locks("ACCESS EXCLUSIVE", identity("table", [before.schema, before.name])),
    rewrites: true,
    scans: true,
    loss: losses.length === 0 ? null : {
      what: losses.map(({ what }) => what).join(", and "),
      count: losses.length === 1 ? losses[0]!.count : `SELECT count(*) FROM ${name}`,
    },
    note: "The table is made anew: its rows are copied away and back",
  });
}

/** Writes commands as one, which is done as a whole or not at all. */
function block(commands: readonly string[]): string {
  const body = `BEGIN\n${commands.map((one) => `  ${one};\n`).join("")}END`;
  let tag = "$rows$";
  while (body.includes(tag)) tag = `${tag.slice(0, -1)}_$`;
  return `DO ${tag}\n${body}\n${tag}`;
}

const sides = ({ live, target }: World) => ({ before: live.catalog, catalog: target.catalog });

/** Copies the rows back, in the columns that are there before and after. */
export function bringBack(before: TableObject, after: TableObject, world: World): DdlStatement[] {
  const columns = sharedColumns(before, after, world);
  const name = qualified(after.schema, after.name);
  const values = columns.map((one) => {
    const own = ident(one.before.name);
    if (one.asText) return `${own}::${one.after.formatted}`;
    return one.before.formatted === one.after.formatted
      ? own
      : converted(own, one.after.formatted, valueTypes(one.before, one.after, sides(world)));
  });
  const insert = statement(
    `INSERT INTO ${name} (${
      idents(columns.map((one) => one.after.name))
    }) OVERRIDING SYSTEM VALUE SELECT ${values.join(", ")} FROM ${kept(before)}`,
    { scans: true },
  );
  const force = (word: string): DdlStatement =>
    statement(`ALTER TABLE ${name} ${word} ROW LEVEL SECURITY`);
  const { schema, name: table } = after;
  return [
    ...(after.rowSecurity.forced ? [force("NO FORCE"), insert, force("FORCE")] : [insert]),
    statement(`DROP TABLE ${kept(before)}`),
    // a new identity goes on after the rows that are there
    ...columns.flatMap(({ after: { identity: own, name: column } }) =>
      own === null ? [] : [
        catchUp(
          own.sequence,
          { schema, table, column },
          own.options,
          identity("table", [
            schema,
            table,
          ]),
        ),
      ]
    ),
  ];
}
