import type {
  CheckConstraint,
  ConstraintObject,
  ForeignConstraint,
  KeyConstraint,
} from "../../src/catalog/constraints.ts";
import type { Imports } from "./imports.ts";
import { objectLiteral, recordLiteral, sqlLiteral, stringList, stringLiteral } from "./literal.ts";
import type { ForeignKey, ModelRelations } from "./relations.ts";
import { referencesPrimaryKey } from "./relations.ts";
import { primaryKeyOf, type Source } from "../sources/source.ts";

/** The property of each column. */
type ByColumn = ReadonlyMap<string, string>;

const text = (value: string | null | undefined) =>
  value === null || value === undefined ? undefined : stringLiteral(value);
const flag = (value: boolean, word = "true") => value ? word : undefined;

/** Writes a list of columns as properties. */
export function propertyList(columns: readonly string[], byColumn: ByColumn): string {
  return stringList(columns.map((column) => byColumn.get(column) ?? column));
}

/** Whether a key says no more than its columns, under the name that PostgreSQL chooses. */
function isPlain(key: KeyConstraint): boolean {
  const usual = key.type === "primary"
    ? `${key.table}_pkey`
    : `${key.table}_${key.columns.join("_")}_key`;
  return key.name === usual && key.include.length === 0 && !key.nullsNotDistinct &&
    !key.withoutOverlaps && key.deferrable === null && Object.keys(key.storage).length === 0 &&
    key.tablespace === null && key.indexComment === null && key.comment === null;
}

/** The column that alone is the primary key, or null. */
export function soleKeyOf(source: Source): string | null {
  const key = primaryKeyOf(source);
  return key?.columns.length === 1 ? key.columns[0]! : null;
}

/** The columns whose unique constraint the column itself says. */
export function uniqueColumnsOf(source: Source): Set<string> {
  const found = new Set<string>();
  for (const one of source.constraints) {
    if (one.type === "unique" && one.columns.length === 1 && isPlain(one)) {
      found.add(one.columns[0]!);
    }
  }
  return found;
}

/** The primary key as the model's option, when it has several columns and is plain. */
export function primaryKeyOption(source: Source, byColumn: ByColumn): string | undefined {
  const key = primaryKeyOf(source);
  if (key === undefined || key.columns.length < 2 || !isPlain(key)) return undefined;
  return propertyList(key.columns, byColumn);
}

/** Writes the constraints that neither a column nor a relation says. */
export function constraintList(
  source: Source,
  relations: ModelRelations,
  byColumn: ByColumn,
  imports: Imports,
): string[] {
  const written: string[] = [];
  const dangling = new Set<ConstraintObject>(relations.dangling);
  for (const one of source.constraints) {
    switch (one.type) {
      case "primary":
        if (!isPlain(one)) written.push(keyConstraint("primaryKey", one, byColumn, imports));
        break;
      case "unique":
        if (one.columns.length > 1 || !isPlain(one)) {
          written.push(keyConstraint("unique", one, byColumn, imports));
        }
        break;
      case "foreign":
        if (dangling.has(one) || one.period) written.push(rawConstraint(one, imports));
        break;
      case "check":
        written.push(one.enforced ? checkConstraint(one, imports) : rawConstraint(one, imports));
        break;
      case "exclusion":
      case "not null":
        written.push(rawConstraint(one, imports));
    }
  }
  return written;
}

function keyConstraint(
  factory: "primaryKey" | "unique",
  key: KeyConstraint,
  byColumn: ByColumn,
  imports: Imports,
): string {
  const options = objectLiteral([
    ["name", stringLiteral(key.name)],
    ["include", key.include.length === 0 ? undefined : propertyList(key.include, byColumn)],
    ["nullsNotDistinct", flag(key.nullsNotDistinct)],
    ["withoutOverlaps", flag(key.withoutOverlaps)],
    ["deferrable", text(key.deferrable)],
    ...indexOptions(key),
    ["comment", text(key.comment)],
  ]);
  return `${imports.value(factory)}(${propertyList(key.columns, byColumn)}, ${options})`;
}

type Entry = readonly [key: string, value: string | undefined];

function indexOptions(
  one: {
    readonly storage?: Readonly<Record<string, string>>;
    readonly tablespace: string | null;
    readonly indexComment: string | null;
  },
): Entry[] {
  const { storage = {} } = one;
  return [
    ["storage", Object.keys(storage).length === 0 ? undefined : recordLiteral(storage)],
    ["tablespace", text(one.tablespace)],
    ["indexComment", text(one.indexComment)],
  ];
}

function checkConstraint(check: CheckConstraint, imports: Imports): string {
  const options = objectLiteral([
    ["name", stringLiteral(check.name)],
    ["noInherit", flag(check.noInherit)],
    ["notValid", flag(!check.validated)],
    ["comment", text(check.comment)],
  ]);
  const expression = sqlLiteral(check.expression, imports.value("sql"));
  return `${imports.value("check")}(${expression}, ${options})`;
}

function rawConstraint(one: ConstraintObject, imports: Imports): string {
  const options = objectLiteral([
    ...(one.type === "exclusion" ? indexOptions(one) : []),
    ["comment", text(one.comment)],
  ]);
  const definition = sqlLiteral(one.definition, imports.value("sql"));
  const more = options === "{}" ? "" : `, ${options}`;
  return `${imports.value("constraint")}(${stringLiteral(one.name)}, ${definition}${more})`;
}

/** Writes the options of a foreign key as entries of an object. */
export function foreignKeyOptions(
  key: ForeignKey,
  own: ByColumn,
  targets: ByColumn,
): Entry[] {
  const { constraint } = key;
  const columns = constraint.references.columns;
  const isKey = referencesPrimaryKey(constraint, key.target);
  return [
    ...targetEntries(key, own, isKey ? undefined : columns.map((name) => targets.get(name)!)),
    ["name", stringLiteral(constraint.name)],
    ...actionEntries(constraint),
    ["match", constraint.match === "full" ? `"full"` : undefined],
    ["deferrable", text(constraint.deferrable)],
    ["notValid", flag(!constraint.validated && constraint.enforced)],
    ["enforced", flag(!constraint.enforced, "false")],
    [
      "onDeleteFields",
      constraint.onDeleteColumns.length === 0
        ? undefined
        : propertyList(constraint.onDeleteColumns, own),
    ],
    // a temporal key is kept as it is printed, beside the relation
    ["constraint", flag(constraint.period, "false")],
    ["comment", constraint.period ? undefined : text(constraint.comment)],
  ];
}

function targetEntries(
  key: ForeignKey,
  own: ByColumn,
  fields: readonly string[] | undefined,
): Entry[] {
  if (key.isColumn) return [["toField", text(fields?.[0])]];
  return [
    ["fields", propertyList(key.constraint.columns, own)],
    ["toFields", fields === undefined ? undefined : stringList(fields)],
  ];
}

function actionEntries({ onDelete, onUpdate }: ForeignConstraint): Entry[] {
  const action = (value: string) => value === "no action" ? undefined : stringLiteral(value);
  return [["onDelete", action(onDelete)], ["onUpdate", action(onUpdate)]];
}
