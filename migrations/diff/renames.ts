import type { Catalog } from "../../src/catalog/catalog.ts";
import { identity, identityOf } from "../../src/catalog/identity.ts";
import type { CatalogObject, EnumObject, ObjectKind } from "../../src/catalog/types.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import type { Rename } from "./change.ts";
import type { Hints, LabelRename, RenameHint } from "./hints.ts";
import { renamedCatalog } from "./renamed.ts";

/** Outer things first, so that the names of parts are looked up where they are by then. */
const ORDER: readonly RenameHint["kind"][] = [
  ...["schema", "table", "view", "materialized view", "type", "sequence"] as const,
  ...["column", "constraint", "index", "trigger", "policy", "label"] as const,
];

const TYPE_KINDS: readonly ObjectKind[] = ["enum", "domain", "composite", "range"];

/**
 * Turns hints into renames, in the order in which they have to happen.
 *
 * A name that is taken is freed first: its holder gets a name of its own for a while and is dropped
 * or renamed later.
 *
 * @throws {MigrationError} a hint matches nothing
 */
export function renamesOf(live: Catalog, declared: Catalog, { renames = [] }: Hints): Rename[] {
  const found: Rename[] = [];
  let current = live;
  const add = (rename: Rename): void => {
    found.push(rename);
    current = renamedCatalog(current, rename);
  };
  // names that hints use speak of the live catalog, so what they mean is followed through the renames
  const moved = new Map<string, string>();
  const ordered = [...renames].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  for (const hint of ordered) {
    if (hint.kind === "label") {
      add(labelRename(current, declared, hint, moved));
      continue;
    }
    const before = objectOf(current, hint, moved);
    if (before === undefined) throw unknown(hint, current, "the database has");
    const after = { ...before, name: hint.to } as CatalogObject;
    const target = identityOf(after);
    if (!declared.objects.has(target)) throw unknown(hint, declared, "the declaration has");
    if (target === identityOf(before)) throw unknown(hint, declared, "the declaration has");
    const holder = holderOf(current, after);
    if (holder !== undefined) {
      const aside = freeName(current, holder);
      moved.set(identityOf(holder), aside);
      add({
        action: "rename",
        before: holder,
        after: { ...holder, name: aside } as CatalogObject,
        label: null,
      });
    }
    const now = objectOf(current, hint, moved) ?? before;
    moved.set(identityOf(before), hint.to);
    add({
      action: "rename",
      before: now,
      after: { ...now, name: hint.to } as CatalogObject,
      label: null,
    });
  }
  return found;
}

function placeOf(hint: Exclude<RenameHint, LabelRename>, moved: ReadonlyMap<string, string>) {
  if (hint.kind === "schema") return [moved.get(identity("schema", [hint.from])) ?? hint.from];
  const schema = moved.get(identity("schema", [hint.schema])) ?? hint.schema;
  if (!("table" in hint)) return [schema, hint.from];
  const table = (["table", "view", "materialized view"] as const)
    .map((kind) => moved.get(identity(kind, [schema, hint.table])))
    .find((name) => name !== undefined) ?? hint.table;
  return [schema, table, hint.from];
}

