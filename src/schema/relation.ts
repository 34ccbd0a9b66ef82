import { checkOptions } from "./known_options.ts";
import type {
  CompositeSpec,
  ForeignKeyOptions,
  InverseSpec,
  ManyToManySpec,
  ModelThunk,
  RelationKind,
  RelationSpec,
} from "./spec.ts";

/**
 * A relation that is not a column of this model.
 *
 * @example
 * ```ts
 * import { integer, manyToMany, model, Relation, text } from "@matrx/orm";
 *
 * class Tag extends model("tags", { id: integer().primaryKey(), label: text() }) {}
 * const tags = manyToMany<Tag>(() => Tag, { through: "note_tags", source: "note", target: "tag" });
 * console.log(tags instanceof Relation);
 * ```
 */
export class Relation<Kind extends Exclude<RelationKind, "none">, Target> {
  /** Type only: tells a relation from a column. */
  declare readonly $member: "relation";
  /** Type only: the kind of the relation. */
  declare readonly $relation: Kind;
  /** Type only: the instance type on the other side. */
  declare readonly $target: Target;
  /** Type only: a relation is no key. */
  declare readonly $role: "plain";
  /** Type only: a relation is not inserted. */
  declare readonly $insert: "none";
  /** What the declaration says. */
  readonly spec: RelationSpec;

  /** Makes a relation from what it says; use the factories instead. */
  constructor(spec: RelationSpec) {
    this.spec = spec;
  }
}

/**
 * Declares the rows of another model that reference this one.
 *
 * `fromField` is the property of the target that is the foreign key.
 *
 * @example
 * ```ts
 * import { foreignKey, integer, inverseForeignKey, model } from "@matrx/orm";
 *
 * class Customer extends model("customers", {
 *   id: integer().primaryKey(),
 *   orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
 * }) {}
 * class Order extends model("orders", {
 *   id: integer().primaryKey(),
 *   customerId: foreignKey<Customer>(() => Customer),
 * }) {}
 * const query = Customer.filter().prefetchRelated({ orders: true });
 * console.log(query.toSql().text);
 * ```
 */
export function inverseForeignKey<Target>(
  target: ModelThunk,
  options: { readonly fromField: string },
): Relation<"ifk", Target> {
  checkOptions("inverseForeignKey()", options, ["fromField"]);
  return new Relation({ relation: "ifk", target, fromField: options.fromField });
}

/** Options of a many-to-many relation. Columns are names in the junction table, not properties. */
export interface ManyToManyOptions {
  /** The junction table. */
  readonly through: string;
  /** The junction's schema; default: this model's. */
  readonly throughSchema?: string;
  /** The junction's column, or columns, that reference this model. */
  readonly source: string | readonly string[];
  /** The junction's column, or columns, that reference the target. */
  readonly target: string | readonly string[];
  /** This model's properties that `source` references; default: the primary key. */
  readonly sourceFields?: readonly string[];
  /** The target's properties that `target` references; default: the primary key. */
  readonly targetFields?: readonly string[];
}

const MANY_TO_MANY = [
  ...["through", "throughSchema", "source", "target", "sourceFields", "targetFields"],
];

/**
 * Declares rows of another model that are tied to this one by a junction table.
 *
 * @example
 * ```ts
 * import { integer, manyToMany, model, text } from "@matrx/orm";
 *
 * class Tag extends model("tags", { id: integer().primaryKey(), label: text() }) {}
 * class Note extends model("notes", {
 *   id: integer().primaryKey(),
 *   tags: manyToMany<Tag>(() => Tag, { through: "note_tags", source: "note_id", target: "tag_id" }),
 * }) {}
 * const query = Note.filter({ tags: { some: { label: "urgent" } } });
 * console.log(query.toSql().text);
 * ```
 */
export function manyToMany<Target>(
  target: ModelThunk,
  options: ManyToManyOptions,
): Relation<"m2m", Target> {
  checkOptions("manyToMany()", options, MANY_TO_MANY);
  const list = (columns: string | readonly string[]) =>
    typeof columns === "string" ? [columns] : columns;
  return new Relation({
    relation: "m2m",
    target,
    through: options.through,
    throughSchema: options.throughSchema ?? null,
    source: list(options.source),
    targetColumns: list(options.target),
    sourceFields: options.sourceFields ?? null,
    targetFields: options.targetFields ?? null,
  });
}

/** Options of a foreign key that is declared beside its columns. */
export interface CompositeForeignKeyOptions extends Omit<ForeignKeyOptions, "toField"> {
  /** This model's properties, in order. */
  readonly fields: readonly string[];
  /** The target's properties, in the same order; default: its primary key. */
  readonly toFields?: readonly string[];
}

/**
 * Declares a foreign key over several columns, or a further one over a column that already is one.
 *
 * The relation's name is the member's name: `await line.fetchFk("order")`.
 *
 * @example
 * ```ts
 * import { compositeForeignKey, integer, model } from "@matrx/orm";
 *
 * class Seat extends model("seats", {
 *   row: integer(),
 *   number: integer(),
 * }, { primaryKey: ["row", "number"] }) {}
 * class Ticket extends model("tickets", {
 *   id: integer().primaryKey(),
 *   seatRow: integer(),
 *   seatNumber: integer(),
 *   seat: compositeForeignKey<Seat>(() => Seat, {
 *     fields: ["seatRow", "seatNumber"],
 *     toFields: ["row", "number"],
 *   }),
 * }) {}
 * console.log([...Ticket.meta.relations.keys()]); // ["seat"]
 * ```
 */
export function compositeForeignKey<Target>(
  target: ModelThunk,
  options: CompositeForeignKeyOptions,
): Relation<"fk", Target> {
  const { fields, toFields, ...rest } = options;
  return new Relation({
    relation: "fk",
    reference: { target, options: rest },
    fields,
    toFields: toFields ?? null,
  });
}

/** Any relation, whatever its target. */
export type AnyRelation = Relation<"fk" | "ifk" | "m2m", unknown>;

/** The data of a relation that is not a column. */
export type { CompositeSpec, InverseSpec, ManyToManySpec };
