import type { ConstraintBase, ConstraintObject } from "../../src/catalog/constraints.ts";
import type { ModelMeta } from "../../src/schema/meta.ts";
import { metaOf } from "../../src/schema/meta.ts";
import type { ConstraintIndexSpec, ConstraintSpec, ReferenceSpec } from "../../src/schema/spec.ts";
import { textRecord } from "./column.ts";
import { checkDefinition, foreignDefinition, keyDefinition } from "./definition.ts";
import { columnsInName, type NamePool, storedName } from "./names.ts";
import { rawConstraint } from "./raw_constraint.ts";
import { columnsNamedIn } from "./expression.ts";
import { sqlText } from "./sql_text.ts";

/** What the constraints of one table are made with. */
export interface ConstraintPlace {
  readonly meta: ModelMeta;
  readonly schema: string;
  /** The schema of a model, as the catalog is to have it. */
  readonly schemaOf: (meta: ModelMeta) => string;
  readonly names: NamePool;
}

const NO_INDEX: ConstraintIndexSpec = { storage: {}, tablespace: null, comment: null };

/** The constraints that a model of a table declares, in the order in which PostgreSQL names them. */
export function declaredConstraints(place: ConstraintPlace): ConstraintObject[] {
  const { meta } = place;
  return [
    ...ownKeys(place),
    ...meta.constraints.map((one) => declaredConstraint(place, one)),
    ...ownForeignKeys(place),
  ];
}

/** The keys that columns and the option `primaryKey` say. */
function ownKeys(place: ConstraintPlace): ConstraintObject[] {
  const { meta } = place;
  const found: ConstraintObject[] = [];
  const plain = {
    name: null,
    include: [],
    nullsNotDistinct: false,
    withoutOverlaps: false,
    deferrable: null,
    index: NO_INDEX,
    comment: null,
  };
  const isSaid = meta.constraints.some((one) => one.type === "primary");
  if (meta.primaryKey.length > 0 && !isSaid) {
    const fields = meta.primaryKey.map((column) => column.property);
    found.push(declaredConstraint(place, { ...plain, type: "primary", fields }));
  }
  for (const { property, spec } of meta.columns) {
    if (spec.unique) {
      found.push(declaredConstraint(place, { ...plain, type: "unique", fields: [property] }));
    }
  }
  return found;
}

function ownForeignKeys(place: ConstraintPlace): ConstraintObject[] {
  const { meta } = place;
  const found: (ConstraintObject | null)[] = meta.columns.map(({ property, spec }) => {
    if (spec.reference === null) return null;
    const { toField } = spec.reference.options;
    return foreignKey(place, spec.reference, [property], toField === undefined ? null : [toField]);
  });
  for (const spec of meta.relations.values()) {
    if (spec.relation !== "fk") continue;
    found.push(foreignKey(place, spec.reference, spec.fields, spec.toFields));
  }
  return found.filter((one) => one !== null);
}

function foreignKey(
  place: ConstraintPlace,
  reference: ReferenceSpec,
  fields: readonly string[],
  toFields: readonly string[] | null,
): ConstraintObject | null {
  const { options } = reference;
  if (options.constraint === false) return null;
  const { meta, schema, names } = place;
  const target = metaOf(reference.target());
  const columns = columnsOf(meta, fields);
  const key = {
    ...base(place, nameOf(place, options.name ?? null, columnsInName(columns), "fkey")),
    type: "foreign" as const,
    deferrable: options.deferrable ?? null,
    validated: !(options.notValid ?? false) && (options.enforced ?? true),
    enforced: options.enforced ?? true,
    comment: options.comment ?? null,
    columns,
    references: {
      schema: place.schemaOf(target),
      table: target.table,
      columns: toFields === null ? keyOf(target, columns.length) : columnsOf(target, toFields),
    },
    onDelete: options.onDelete ?? "no action" as const,
    onUpdate: options.onUpdate ?? "no action" as const,
    onDeleteColumns: columnsOf(meta, options.onDeleteFields ?? []),
    match: options.match ?? "simple" as const,
    period: false,
  };
  names.take(schema, key.name);
  return { ...key, definition: foreignDefinition(key) };
}