function objectOf(
  catalog: Catalog,
  hint: Exclude<RenameHint, LabelRename>,
  moved: ReadonlyMap<string, string>,
): CatalogObject | undefined {
  const parts = placeOf(hint, moved);
  const kinds = hint.kind === "type" ? TYPE_KINDS : [hint.kind];
  for (const kind of kinds) {
    const name = identity(kind, parts);
    const aside = moved.get(name);
    const found = catalog.objects.get(
      aside === undefined ? name : identity(kind, [...parts.slice(0, -1), aside]),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Relations share one room of names in a schema, types another. */
const RELATIONS: readonly ObjectKind[] = ["table", "view", "materialized view", "sequence"];

function holderOf(catalog: Catalog, wanted: CatalogObject): CatalogObject | undefined {
  const rooms = [RELATIONS, TYPE_KINDS].find((kinds) => kinds.includes(wanted.kind)) ??
    [wanted.kind];
  const parts = "table" in wanted && "name" in wanted && wanted.kind !== "statistics"
    ? [wanted.schema, wanted.table, wanted.name]
    : wanted.kind === "schema"
    ? [wanted.name]
    : "schema" in wanted && "name" in wanted
    ? [wanted.schema!, wanted.name]
    : [];
  for (const kind of rooms) {
    const found = catalog.objects.get(identity(kind, parts));
    if (found !== undefined) return found;
  }
  return undefined;
}

function freeName(catalog: Catalog, holder: CatalogObject): string {
  for (let n = 1;; n++) {
    const name = `moved_aside_${n}`;
    const taken = [...catalog.objects.values()].some((one) => "name" in one && one.name === name);
    if (!taken && "name" in holder) return name;
  }
}

function labelRename(
  live: Catalog,
  declared: Catalog,
  hint: LabelRename,
  moved: ReadonlyMap<string, string>,
): Rename {
  const name = moved.get(identity("enum", [hint.schema, hint.type])) ?? hint.type;
  const before = live.objects.get(identity("enum", [hint.schema, name])) as EnumObject | undefined;
  const wanted = declared.objects.get(identity("enum", [hint.schema, name])) as
    | EnumObject
    | undefined;
  if (before === undefined || !before.labels.includes(hint.from)) {
    throw missing(hint, "the database has", before?.labels ?? []);
  }
  if (wanted === undefined || !wanted.labels.includes(hint.to)) {
    throw missing(hint, "the declaration has", wanted?.labels ?? []);
  }
  if (before.labels.includes(hint.to)) {
    throw new MigrationError(
      `Cannot rename label ${JSON.stringify(hint.from)} of ${hint.schema}.${name} to ${
        JSON.stringify(hint.to)
      }: it has that label already`,
      { code: "rename_taken", hint: "Take the hint away, or name the label that is gone" },
    );
  }
  return {
    action: "rename",
    before,
    after: {
      ...before,
      labels: before.labels.map((label) => label === hint.from ? hint.to : label),
    },
    label: { from: hint.from, to: hint.to },
  };
}

function unknown(
  hint: Exclude<RenameHint, LabelRename>,
  catalog: Catalog,
  whose: string,
): MigrationError {
  const kinds: readonly ObjectKind[] = hint.kind === "type" ? TYPE_KINDS : [hint.kind];
  const names = [...catalog.objects.values()].filter((one) =>
    kinds.includes(one.kind) && (!("table" in hint) || "table" in one)
  ).flatMap((one) => "name" in one && typeof one.name === "string" ? [one.name] : []);
  return missing(hint, whose, names);
}

function missing(hint: RenameHint, whose: string, names: readonly string[]): MigrationError {
  const name = whose.includes("database") ? hint.from : hint.to;
  const near = nearest(name, names.filter((one) => one !== name));
  const parts = [
    "schema" in hint ? hint.schema : "",
    "table" in hint ? hint.table : "",
    "type" in hint ? hint.type : "",
    name,
  ].filter((part) => part !== "");
  return new MigrationError(
    `Cannot rename ${hint.kind} ${JSON.stringify(hint.from)} to ${
      JSON.stringify(hint.to)
    }: ${whose} no ${hint.kind} ${parts.map((part) => JSON.stringify(part)).join(".")}`,
    {
      code: "rename_matches_nothing",
      hint: near === undefined
        ? "Name the old name of the database and the new one of the declaration"
        : `Did you mean ${JSON.stringify(near)}?`,
    },
  );
}

/**
 * The hints that lead back: what was renamed gets its old name again.
 *
 * @example
 * ```ts
 * import { reverseHints } from "@matrx/orm/migrations";
 *
 * const hints = reverseHints({
 *   renames: [{ kind: "table", schema: "public", from: "note", to: "notes" }],
 * });
 * console.log(hints.renames); // [{ kind: "table", schema: "public", from: "notes", to: "note" }]
 * ```
 */
export function reverseHints({ renames = [] }: Hints): Hints {
  const tables = new Map<string, string>();
  const schemas = new Map<string, string>();
  for (const hint of renames) {
    if (hint.kind === "schema") schemas.set(hint.from, hint.to);
    else if (!("table" in hint) && !("type" in hint)) {
      tables.set(JSON.stringify([hint.schema, hint.from]), hint.to);
    }
  }
  const schemaOf = (name: string): string => schemas.get(name) ?? name;
  const tableOf = (schema: string, name: string): string =>
    tables.get(JSON.stringify([schema, name])) ?? name;
  return {
    renames: renames.map((hint): RenameHint => {
      const back = { ...hint, from: hint.to, to: hint.from };
      if (back.kind === "schema") return back;
      const schema = schemaOf(back.schema);
      if ("table" in back) return { ...back, schema, table: tableOf(back.schema, back.table) };
      if (back.kind === "label") return { ...back, schema, type: tableOf(back.schema, back.type) };
      return { ...back, schema };
    }),
  };
}
