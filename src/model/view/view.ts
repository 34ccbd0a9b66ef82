import type { ColumnName } from "../../schema/infer.ts";
import type { HasShape, ShapeOf } from "../../schema/keys.ts";
import { planOf, type Recipe, recipeOf, type ViewRef } from "./recipe.ts";
import { shapeRows } from "./shape.ts";
import type { RowSource, ViewClass, ViewOptions, ViewPrefetch } from "./types.ts";

/** The class that every view extends, untyped inside; `types.ts` says what users see. */
class ViewBase {
  declare static readonly recipe: Recipe;

  static async apply(row: object | null): Promise<object | null> {
    const plan = planOf(this as unknown as ViewRef);
    return row === null ? null : (await shapeRows(plan, [row]))[0]!;
  }

  static async applyAll(rows: readonly object[]): Promise<object[]> {
    return await shapeRows(planOf(this as unknown as ViewRef), rows);
  }
}

/** The view behind a class; undefined for anything else. */
export function viewRef(value: unknown): ViewRef | undefined {
  const isView = typeof value === "function" && value.prototype instanceof ViewBase;
  return isView ? value as unknown as ViewRef : undefined;
}

/**
 * Declares a view over the rows of a model; extend the class it gives.
 *
 * A view is a recipe that runs once: relations are loaded first, all at once; then every async method
 * of the class runs for the row, all at once, and its value lies on the row under the method's name.
 * Methods that are not async, and those whose names start with `_`, are helpers. A method that throws
 * becomes a warning for `onWarning`, and its key is left out; so does a relation that cannot be loaded.
 * Writes see columns alone.
 *
 * @throws {ValidationError} an option is unknown
 * @throws {ConfigurationError} an option names what the model has not
 *
 * @example
 * ```ts
 * import { foreignKey, model, text, uuid, view } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: uuid().primaryKey(), name: text() }) {}
 * class Order extends model("orders", {
 *   id: uuid().primaryKey(),
 *   customerId: foreignKey<Customer>(() => Customer),
 *   secret: text(),
 * }) {}
 *
 * class OrderView extends view(Order, { exclude: ["secret"], inlineFk: { customerId: "customer" } }) {
 *   async title(order: typeof OrderView.subject): Promise<string> {
 *     return await Promise.resolve(`Order of ${order.getRelated("customerId").name}`);
 *   }
 * }
 * // const shaped = await OrderView.apply(await Order.get({ id }));
 * // shaped.title, shaped.customer?.name, shaped.toDict()
 * ```
 */
export function view<
  Instance extends HasShape<unknown>,
  const Loaded extends ViewPrefetch<ShapeOf<Instance>> = readonly [],
  const Excluded extends ColumnName<ShapeOf<Instance>> = never,
  const Inlined = Record<never, never>,
>(
  model: RowSource<Instance>,
  options: ViewOptions<ShapeOf<Instance>, Loaded, Excluded, Inlined> = {},
): ViewClass<Instance, Loaded, Excluded, Inlined> {
  const recipe = recipeOf(model as never, options);
  // the class is untyped inside; the interface gives its rows their types
  return class extends ViewBase {
    static override readonly recipe: Recipe = recipe;
  } as unknown as ViewClass<Instance, Loaded, Excluded, Inlined>;
}
