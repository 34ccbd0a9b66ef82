/** Which part of a database has to be looked at, so that what is managed can be changed. */
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { parentOf } from "../../src/catalog/parent.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";

/** What objects need, and what needs them, with an expression of a column counted as the column. */
interface Graph {
  needs(name: string): Iterable<string>;
  needed(name: string): Iterable<string>;
  parts(name: string): readonly string[];
  parent(name: string): string | null;
}

/**
 * The objects that are wanted, with all that they need and all that needs them.
 *
 * The rest of a database has no part in a change, and need not be built anywhere.
 */
export function relatedTo(catalog: Catalog, isWanted: (object: CatalogObject) => boolean): Catalog {
  const graph = graphOf(catalog);
  const wanted = new Set<string>();
  for (const [name, object] of catalog.objects) {
    const parent = graph.parent(name);
    const whole = parent === null ? undefined : catalog.objects.get(parent);
    if (isWanted(object) || whole !== undefined && isWanted(whole)) wanted.add(name);
  }
  if (wanted.size === catalog.objects.size) return catalog;
  const dependents = reach(wanted, (name) => isPlace(name) ? [] : graph.needed(name));
  return only(catalog, closure(graph, dependents));
}

/** Some objects of a catalog with all that they need. */
export function neededBy(catalog: Catalog, names: Iterable<string>): Catalog {
  return only(catalog, closure(graphOf(catalog), names));
}

function only(catalog: Catalog, names: ReadonlySet<string>): Catalog {
  return makeCatalog(
    catalog.serverVersion,
    [...catalog.objects].flatMap(([name, object]) => names.has(name) ? [object] : []),
    catalog.dependencies,
  );
}

/** Everything in a schema needs it; that alone brings nothing along. */
function isPlace(name: string): boolean {
  return name.startsWith("schema ") || name.startsWith("extension ");
}

function closure(graph: Graph, names: Iterable<string>): Set<string> {
  return reach(names, (name) => {
    const parent = graph.parent(name);
    return [
      ...graph.needs(name),
      ...(parent === null ? [] : [parent]),
      // a table without its columns is no table
      ...graph.parts(name).filter((part) => part.startsWith("column ")),
    ];
  });
}

function reach(from: Iterable<string>, next: (name: string) => Iterable<string>): Set<string> {
  const found = new Set(from);
  // a set that grows is walked to its end
  for (const name of found) {
    for (const one of next(name)) found.add(one);
  }
  return found;
}

function graphOf(catalog: Catalog): Graph {
  const needs = new Map<string, Set<string>>();
  const needed = new Map<string, Set<string>>();
  const parents = new Map<string, string>();
  const parts = new Map<string, string[]>();
  const add = (map: Map<string, Set<string>>, from: string, to: string): void => {
    const all = map.get(from);
    if (all === undefined) map.set(from, new Set([to]));
    else all.add(to);
  };
  for (const [name, all] of catalog.dependencies) {
    const from = plain(name);
    for (const other of all) {
      const to = plain(other);
      if (from === to) continue;
      add(needs, from, to);
      add(needed, to, from);
    }
  }
  for (const [name, object] of catalog.objects) {
    const parent = parentOf(object, catalog.objects);
    if (parent === null) continue;
    parents.set(name, parent);
    const list = parts.get(parent);
    if (list === undefined) parts.set(parent, [name]);
    else list.push(name);
  }
  return {
    needs: (name) => needs.get(name) ?? [],
    needed: (name) => needed.get(name) ?? [],
    parts: (name) => parts.get(name) ?? [],
    parent: (name) => parents.get(name) ?? null,
  };
}

/** The expression of a default or of a generated column goes with its column. */
function plain(name: string): string {
  return name.startsWith("default ") ? `column${name.slice(7)}` : name;
}
