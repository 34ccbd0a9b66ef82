import { shownName } from "../errors/argument.ts";
import { ConfigurationError, RelationError } from "../errors/base.ts";
import { meant } from "../util/nearest.ts";
import { type ColumnMeta, metaOf, type ModelMeta, type ModelRef } from "./meta.ts";
import type {
  CompositeSpec,
  InverseSpec,
  ManyToManySpec,
  ModelThunk,
  RelationSpec,
} from "./spec.ts";

/** What every resolved relation has. */
interface Resolved {
  /** The property that names it. */
  readonly name: string;
  /** The model on the other side. */
  readonly target: ModelRef;
  /** This model's columns that take part, in order. */
  readonly local: readonly ColumnMeta[];
  /** The other model's columns that take part, in the same order. */
  readonly remote: readonly ColumnMeta[];
}

/** A relation to the row that this row references. */
export interface ForeignKeyRelation extends Resolved {
  readonly kind: "fk";
}

/** A relation to the rows that reference this row. */
export interface InverseRelation extends Resolved {
  readonly kind: "ifk";
}

/** A relation through a junction table. */
export interface ManyToManyRelation extends Resolved {
  readonly kind: "m2m";
  readonly through: {
    readonly schema: string | null;
    readonly table: string;
    /** Its columns that reference this model, in the order of `local`. */
    readonly source: readonly string[];
    /** Its columns that reference the target, in the order of `remote`. */
    readonly target: readonly string[];
  };
}

/** A relation with everything looked up. */
export type RelationMeta = ForeignKeyRelation | InverseRelation | ManyToManyRelation;

const resolved = new WeakMap<ModelMeta, Map<string, RelationMeta>>();

/**
 * Looks up a relation by name; the thunks of its target are called here, once.
 *
 * @throws {RelationError} the model has no relation of this name
 */
export function relationOf(meta: ModelMeta, name: string): RelationMeta {
  let known = resolved.get(meta);
  if (known === undefined) resolved.set(meta, known = new Map());
  let relation = known.get(name);
  if (relation === undefined) known.set(name, relation = resolve(meta, name));
  return relation;
}

/**
 * Looks up a relation that one statement shall follow.
 *
 * @throws {RelationError} the model has no relation of this name, or it leads to another database
 */
export function relationInDatabase(meta: ModelMeta, name: string): RelationMeta {
  const relation = relationOf(meta, name);
  const there = relation.target.meta.database;
  // null is the default database, whichever that will be
  if (meta.database === null || there === null || meta.database === there) return relation;
  throw new RelationError(
    `Cannot follow "${name}" of ${meta.label} in a statement: it leads to another database`,
    {
      code: "relation_of_another_database",
      hint: `Use prefetchRelated({ ${name}: true }), or load the rows first`,
      context: { model: meta.label, relation: name },
    },
  );
}

/** Looks up every relation of a model, in the order of declaration. */
export function relationsOf(meta: ModelMeta): RelationMeta[] {
  return meta.relationNames().map((name) => relationOf(meta, name));
}

function resolve(meta: ModelMeta, name: string): RelationMeta {
  const column = meta.findColumn(name);
  if (column?.spec.reference) {
    const target = modelRef(column.spec.reference.target);
    const toField = column.spec.reference.options.toField;
    const remote = toField === undefined ? target.meta.singleKey() : target.meta.column(toField);
    return { kind: "fk", name, target, local: [column], remote: [remote] };
  }
  const spec = meta.relations.get(name);
  if (spec === undefined) throw unknownRelation(meta, name);
  return resolvers[spec.relation](meta, name, spec as never);
}

const resolvers: {
  readonly [Kind in RelationSpec["relation"]]: (
    meta: ModelMeta,
    name: string,
    spec: Extract<RelationSpec, { readonly relation: Kind }>,
  ) => RelationMeta;
} = {
  fk(meta, name, spec: CompositeSpec) {
    const target = modelRef(spec.reference.target);
    const local = spec.fields.map((field) => meta.column(field));
    const remote = columnsOrKey(target.meta, spec.toFields);
    checkWidth(meta, name, local, remote);
    return { kind: "fk", name, target, local, remote };
  },
  ifk(meta, name, spec: InverseSpec) {
    const target = modelRef(spec.target);
    const forward = relationOf(target.meta, spec.fromField);
    if (forward.kind !== "fk" || forward.target.meta.label !== meta.label) {
      throw new ConfigurationError(
        `The relation "${name}" of ${meta.label} is the inverse of "${spec.fromField}" of ` +
          `${target.meta.label}, which is no foreign key to ${meta.label}`,
        { code: "invalid_relation", hint: "Name the foreign key's property in fromField" },
      );
    }
    return { kind: "ifk", name, target, local: forward.remote, remote: forward.local };
  },
  m2m(meta, name, spec: ManyToManySpec) {
    const target = modelRef(spec.target);
    const local = columnsOrKey(meta, spec.sourceFields);
    const remote = columnsOrKey(target.meta, spec.targetFields);
    checkWidth(meta, name, local, spec.source);
    checkWidth(meta, name, remote, spec.targetColumns);
    return {
      kind: "m2m",
      name,
      target,
      local,
      remote,
      through: {
        schema: spec.throughSchema ?? meta.schema,
        table: spec.through,
        source: spec.source,
        target: spec.targetColumns,
      },
    };
  },
};

function modelRef(thunk: ModelThunk): ModelRef {
  const model: unknown = thunk();
  metaOf(model);
  return model as ModelRef;
}

function columnsOrKey(meta: ModelMeta, fields: readonly string[] | null): readonly ColumnMeta[] {
  if (fields !== null) return fields.map((field) => meta.column(field));
  if (meta.primaryKey.length > 0) return meta.primaryKey;
  throw new ConfigurationError(`Cannot relate to ${meta.label}: it has no primary key`, {
    code: "invalid_relation",
    hint: "Say which columns are referenced",
  });
}

function checkWidth(
  meta: ModelMeta,
  name: string,
  one: readonly unknown[],
  other: readonly unknown[],
): void {
  if (one.length === other.length) return;
  throw new ConfigurationError(
    `The relation "${name}" of ${meta.label} joins ${one.length} columns to ${other.length}`,
    { code: "invalid_relation", hint: "List as many columns on one side as on the other" },
  );
}

function unknownRelation(meta: ModelMeta, name: string): RelationError {
  const names = meta.relationNames();
  const list = names.length === 0 ? "It has none" : `Its relations are ${names.join(", ")}`;
  return new RelationError(`${meta.label} has no relation "${shownName(name)}"`, {
    code: "unknown_relation",
    hint: meant(name, names, list),
    context: { model: meta.label, relation: name },
  });
}
