/** What differs between two catalogs, object by object and key by key. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";

/** How many objects of a kind came through. */
export interface KindCount {
  same: number;
  changed: number;
  lost: number;
  extra: number;
}

/** What a comparison found. */
export interface Comparison {
  readonly byKind: ReadonlyMap<string, KindCount>;
  /** Each difference in words. */
  readonly differences: readonly string[];
  /** The identities of the changed objects. */
  readonly changed: readonly string[];
}

/** The planner's estimate is no part of the structure. */
const NOT_STRUCTURE: ReadonlySet<string> = new Set(["estimatedRows"]);

/** Compares two catalogs; `ignored` are keys that are not looked at. */
export function compare(
  before: Catalog,
  after: Catalog,
  ignored: ReadonlySet<string> = new Set(),
): Comparison {
  const byKind = new Map<string, KindCount>();
  const differences: string[] = [];
  const changed: string[] = [];
  const countOf = (object: CatalogObject): KindCount => {
    const kind = object.kind === "constraint" ? `${object.type} constraint` : object.kind;
    let count = byKind.get(kind);
    if (count === undefined) {
      byKind.set(kind, count = { same: 0, changed: 0, lost: 0, extra: 0 });
    }
    return count;
  };
  for (const [id, object] of before.objects) {
    const other = after.objects.get(id);
    if (other === undefined) {
      countOf(object).lost++;
      differences.push(`lost: ${id}`);
      continue;
    }
    const keys = changedKeys(object, other, ignored);
    if (keys.length === 0) {
      countOf(object).same++;
      continue;
    }
    countOf(object).changed++;
    changed.push(id);
    differences.push(`changed: ${id}: ${keys.join("; ")}`);
  }
  for (const [id, object] of after.objects) {
    if (before.objects.has(id)) continue;
    countOf(object).extra++;
    differences.push(`extra: ${id}`);
  }
  return { byKind, differences, changed };
}

function changedKeys(
  before: CatalogObject,
  after: CatalogObject,
  ignored: ReadonlySet<string>,
): string[] {
  const [a, b] = [before, after] as unknown as Record<string, unknown>[];
  return Object.keys({ ...a, ...b }).filter((key) => {
    if (NOT_STRUCTURE.has(key) || ignored.has(key)) return false;
    return JSON.stringify(a![key]) !== JSON.stringify(b![key]);
  }).map((key) => `${key} ${short(a![key])} -> ${short(b![key])}`);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "none";
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
