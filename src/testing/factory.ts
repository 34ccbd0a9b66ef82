import { wrongArgument } from "../errors/argument.ts";
import type { Using } from "../execute/session.ts";
import type { Insert, ShapeOf, WritableName, WriteOf } from "../schema/infer.ts";
import type { HasShape } from "../schema/keys.ts";
import { metaOf, type ModelMeta, type ModelRef } from "../schema/meta.ts";
import { misspelt } from "../util/misspelt.ts";
import type { RowValues } from "./compose.ts";
import { byProperty, type Call, Graph } from "./graph.ts";

/** What a function that makes a value is told. */
export interface FactoryPlace {
  /** The number of the row: 1 for the first one of this factory. */
  readonly number: number;
}

/** Values for rows, or functions that make them. */
export type FactoryValues<Shape> = {
  readonly [Name in WritableName<Shape>]?:
    | WriteOf<Shape[Name]>
    | ((place: FactoryPlace) => WriteOf<Shape[Name]>);
};

/** Options of a factory. */
export interface FactoryOptions {
  /**
   * What the values are made of. Factories with the same seed make the same rows; without one, no two
   * rows of a process are the same, so that tests may run side by side.
   */
  readonly seed?: number | string | undefined;
  /** True gives values to columns that may be NULL too; default false. */
  readonly fill?: boolean | undefined;
  /** The database or transaction to write to; default the model's, and the transaction under way. */
  readonly using?: Using | undefined;
}

/** A model whose rows a factory makes. */
export interface FactoryModel<Instance extends HasShape<unknown>> {
  /** What its rows inherit. */
  readonly prototype: Instance;
  /** What a view has not. */
  readonly create: unknown;
}

/**
 * Makes rows of a model for tests.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { factory, Factory } from "@matrx/orm/testing";
 *
 * class Tag extends model("tags", { id: integer().primaryKey().identity(), label: text() }) {}
 * const tags = factory(Tag, { label: ({ number }) => `tag ${number}` });
 * console.log(tags instanceof Factory, tags.build(), tags.build({ label: "urgent" }));
 * ```
 */
export class Factory<Instance extends HasShape<unknown>> {
  readonly #model: ModelRef;
  readonly #values: FactoryValues<ShapeOf<Instance>>;
  readonly #options: FactoryOptions;
  readonly #graph: Graph;
  #rows = 0;

  /** Makes a factory; use `factory()`. */
  constructor(
    model: ModelRef,
    values: FactoryValues<ShapeOf<Instance>>,
    options: FactoryOptions,
  ) {
    this.#model = model;
    this.#values = values;
    this.#options = options;
    const { seed, fill = false } = options;
    const own = new Map<ModelMeta, number>();
    const numbers = seed === undefined ? COUNTED : own;
    this.#graph = new Graph(String(seed ?? 0), fill, (meta) => {
      const number = (numbers.get(meta) ?? 0) + 1;
      numbers.set(meta, number);
      return number;
    });
  }

  /** Gives the same factory on another database, or inside a transaction. */
  using(target: Using): Factory<Instance> {
    return new Factory(this.#model, this.#values, { ...this.#options, using: target });
  }

  /**
   * Gives the values of a row, without a database: what `create()` of the model takes, but that a foreign
   * key without a value has one that is made up.
   *
   * @throws {ValidationError} a column must have a value and factories do not know its type
   */
  build(values: FactoryValues<ShapeOf<Instance>> = {}): Insert<ShapeOf<Instance>> {
    const made = byProperty(this.#graph.build(this.#model, this.#given(values)));
    // the values are made by the model's metadata, from which the type follows
    return made as Insert<ShapeOf<Instance>>;
  }

  /**
   * Inserts a row, and before it the rows that it must reference.
   *
   * A foreign key that may be NULL stays NULL. Rows that must reference each other in a circle go out in
   * one statement.
   *
   * @throws {QueryError} the database refuses the row: its code is `factory_row_refused`
   */
  async create(values: FactoryValues<ShapeOf<Instance>> = {}): Promise<Instance> {
    const [row] = await this.createMany(1, values);
    return row!;
  }

  /**
   * Inserts rows, all or none. They share the rows that they reference, unless a unique key asks for
   * others.
   */
  async createMany(
    count: number,
    values: FactoryValues<ShapeOf<Instance>> = {},
  ): Promise<Instance[]> {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw wrongArgument("createMany()", "a whole number of rows from 0 up");
    }
    const make = async (call: Call): Promise<Instance[]> => {
      const rows: object[] = [];
      for (let index = 0; index < count; index++) {
        rows.push(await this.#graph.make(this.#model, this.#given(values), call));
      }
      return rows as Instance[];
    };
    return await this.#graph.within(this.#model.meta, this.#options.using ?? null, make);
  }

  #given(values: FactoryValues<ShapeOf<Instance>>): RowValues {
    const { meta } = this.#model;
    const number = ++this.#rows;
    const given: RowValues = new Map();
    for (const [property, value] of Object.entries({ ...this.#values, ...values })) {
      if (value === undefined) continue;
      const made: unknown = typeof value === "function" ? value({ number }) : value;
      given.set(meta.column(property), made);
    }
    return given;
  }
}

// how many rows of a model the factories without a seed have made, so that none is made twice
const COUNTED = /* @__PURE__ */ new WeakMap<ModelMeta, number>();

const OPTIONS = ["seed", "fill", "using"];

/**
 * Gives what makes valid rows of a model, with the rows that they must reference.
 *
 * Values follow the column's type, its length, labels and domain, and keep unique keys, and checks as far
 * as they are understood: comparisons with constants and other columns, lists, patterns, lengths, and
 * these joined by and, or, not. What a database knows of its table is asked once, so models need not
 * repeat it. Columns that may be left out are, unless `fill` is set.
 *
 * @example
 * ```ts
 * import { foreignKey, integer, model, text } from "@matrx/orm";
 * import { embedded, factory } from "@matrx/orm/testing";
 *
 * class Customer extends model("customers", {
 *   id: integer().primaryKey().identity(),
 *   name: text(),
 * }) {}
 * class Order extends model("orders", {
 *   id: integer().primaryKey().identity(),
 *   customerId: foreignKey<Customer>(() => Customer),
 *   status: text(),
 * }) {}
 * await using db = await embedded({ models: [Customer, Order], name: "main" });
 *
 * const orders = factory(Order, { status: "paid" }, { seed: 1 });
 * const order = await orders.create(); // with a customer of its own
 * const more = await orders.createMany(10, { status: ({ number }) => number % 2 ? "paid" : "draft" });
 * console.log(order.customerId, more.length);
 * ```
 *
 * @throws {FieldError} the model has no such field
 */
export function factory<Instance extends HasShape<unknown>>(
  model: FactoryModel<Instance>,
  values: FactoryValues<ShapeOf<Instance>> = {},
  options: FactoryOptions = {},
): Factory<Instance> {
  const meta = metaOf(model);
  for (const property of Object.keys(values)) meta.column(property);
  const wrong = misspelt(options, OPTIONS);
  if (wrong !== undefined) throw wrongArgument("factory()", `options that it knows. ${wrong.hint}`);
  return new Factory(model as FactoryModel<Instance> & ModelRef, values, options);
}
