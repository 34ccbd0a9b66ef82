/** Objects of a catalog, made of what a call says. */
import type {
  ConstraintObject,
  ForeignConstraint,
  KeyConstraint,
} from "../../src/catalog/constraints.ts";
import type { ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { bareColumn } from "../declare/column.ts";
import { bareConstraint } from "../declare/constraint.ts";
import { bareTable } from "../declare/table.ts";

/** A column, as `DDLGenerator` takes it. Types and expressions are SQL text. */
export interface ColumnDef {
  /** Its name. */
  readonly name: string;
  /** Its type: `numeric(12, 2)`. */
  readonly type: string;
  /** Whether it always has a value; default false. */
  readonly notNull?: boolean | undefined;
  /** The expression of its default. */
  readonly default?: string | undefined;
  /** Whether it is the primary key, or a part of it; default false. */
  readonly primaryKey?: boolean | undefined;
}

/** A table of which nothing but the name is known. */
export function tableObject(schema: string, name: string): TableObject {
  return { ...bareTable(schema, name, ""), accessMethod: null };
}

/** A column. */
export function columnObject(
  schema: string,
  table: string,
  column: ColumnDef,
  position: number,
): ColumnObject {
  const { name, type, notNull = false, primaryKey = false } = column;
  // what the server calls it is of no matter to what is written
  const named = { schema: null, name: type, modifiers: [], dimensions: 0 };
  return {
    ...bareColumn(name, named, { schema, table, position, local: true }),
    formatted: type,
    notNull: notNull || primaryKey,
    default: column.default ?? null,
  };
}

/** A key, or a constraint that is told by its definition alone. */
export function rawConstraint(
  schema: string,
  table: string,
  name: string,
  type: "primary" | "exclusion",
  columns: readonly string[],
  definition = "",
): ConstraintObject {
  const base = { ...bareConstraint(schema, table, name), definition, tablespace: null };
  if (type === "exclusion") return { ...base, type, indexComment: null };
  const key: KeyConstraint = {
    ...base,
    type,
    columns,
    include: [],
    nullsNotDistinct: false,
    withoutOverlaps: false,
    storage: {},
    indexComment: null,
  };
  return key;
}

/** A foreign key of one column. */
export function foreignObject(
  one:
    & Pick<ForeignConstraint, "schema" | "table" | "name" | "references" | "onDelete" | "onUpdate">
    & { readonly column: string },
): ForeignConstraint {
  const { column, ...rest } = one;
  return {
    ...bareConstraint(rest.schema, rest.table, rest.name),
    ...rest,
    type: "foreign",
    columns: [column],
    onDeleteColumns: [],
    match: "simple",
    period: false,
    definition: "",
  };
}