/** The columns of a target's primary key; of one of several columns only all of them are a key. */
function keyOf(target: ModelMeta, width: number): readonly string[] {
  return width === 1 ? [target.singleKey().name] : target.primaryKey.map((column) => column.name);
}

function declaredConstraint(place: ConstraintPlace, spec: ConstraintSpec): ConstraintObject {
  return makers[spec.type](place, spec as never);
}

type Key = Extract<ConstraintSpec, { readonly fields: readonly string[] }>;
type Check = Extract<ConstraintSpec, { readonly type: "check" }>;
type Raw = Extract<ConstraintSpec, { readonly type: "raw" }>;

const makers: {
  readonly [Type in ConstraintSpec["type"]]: (
    place: ConstraintPlace,
    spec: Extract<ConstraintSpec, { readonly type: Type }>,
  ) => ConstraintObject;
} = {
  primary: keyConstraint as never,
  unique: keyConstraint as never,
  check(place, spec: Check) {
    const { meta } = place;
    const expression = sqlText(spec.expression, `a check of ${meta.label}`);
    const columns = columnsNamedIn(expression, meta.columns.map((column) => column.name));
    // PostgreSQL names a check after its column where there is one alone
    const [only, ...more] = columns;
    const made = only === undefined || more.length > 0 ? null : only;
    const check = {
      ...base(place, nameOf(place, spec.name, made, "check")),
      type: "check" as const,
      validated: !spec.notValid,
      comment: spec.comment,
      expression,
      columns,
      noInherit: spec.noInherit,
    };
    return { ...check, definition: checkDefinition(check) };
  },
  raw(place, spec: Raw) {
    const definition = sqlText(spec.definition, `a constraint of ${place.meta.label}`);
    const { storage, tablespace, comment } = spec.index;
    return rawConstraint(
      { ...base(place, nameOf(place, spec.name, null, "")), comment: spec.comment },
      definition,
      { storage: textRecord(storage), tablespace, indexComment: comment },
    );
  },
};

function keyConstraint(place: ConstraintPlace, spec: Key): ConstraintObject {
  const columns = columnsOf(place.meta, spec.fields);
  const isPrimary = spec.type === "primary";
  const name = nameOf(
    place,
    spec.name,
    isPrimary ? null : columnsInName(columns),
    isPrimary ? "pkey" : "key",
  );
  const key = {
    ...base(place, name),
    type: spec.type,
    deferrable: spec.deferrable,
    comment: spec.comment,
    columns,
    include: columnsOf(place.meta, spec.include),
    nullsNotDistinct: spec.nullsNotDistinct,
    withoutOverlaps: spec.withoutOverlaps,
    storage: textRecord(spec.index.storage),
    tablespace: spec.index.tablespace,
    indexComment: spec.index.comment,
  };
  return { ...key, definition: keyDefinition(key) };
}

const base = (place: ConstraintPlace, name: string) =>
  bareConstraint(place.schema, place.meta.table, name);

/** What every constraint has, with nothing said of it. */
export function bareConstraint(
  schema: string,
  table: string,
  name: string,
): Omit<ConstraintBase, "definition"> {
  return {
    kind: "constraint",
    schema,
    table,
    name,
    deferrable: null,
    validated: true,
    enforced: true,
    local: true,
    comment: null,
    extension: null,
  };
}

/** The name that is given, or the one that PostgreSQL would choose. */
function nameOf(
  { schema, meta, names }: ConstraintPlace,
  given: string | null,
  columns: string | null,
  label: string,
): string {
  return given === null ? names.make(schema, meta.table, columns, label) : storedName(given);
}

function columnsOf(meta: ModelMeta, fields: readonly string[]): readonly string[] {
  return fields.map((field) => meta.column(field).name);
}
