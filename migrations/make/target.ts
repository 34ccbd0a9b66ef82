/** What the database is to become: what is declared, where it is looked at, and what is there elsewhere. */
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import { parentOf } from "../../src/catalog/parent.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Scope } from "./scope.ts";
import { shownName } from "./shown.ts";

/** What goes into a target. */
export interface TargetSides {
  /** The state to start from, as the shadow words it. */
  readonly live: Catalog;
  /** What is declared, as the shadow words it. */
  readonly declared: Catalog;
  /** What is looked at. */
  readonly scope: Scope;
  /** What the declaration takes for granted: it stays as it is. */
  readonly borrowed: ReadonlySet<string>;
  /** Whether SQL objects are declared; else what models cannot say stays as it is. */
  readonly saysObjects: boolean;
}

/** A target, and what a user should know about it. */
export interface Target {
  /** The catalog that a diff takes. */
  readonly catalog: Catalog;
  /** What had to be left out. */
  readonly warnings: readonly string[];
}

/** Makes the target of a diff. Pure. */
export function makeTarget(sides: TargetSides): Target {
  const { live, declared, scope, borrowed, saysObjects } = sides;
  const warnings: string[] = [];
  const objects: CatalogObject[] = [];
  for (const [id, object] of declared.objects) {
    const present = live.objects.get(id);
    if (borrowed.has(id)) {
      objects.push(present ?? object);
    } else if (!scope.covers(object)) {
      if (present !== undefined) objects.push(present);
    } else {
      objects.push(settled(object, present, declared, saysObjects));
    }
  }
  const catalog = makeCatalog(declared.serverVersion, objects, declared.dependencies);
  const reachable = new Set([...catalog.objects.keys(), ...live.objects.keys()]);
  const kept = objects.filter((object) => {
    if (object.kind !== "constraint" || object.type !== "foreign") return true;
    const { schema, table } = object.references;
    const target = identity("table", [schema, table]);
    const whole = declared.objects.get(target) ?? live.objects.get(target);
    if (whole === undefined || scope.covers(whole) || !scope.covers(object)) return true;
    const from = `${object.schema}.${object.table}`;
    if (reachable.has(target)) {
      warnings.push(`${from} references ${shownName(whole)}, which is left out of this run`);
      return true;
    }
    warnings.push(
      `${from} references ${shownName(whole)}, which is left out of this run and not there: ` +
        `the foreign key ${object.name} is left out as well`,
    );
    return false;
  });
  return {
    catalog: kept.length === objects.length
      ? catalog
      : makeCatalog(declared.serverVersion, kept, declared.dependencies),
    warnings: [...new Set(warnings)],
  };
}

/** A declared object, with what its declaration cannot tell taken from the present one. */
function settled(
  object: CatalogObject,
  present: CatalogObject | undefined,
  declared: Catalog,
  saysObjects: boolean,
): CatalogObject {
  if (present === undefined || present.kind !== object.kind) return object;
  if (object.kind === "materialized view" && present.kind === "materialized view") {
    // whether it was ever refreshed is no part of the structure
    return { ...object, populated: present.populated };
  }
  if (saysObjects) return object;
  if (object.kind === "composite" && present.kind === "composite") {
    const before = new Map(present.attributes.map((one) => [one.name, one]));
    const attributes = object.attributes.map((one) => {
      const { collation = one.collation, comment = one.comment } = before.get(one.name) ?? {};
      return { ...one, collation: one.collation ?? collation, comment };
    });
    return { ...object, attributes, comment: present.comment };
  }
  if (object.kind === "schema" || object.kind === "enum") {
    return { ...object, comment: present.comment };
  }
  const parent = parentOf(object, declared.objects);
  const whole = parent === null ? undefined : declared.objects.get(parent);
  const isOfPartition = whole?.kind === "table" && whole.partitionOf !== null;
  // a partition's own defaults and comments
  if (isOfPartition && object.kind === "column" && present.kind === "column") {
    return { ...object, default: present.default, comment: present.comment };
  }
  return object;
}
