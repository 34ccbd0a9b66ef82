/** What is wrong with the values of a row that is about to be written. */
import { isSql } from "../ast/fragment.ts";
import { shownName } from "../errors/argument.ts";
import type { Issue } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { nearest } from "../util/nearest.ts";
import { valueIssues } from "./value.ts";

/** What a row is written for. */
export type WriteKind = "insert" | "update";

/** Whether an insert may leave a column out. */
export function isOptional({ spec, values }: ColumnMeta): boolean {
  return spec.nullable || spec.default !== null || spec.identity !== null ||
    (values.parts?.kind === "domain" && values.parts.hasDefault);
}

/** Whether a column takes NULL: a column of the primary key never does. */
export function isNullable(meta: ModelMeta, column: ColumnMeta): boolean {
  return column.spec.nullable && !meta.primaryKey.includes(column);
}

/** Lists what is wrong with the value of one column; a path begins at the value. */
export function columnIssues(
  meta: ModelMeta,
  column: ColumnMeta,
  value: unknown,
  kind: WriteKind,
): Issue[] {
  const fault = outsideFault(meta, column, value, kind);
  if (fault !== undefined) return [{ path: [], message: fault }];
  return value === undefined || value === null ? [] : valueIssues(column.values, value, []);
}

/** What no type has to be asked for. */
function outsideFault(
  meta: ModelMeta,
  column: ColumnMeta,
  value: unknown,
  kind: WriteKind,
): string | undefined {
  if (kind === "update" && column === meta.version) {
    return "it counts updates and cannot be written";
  }
  if (value === undefined) {
    if (kind === "update") return "it is undefined: give a value, or leave the entry out";
    return isOptional(column) ? undefined : "it is missing";
  }
  return value === null && !isNullable(meta, column) ? "it cannot be null" : undefined;
}

/** Says why a row cannot have an entry that is no column to write. */
export function unknownFault(meta: ModelMeta, name: string): string {
  if (meta.findColumn(name) !== undefined) return "the server makes its value";
  if (meta.relations.has(name)) return "it is a relation, not a field";
  const names = meta.columns.filter((column) => column.writable).map(({ property }) => property);
  const near = nearest(name, names);
  const hint = near === undefined ? "" : `: did you mean "${near}"?`;
  return `there is no field "${shownName(name)}"${hint}`;
}

/**
 * Lists everything that is wrong with the values of a row. Expressions and `sql` fragments pass: only
 * the database knows what they give; `isComputed` tells them.
 */
export function rowIssues(
  meta: ModelMeta,
  values: Readonly<Record<string, unknown>>,
  kind: WriteKind,
  isComputed: (value: unknown) => boolean = isSql,
): Issue[] {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    return [{ path: [], message: "a row is an object of its values" }];
  }
  const issues: Issue[] = [];
  for (const name of Object.keys(values)) {
    // what is undefined is left out of an insert, whatever its name
    if (kind === "insert" && values[name] === undefined) continue;
    if (meta.findColumn(name)?.writable) continue;
    issues.push({ path: [name], message: unknownFault(meta, name) });
  }
  for (const column of meta.columns) {
    const name = column.property;
    const given = Object.hasOwn(values, name);
    if (!column.writable || (kind === "update" && !given)) continue;
    const value = given ? values[name] : undefined;
    if (isComputed(value)) continue;
    for (const one of columnIssues(meta, column, value, kind)) {
      issues.push({ ...one, path: [name, ...one.path] });
    }
  }
  return issues;
}
