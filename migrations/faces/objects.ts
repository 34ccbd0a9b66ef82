/** Objects of a catalog, made of what a call says. */
import type {
  ConstraintObject,
  ForeignConstraint,
  KeyConstraint,
} from "../../src/catalog/constraints.ts";
import type { ColumnObject, TableObject } from "../../src/catalog/types.ts";

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
  return {
    kind: "table",
    schema,
    name,
    owner: "",
    persistence: "permanent",
    partitionBy: null,
    partitionOf: null,
    inherits: [],
    storage: {},
    tablespace: null,
    accessMethod: null,
    clusterOn: null,
    replicaIdentity: "default",
    rowSecurity: { enabled: false, forced: false },
    foreign: null,
    ofType: null,
    estimatedRows: null,
    comment: null,
    extension: null,
  };
}

/** A column. */
export function columnObject(
  schema: string,
  table: string,
  column: ColumnDef,
  position: number,
): ColumnObject {
  const { name, type, notNull = false, primaryKey = false } = column;
  return {
    kind: "column",
    schema,
    table,
    name,
    position,
    // what the server calls it is of no matter to what is written
    type: { schema: null, name: type, modifiers: [], dimensions: 0 },
    formatted: type,
    notNull: notNull || primaryKey,
    default: column.default ?? null,
    identity: null,
    generated: null,
    collation: null,
    storage: null,
    compression: null,
    statistics: null,
    options: {},
    foreignOptions: {},
    local: true,
    comment: null,
    extension: null,
  };
}

const CONSTRAINT = {
  kind: "constraint",
  deferrable: null,
  validated: true,
  enforced: true,
  local: true,
  comment: null,
  extension: null,
} as const;

/** A key, or a constraint that is told by its definition alone. */
export function rawConstraint(
  schema: string,
  table: string,
  name: string,
  type: "primary" | "exclusion",
  columns: readonly string[],
  definition = "",
): ConstraintObject {
  const base = { ...CONSTRAINT, schema, table, name, definition, tablespace: null };
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
    ...CONSTRAINT,
    ...rest,
    type: "foreign",
    columns: [column],
    onDeleteColumns: [],
    match: "simple",
    period: false,
    definition: "",
  };
}
