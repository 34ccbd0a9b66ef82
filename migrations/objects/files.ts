import type { Catalog } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import { buildScript } from "../plan/plan.ts";
import { partitionSteps } from "./partitions.ts";
import { pathOf } from "./path.ts";
import { type RelationName, unsaidBy } from "./unsaid.ts";

/** A file of SQL objects. */
export interface ObjectFile {
  /** Its path inside the folder of objects, with `/`. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
}

const HEADER =
  "-- What no model says. Change it here; matrx makemigrations brings it to the database.\n";

/**
 * Writes the files of what generated models do not say, in the order of their paths; the same catalog
 * gives the same text.
 *
 * `without` are tables and views that got no model: the files say all of them.
 */
export function objectFiles(
  catalog: Catalog,
  without: readonly RelationName[] = [],
): ObjectFile[] {
  const unsaid = unsaidBy(catalog, without);
  const isView = (schema: string, name: string): boolean =>
    unsaid.objects.has(identity("view", [schema, name])) ||
    unsaid.objects.has(identity("materialized view", [schema, name]));
  const files = new Map<string, Map<string, string[]>>();
  const steps = [
    ...buildScript(unsaid, { owners: false }).steps,
    ...partitionSteps(catalog),
  ];
  for (const { sql, object, kind } of steps) {
    if (kind === "setting") continue;
    const made = unsaid.objects.get(object) ?? catalog.objects.get(object);
    const path = made === undefined ? "other.sql" : pathOf(made, isView);
    let file = files.get(path);
    if (file === undefined) files.set(path, file = new Map());
    const statements = file.get(object);
    if (statements === undefined) file.set(object, [sql]);
    else statements.push(sql);
  }
  // by name, so that an object's place does not depend on what others need
  const sorted = <Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted(files).map(([path, objects]) => ({
    path,
    text: `${HEADER}${
      sorted(objects).map(([, statements]) => statements.map(ended).join("")).join("")
    }`,
  }));
}

/** A statement with its semicolon, which a comment at its end must not swallow. */
function ended(sql: string): string {
  const text = sql.trim();
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  return `\n${text}${lastLine.includes("--") ? "\n" : ""};\n`;
}
