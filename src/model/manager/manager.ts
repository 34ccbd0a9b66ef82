import { checkOptions } from "../../schema/known_options.ts";
import { metaOf, type ModelRef } from "../../schema/meta.ts";
import type { RowSource } from "../view/types.ts";
import { validationOf } from "./input.ts";
import { ReadManagerBase, type Settings } from "./read.ts";
import type {
  ManagerClass,
  ManagerOptions,
  ReadManagerClass,
  ViewOrNone,
  WritableSource,
} from "./types.ts";
import { viewOf } from "./view_of.ts";
import { ManagerBase } from "./write.ts";

/**
 * Declares the manager of a model; extend the class it gives.
 *
 * A manager has one method for each everyday task, gives rows and never tuples, and shapes every row by
 * its view, or by the `view` of the call; null leaves rows as they are. Its hooks are methods to
 * override: `onInit`, `onLoad`, `beforeCreate` and the like. It joins the transaction that the present
 * flow of calls is in; `using(tx)` says so by hand. Models of views have managers that only read.
 *
 * @throws {ConfigurationError} what is given is no model, or its view is one of another model
 * @throws {ValidationError} an option is unknown
 *
 * @example
 * ```ts
 * import { integer, manager, model, text, view } from "@matrx/orm";
 *
 * class Tag extends model("tags", { id: integer().primaryKey(), label: text() }) {}
 * class TagView extends view(Tag) {
 *   async title(tag: typeof TagView.subject): Promise<string> {
 *     return await Promise.resolve(`#${tag.label}`);
 *   }
 * }
 * class TagManager extends manager(Tag, { view: TagView, validate: true }) {}
 * const tagManager = new TagManager();
 * // (await tagManager.loadById(1)).title
 * ```
 */
export function manager<Instance, View extends ViewOrNone<Instance> = null>(
  model: WritableSource<Instance>,
  options?: ManagerOptions<View>,
): ManagerClass<Instance, View>;
/** Declares the manager of a view's model: it only reads. */
export function manager<Instance, View extends ViewOrNone<Instance> = null>(
  model: RowSource<Instance>,
  options?: Omit<ManagerOptions<View>, "validate">,
): ReadManagerClass<Instance, View>;
export function manager(model: unknown, options: ManagerOptions<unknown> = {}): unknown {
  const meta = metaOf(model);
  checkOptions(`manager() of ${meta.label}`, options, ["view", "validate"]);
  const settings: Settings = {
    model: model as ModelRef,
    view: viewOf(model as ModelRef, options.view),
    validation: validationOf(meta, options.validate),
  };
  const Base = meta.kind === "table" ? ManagerBase : ReadManagerBase;
  return class extends Base {
    static override readonly settings: Settings = settings;
  };
}
