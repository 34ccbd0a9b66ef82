import type { CatalogObject, ObjectKind } from "../../src/catalog/types.ts";
import { stableJson } from "../../src/util/stable_json.ts";

/** What counts as a difference. */
export interface Comparison {
  /** Whether owners count; default true. One that is stated as `""` never does, as a version of an extension. */
  readonly owners?: boolean | undefined;
  /** Whether privileges and default privileges count; default true. */
  readonly privileges?: boolean | undefined;
  /** Whether versions of extensions count, where both are stated; default true. */
  readonly versions?: boolean | undefined;
}

/** Facts that change nothing by themselves: told by others, estimates, or beyond any ALTER. */
const LEFT_OUT: Partial<Record<ObjectKind, readonly string[]>> = {
  table: ["estimatedRows"],
  "materialized view": ["estimatedRows"],
  // a column's place can only be changed by making the table anew
  column: ["position", "local"],
  constraint: ["local"],
  index: ["definition", "parent"],
  trigger: ["inherited"],
};

/** Constraints whose definition says no more than their other facts. */
const TOLD_APART: ReadonlySet<string> = new Set(["primary", "unique", "foreign", "check"]);

/** The facts of an object that count. */
function factsOf(
  object: CatalogObject,
  owners: boolean,
  versions: boolean,
): Record<string, unknown> {
  const facts: Record<string, unknown> = { ...object };
  for (const name of LEFT_OUT[object.kind] ?? []) delete facts[name];
  if (object.kind === "constraint" && TOLD_APART.has(object.type)) delete facts.definition;
  if (!owners) delete facts.owner;
  // the name of an identity's sequence is the column's matter
  if (object.kind === "privilege") facts.on = null;
  if (!versions) delete facts.version;
  return facts;
}

/** Whether two objects of one identity are the same, as far as a migration can tell. */
export function isSame(
  before: CatalogObject,
  after: CatalogObject,
  { owners = true, versions = true }: Comparison = {},
): boolean {
  if (before === after) return true;
  const owned = owners && ownerStated(before) && ownerStated(after);
  const versioned = versions && versionStated(before) && versionStated(after);
  return stableJson(factsOf(before, owned, versioned)) ===
    stableJson(factsOf(after, owned, versioned));
}

function ownerStated(object: CatalogObject): boolean {
  return !("owner" in object) || object.owner !== "" && object.owner !== null;
}

function versionStated(object: CatalogObject): boolean {
  return object.kind !== "extension" || object.version !== "";
}

/** Whether an object is compared at all. */
export function isCompared(object: CatalogObject, { privileges = true }: Comparison): boolean {
  if (object.kind === "unmodelled" || object.extension !== null) return false;
  return privileges || object.kind !== "privilege" && object.kind !== "default privilege";
}
