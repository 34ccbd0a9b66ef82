/** What a migration is called by what it does. */
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Change } from "../diff/change.ts";
import { slug } from "../file/name.ts";

/** The longest name that several changes make together. */
const LONGEST = 52;

/**
 * Makes the words of a migration's name: `create_orders`, `add_note_to_orders`,
 * `create_orders_add_note_to_lines`, with `_and_more` where it would be too long.
 *
 * The first migration of a folder that only makes tables is `initial`, if they are several.
 */
export function automaticName(changes: readonly Change[], isFirst: boolean): string {
  const tables = changes.filter((one) => one.action === "create" && one.after.kind === "table");
  const onlyMakes = changes.every(({ action }) => action === "create");
  if (isFirst && onlyMakes && tables.length > 1) return "initial";
  const fragments = [...new Set(fragmentsOf(changes))].filter((one) => one !== "");
  let name = "";
  for (const fragment of fragments) {
    const longer = name === "" ? fragment : `${name}_${fragment}`;
    if (longer.length > LONGEST && name !== "") return `${name}_and_more`;
    name = longer.slice(0, LONGEST).replace(/_+$/, "");
  }
  return name === "" ? "auto" : name;
}

function fragmentsOf(changes: readonly Change[]): string[] {
  const whole = new Set(
    changes.flatMap((change) => {
      const object = change.action === "drop" ? change.before : change.after;
      const isNew = change.action === "create" || change.action === "drop";
      return isNew && isRelation(object) ? [placeOf(object.schema, object.name)] : [];
    }),
  );
  const weighed = changes.map((change) => ({
    change,
    weight: (WEIGHTS[objectOf(change).kind] ?? 3) + ACTIONS[change.action],
  }));
  weighed.sort((a, b) => a.weight - b.weight);
  return weighed.flatMap(({ change }) => {
    const object = objectOf(change);
    // what comes or goes with its table is told by the table
    if ("table" in object && typeof object.table === "string") {
      const { schema, table } = object as { readonly schema: string; readonly table: string };
      if (whole.has(placeOf(schema, table))) return [];
    }
    return [fragment(change)];
  });
}

/** What is told first: within a kind what comes, then what goes. */
const ACTIONS: Readonly<Record<Change["action"], number>> = {
  create: 0,
  drop: 0.2,
  rename: 0.4,
  alter: 0.6,
  rebuild: 0.6,
};

const WEIGHTS: Partial<Record<CatalogObject["kind"], number>> = { table: 0, column: 1, view: 2 };

function objectOf(change: Change): CatalogObject {
  return change.action === "drop" ? change.before : change.after;
}

function placeOf(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

type Relation = Extract<
  CatalogObject,
  { readonly kind: "table" | "view" | "materialized view" | "function" | "enum" }
>;

function isRelation(object: CatalogObject): object is Relation {
  return ["table", "view", "materialized view"].includes(object.kind);
}

function fragment(change: Change): string {
  const object = objectOf(change);
  const name = "name" in object && typeof object.name === "string" ? slug(object.name) : "";
  const table = "table" in object && typeof object.table === "string" ? slug(object.table) : "";
  if (change.action === "rename") {
    const before = change.before as { readonly name: string };
    if (change.label !== null) return `rename_label_of_${name}`;
    return table === ""
      ? `rename_${slug(before.name)}_to_${name}`
      : `rename_${slug(before.name)}_of_${table}`;
  }
  if (object.kind === "privilege" || object.kind === "default privilege") {
    return "change_privileges";
  }
  if (object.kind === "constraint" || object.kind === "index") {
    const verb = change.action === "create" ? "add" : change.action === "drop" ? "drop" : "change";
    return `${verb}_${name}`;
  }
  if (table !== "") {
    if (change.action === "create") return `add_${name}_to_${table}`;
    if (change.action === "drop") return `drop_${name}_from_${table}`;
    return `change_${name}_of_${table}`;
  }
  const verb = change.action === "create" ? "create" : change.action === "drop" ? "drop" : "change";
  return `${verb}_${name}`;
}
