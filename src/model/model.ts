import { wantCache } from "../cache/wanted.ts";
import { declareModel } from "../schema/declared.ts";
import type { ModelShape } from "../schema/infer.ts";
import { type ModelKind, ModelMeta } from "../schema/meta.ts";
import type { ModelOptions, ViewModelOptions } from "../schema/options.ts";
import { ModelBase, ReadOnlyBase } from "./base.ts";
import type { MaterializedViewModelClass, ModelClass, ViewModelClass } from "./types.ts";

/**
 * Declares the model of a table; extend the class it gives.
 *
 * A property names its column in snake_case; `.column()` says otherwise. The schema is `public` unless
 * the options say otherwise.
 *
 * @example
 * ```ts
 * import { model, sql, text, timestamptz, uuid } from "@matrx/orm";
 *
 * class Customer extends model("customers", {
 *   id: uuid().primaryKey().default(sql`gen_random_uuid()`),
 *   name: text(),
 *   createdAt: timestamptz().default(sql`now()`),
 * }) {
 *   get initials(): string {
 *     return this.name.split(" ").map((word) => word.charAt(0)).join("");
 *   }
 * }
 * ```
 *
 * @throws {ConfigurationError} a reserved name, two properties of one column, or an unknown key
 */
export function model<const Shape extends ModelShape>(
  table: string,
  shape: Shape,
  options: ModelOptions = {},
): ModelClass<Shape> {
  // the class is untyped inside; the interface gives its rows their types
  return define(ModelBase, "table", table, shape, options) as unknown as ModelClass<Shape>;
}

/**
 * Declares the model of a view: rows are read, never written.
 *
 * @example
 * ```ts
 * import { decimal, integer, viewModel } from "@matrx/orm";
 *
 * class Total extends viewModel("customer_totals", { customerId: integer(), total: decimal() }) {}
 * const query = Total.filter({ total: { gt: "100" } });
 * console.log(query.toSql().text);
 * ```
 */
export function viewModel<const Shape extends ModelShape>(
  view: string,
  shape: Shape,
  options: ViewModelOptions = {},
): ViewModelClass<Shape> {
  return define(ReadOnlyBase, "view", view, shape, options) as unknown as ViewModelClass<Shape>;
}

/**
 * Declares the model of a materialized view: rows are read, and the view can be refreshed.
 *
 * @example
 * ```ts
 * import { bigint, integer, materializedViewModel } from "@matrx/orm";
 *
 * class Sale extends materializedViewModel("sales", { productId: integer(), sold: bigint() }) {}
 * const refresh = () => Sale.refresh({ concurrently: true });
 * console.log(Sale.filter({ sold: { gt: 10n } }).toSql().text, typeof refresh);
 * ```
 */
export function materializedViewModel<const Shape extends ModelShape>(
  view: string,
  shape: Shape,
  options: ViewModelOptions = {},
): MaterializedViewModelClass<Shape> {
  const made = define(ReadOnlyBase, "materialized view", view, shape, options);
  return made as unknown as MaterializedViewModelClass<Shape>;
}

function define(
  base: typeof ReadOnlyBase,
  kind: ModelKind,
  name: string,
  shape: ModelShape,
  options: ModelOptions,
): object {
  const meta = new ModelMeta(kind, name, shape, options);
  declareModel(meta);
  if ((meta.cacheLife ?? 0) > 0) wantCache();
  return class extends base {
    static override readonly meta: ModelMeta = meta;
  };
}
