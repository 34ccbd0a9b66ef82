/** Renames that two catalogs show: those that change nothing else, and those to ask about. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject, ColumnObject } from "../../src/catalog/types.ts";
import type { Change } from "../diff/change.ts";
import { isSame } from "../diff/compare.ts";
import type { RenameHint } from "../diff/hints.ts";
import { shownObject } from "./shown.ts";

/** Something that goes and something of the same kind that comes. */
export interface LikelyRename {
  /** The hint that makes a rename of it. */
  readonly hint: RenameHint;
  /** The old one, such as `column public.users.mail`. */
  readonly from: string;
  /** The new one's name. */
  readonly to: string;
}

/** Constraints that can be renamed on every server. */
const NAMED_CONSTRAINTS: ReadonlySet<string> = new Set([
  ...["primary", "unique", "foreign", "check", "exclusion"],
]);

/**
 * Indexes and constraints that are the same but for their names: nothing is lost, built or checked
 * by a rename, so nobody is asked.
 */
export function plainRenames(changes: readonly Change[]): RenameHint[] {
  const { dropped, created, tables } = sidesOf(changes);
  const taken = new Set<CatalogObject>();
  return dropped.flatMap((before): RenameHint[] => {
    if (before.kind !== "index" && before.kind !== "constraint") return [];
    if (before.kind === "constraint" && !NAMED_CONSTRAINTS.has(before.type)) return [];
    const after = created.find((one) =>
      one.kind === before.kind && one.schema === before.schema && one.table === before.table &&
      !taken.has(one) && isSame({ ...before, name: one.name } as CatalogObject, one, NO_OWNERS)
    );
    if (after === undefined || !("name" in after)) return [];
    taken.add(after);
    const { kind, schema, table, name: from } = before;
    const live = tables.get(JSON.stringify([schema, table])) ?? table;
    return [{ kind, schema, table: live, from, to: after.name as string }];
  });
}

const NO_OWNERS = { owners: false };

interface ChangedSides {
  readonly dropped: readonly CatalogObject[];
  readonly created: readonly CatalogObject[];
  /** The live names of tables that have a new one. */
  readonly tables: ReadonlyMap<string, string>;
}

function sidesOf(changes: readonly Change[]): ChangedSides {
  const tables = new Map<string, string>();
  for (const change of changes) {
    if (change.action !== "rename") continue;
    const { before, after } = change;
    if (!("schema" in before) || !("name" in before) || "table" in before) continue;
    const from = tables.get(JSON.stringify([before.schema, before.name])) ?? before.name;
    tables.set(JSON.stringify([before.schema, (after as { name: string }).name]), from as string);
  }
  return {
    dropped: changes.flatMap((one) => one.action === "drop" ? [one.before] : []),
    created: changes.flatMap((one) => one.action === "create" ? [one.after] : []),
    tables,
  };
}

/** Tables, columns and labels that may have a new name, the likeliest of each first. */
export function likelyRenames(
  changes: readonly Change[],
  live: Catalog,
  declared: Catalog,
): LikelyRename[] {
  const { dropped, created, tables } = sidesOf(changes);
  const found: LikelyRename[] = [];
  const add = (before: CatalogObject, hint: RenameHint): void => {
    found.push({ hint, from: shownObject(before), to: hint.to });
  };
  const goneTables = dropped.filter((one) => one.kind === "table");
  for (const before of goneTables) {
    const shape = shapeOf(before, live);
    const scored = created.filter((one) => one.kind === "table" && one.schema === before.schema)
      .map((one) => ({ one, score: likeness(shape, shapeOf(one, declared)) }))
      .filter(({ score }) => score >= 0.5).sort((a, b) => b.score - a.score);
    for (const { one } of scored) {
      const { schema, name: from } = before;
      add(before, { kind: "table", schema, from, to: (one as { name: string }).name });
    }
  }
  const isOfTable = (column: ColumnObject, list: readonly CatalogObject[]): boolean =>
    list.some((one) =>
      one.kind === "table" && one.name === column.table && one.schema === column.schema
    );
  for (const before of dropped) {
    if (before.kind !== "column" || isOfTable(before, goneTables)) continue;
    for (const one of created) {
      const isLike = one.kind === "column" && one.schema === before.schema &&
        one.table === before.table && one.formatted === before.formatted;
      if (!isLike || isOfTable(one, created)) continue;
      const { schema, name: from } = before;
      const table = tables.get(JSON.stringify([schema, before.table])) ?? before.table;
      add(before, { kind: "column", schema, table, from, to: one.name });
    }
  }
  for (const change of changes) {
    if (change.action !== "alter" && change.action !== "rebuild") continue;
    const { before, after } = change;
    if (before.kind !== "enum" || after.kind !== "enum") continue;
    const gone = before.labels.filter((label) => !after.labels.includes(label));
    const come = after.labels.filter((label) => !before.labels.includes(label));
    if (gone.length !== 1 || come.length !== 1) continue;
    const type = tables.get(JSON.stringify([before.schema, before.name])) ?? before.name;
    const hint = { kind: "label", schema: before.schema, type, from: gone[0]!, to: come[0]! };
    found.push({
      hint: hint as RenameHint,
      from: `label ${JSON.stringify(gone[0])} of ${shownObject(before)}`,
      to: come[0]!,
    });
  }
  return found;
}

/** The columns of a table, as texts that can be compared. */
function shapeOf(table: CatalogObject, catalog: Catalog): Set<string> {
  const { schema, name } = table as { readonly schema: string; readonly name: string };
  const columns = [...catalog.objects.values()].flatMap((one) =>
    one.kind === "column" && one.schema === schema && one.table === name
      ? [`${one.name} ${one.formatted}`]
      : []
  );
  return new Set(columns);
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((text) => other.has(text)).length;
  return shared / Math.max(1, one.size, other.size);
}

/** Whether an answer leaves a candidate open: neither of its names was used by a rename. */
export function isOpen({ hint }: LikelyRename, taken: readonly RenameHint[]): boolean {
  const place = (one: RenameHint): string =>
    JSON.stringify([one.kind, "schema" in one ? one.schema : "", placeOf(one)]);
  return taken.every((one) =>
    place(one) !== place(hint) || one.from !== hint.from && one.to !== hint.to
  );
}

function placeOf(hint: RenameHint): string {
  return "table" in hint ? hint.table : "type" in hint ? hint.type : "";
}

/** A hint as a user would write it. */
export function writtenRename(hint: RenameHint): string {
  const quoted = (name: string): string =>
    /^[^".:\s]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  const schema = "schema" in hint && hint.schema !== "public" ? [hint.schema] : [];
  const place = placeOf(hint);
  const from = [...schema, ...place === "" ? [] : [place], hint.from].map(quoted).join(".");
  return `${from}:${quoted(hint.to)}`;
}
