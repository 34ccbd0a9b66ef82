/** What two catalogs differ in, by object and property. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { stableJson } from "../../src/util/stable_json.ts";
import { type Comparison, isCompared, isSame } from "../diff/compare.ts";
import { shownName } from "./shown.ts";

/** A property that an object should have otherwise. */
export interface PropertyDifference {
  /** Its name, as the catalog has it. */
  readonly property: string;
  /** What it is. */
  readonly found: unknown;
  /** What it should be. */
  readonly wanted: unknown;
}

/** An object that is missing, left over or another one. */
export interface ObjectDifference {
  /** The kind of the object. */
  readonly kind: CatalogObject["kind"];
  /** Its name: `public.orders`, `public.orders.total`. */
  readonly object: string;
  /** What is wrong with it. */
  readonly state: "missing" | "extra" | "changed";
  /** What of it is another one; empty unless it is changed. */
  readonly properties: readonly PropertyDifference[];
}

/** Told of every object and never a fault of its own. */
const BESIDE: ReadonlySet<string> = new Set([
  ...["owner", "position", "local", "estimatedRows", "definition"],
]);

/** Lists what a catalog has otherwise than another one that it should be, in the order of identities. */
export function differencesBetween(
  found: Catalog,
  wanted: Catalog,
  comparison: Comparison,
): ObjectDifference[] {
  const list: ObjectDifference[] = [];
  for (const id of [...new Set([...found.objects.keys(), ...wanted.objects.keys()])].sort()) {
    const [is, should] = [compared(found, id, comparison), compared(wanted, id, comparison)];
    const told = should ?? is;
    if (told === undefined) continue;
    const { kind } = told;
    const about = { kind, object: shownName(told), properties: [] };
    if (is === undefined) list.push({ ...about, state: "missing" });
    else if (should === undefined) list.push({ ...about, state: "extra" });
    else if (!isSame(is, should, comparison)) {
      list.push({ ...about, state: "changed", properties: propertiesOf(is, should) });
    }
  }
  return list;
}

function compared(catalog: Catalog, id: string, comparison: Comparison): CatalogObject | undefined {
  const object = catalog.objects.get(id);
  return object !== undefined && isCompared(object, comparison) ? object : undefined;
}

/** What of an object is not as it should be; what says nothing by itself is told if nothing else is. */
export function propertiesOf(is: CatalogObject, should: CatalogObject): PropertyDifference[] {
  const [found, wanted] = [is, should] as unknown as Record<string, unknown>[];
  const names = [...new Set([...Object.keys(wanted!), ...Object.keys(found!)])].filter((name) =>
    stableJson(found![name] ?? null) !== stableJson(wanted![name] ?? null)
  );
  const telling = names.filter((name) => !BESIDE.has(name));
  return (telling.length === 0 ? names : telling).map((property) => ({
    property,
    found: found![property] ?? null,
    wanted: wanted![property] ?? null,
  }));
}

/** Says a difference in a line. */
export function differenceLine({ kind, object, state, properties }: ObjectDifference): string {
  const name = `${kind} ${object}`;
  if (state === "missing") return `${name} is missing`;
  if (state === "extra") return `${name} is left over`;
  return `${name}: ${
    properties.map(({ property, found, wanted }) =>
      `${property} is ${stableJson(found)}, not ${stableJson(wanted)}`
    ).join("; ")
  }`;
}
