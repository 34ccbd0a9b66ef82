import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import type { ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../../src/schema/meta.ts";
import { type ManyToManyRelation, relationsOf } from "../../src/schema/relation_meta.ts";
import { bareColumn } from "./column.ts";
import { bareConstraint } from "./constraint.ts";
import { foreignDefinition, keyDefinition } from "./definition.ts";
import { columnsInName, type NamePool, relationKey } from "./names.ts";
import { bareTable } from "./table.ts";

/** What junction tables are made with. */
export interface JunctionPlace {
  readonly owner: string;
  readonly schemaOf: (meta: ModelMeta) => string;
  readonly names: NamePool;
}

/** One side of a junction. */
interface End {
  readonly meta: ModelMeta;
  /** The junction's columns. */
  readonly columns: readonly string[];
  /** The columns that they reference. */
  readonly referenced: readonly ColumnMeta[];
}

/**
 * The junction tables of declared many-to-many relations that no model stands for.
 *
 * Each has the columns of both sides as its primary key, and a foreign key to each side that deletes
 * the link with the row. The side whose model comes first gives the first columns.
 *
 * @throws {ConfigurationError} two relations want different tables of one name
 */
export function declaredJunctions(
  models: readonly ModelMeta[],
  isTaken: (schema: string, table: string) => boolean,
  place: JunctionPlace,
): (TableObject | ColumnObject | ConstraintObject)[] {
  const made = new Map<string, { readonly relation: ManyToManyRelation; readonly said: string }>();
  return models.flatMap((meta) =>
    relationsOf(meta).flatMap((relation) => {
      if (relation.kind !== "m2m") return [];
      const schema = relation.through.schema ?? place.schemaOf(meta);
      const { table } = relation.through;
      if (isTaken(schema, table)) return [];
      const ends = endsOf(meta, relation);
      const said = descriptionOf(ends);
      const key = relationKey(schema, table);
      const before = made.get(key);
      if (before === undefined) {
        made.set(key, { relation, said });
        return junction(schema, table, ends, place);
      }
      if (before.said === said) return [];
      throw new ConfigurationError(
        `Cannot declare the junction ${schema}.${table}: two relations describe it differently`,
        {
          code: "invalid_relation",
          hint: `Compare ${meta.label}.${relation.name} with the relation of the other side`,
          context: { table, relation: relation.name },
        },
      );
    })
  );
}

function endsOf(meta: ModelMeta, relation: ManyToManyRelation): readonly [End, End] {
  const { through, local, remote, target } = relation;
  return [
    { meta, columns: through.source, referenced: local },
    { meta: target.meta, columns: through.target, referenced: remote },
  ];
}

/** The same text from either side. */
function descriptionOf(ends: readonly End[]): string {
  return JSON.stringify(
    ends.map(({ meta, columns, referenced }) =>
      JSON.stringify([meta.label, columns, referenced.map((column) => column.name)])
    ).sort(),
  );
}

function junction(
  schema: string,
  table: string,
  ends: readonly End[],
  { owner, schemaOf, names }: JunctionPlace,
): (TableObject | ColumnObject | ConstraintObject)[] {
  const columns = ends.flatMap((end) =>
    end.columns.map((name, at) => ({ name, type: end.referenced[at]!.type }))
  );
  const key = {
    ...bareConstraint(schema, table, names.make(schema, table, null, "pkey")),
    type: "primary" as const,
    columns: columns.map(({ name }) => name),
    include: [],
    nullsNotDistinct: false,
    withoutOverlaps: false,
    storage: {},
    tablespace: null,
    indexComment: null,
  };
  const foreign = ends.map((end): ConstraintObject => {
    const name = names.make(schema, table, columnsInName(end.columns), "fkey");
    const one = {
      ...bareConstraint(schema, table, name),
      type: "foreign" as const,
      columns: end.columns,
      references: {
        schema: schemaOf(end.meta),
        table: end.meta.table,
        columns: end.referenced.map(({ name }) => name),
      },
      onDelete: "cascade" as const,
      onUpdate: "no action" as const,
      onDeleteColumns: [],
      match: "simple" as const,
      period: false,
    };
    return { ...one, definition: foreignDefinition(one) };
  });
  return [
    bareTable(schema, table, owner),
    ...columns.map(({ name, type }, at) =>
      bareColumn(name, type, { schema, table, position: at + 1, local: true })
    ),
    { ...key, definition: keyDefinition(key) },
    ...foreign,
  ];
}
