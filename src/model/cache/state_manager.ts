import { metaOf, type ModelRef } from "../../schema/meta.ts";
import { keyTexts } from "../values.ts";
import type { CacheStatistics, KeyTexts } from "./contract.ts";
import { presentCaches } from "./gate.ts";

/** A model class whose cached rows are meant. */
export interface CachedModel<Instance> extends ModelRef {
  /** What its rows inherit. */
  readonly prototype: Instance & object;
}

/** Which of several databases is meant. */
export interface StateOptions {
  /** The database's name in the registry; default: that of the model. */
  readonly database?: string | undefined;
}

/**
 * Shows what is cached, and clears it: in this process and, with a store that several processes share,
 * for all of them.
 *
 * A key is the value of the primary key, or an object with those of a composite one.
 *
 * @example
 * ```ts
 * import { model, registerDatabase, StateManager, text, uuid } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" });
 * class Customer extends model("customers", { id: uuid().primaryKey(), name: text() }, {
 *   cache: "short-term",
 * }) {}
 * await StateManager.clearCache(Customer); // after a script wrote the table by other means
 * ```
 */
export class StateManager {
  /** Gives a row as it is cached, or null when it is not; never asks the database. */
  static async get<Instance>(
    model: CachedModel<Instance>,
    key: unknown,
    options: StateOptions = {},
  ): Promise<Instance | null> {
    const caches = await presentCaches();
    const found = await caches?.peek(model, keyOf(model, key), options.database ?? null);
    return (found ?? null) as Instance | null;
  }

  /** Forgets the row of a key. */
  static async remove(model: ModelRef, key: unknown, options: StateOptions = {}): Promise<void> {
    await StateManager.removeBulk(model, [key], options);
  }

  /** Forgets the rows of several keys. */
  static async removeBulk(
    model: ModelRef,
    keys: readonly unknown[],
    options: StateOptions = {},
  ): Promise<void> {
    const texts = keys.map((key) => keyOf(model, key));
    await (await presentCaches())?.forget(model, texts, options.database ?? null);
  }

  /** Forgets all rows of a model or, without one, all that is cached. */
  static async clearCache(model?: ModelRef, options: StateOptions = {}): Promise<void> {
    const caches = await presentCaches();
    if (model === undefined) return await caches?.forgetAll();
    metaOf(model);
    await caches?.forget(model, null, options.database ?? null);
  }

  /** Tells how many entries a model has; null where its store cannot tell. */
  static async count(model: ModelRef, options: StateOptions = {}): Promise<number | null> {
    const found = await StateManager.statistics(model, options);
    const [first] = found;
    // models of one table share its entries
    return first === undefined ? 0 : first.size;
  }

  /** Tells what was counted: for a model or, without one, for each that was looked up. */
  static async statistics(
    model?: ModelRef,
    options: StateOptions = {},
  ): Promise<CacheStatistics[]> {
    const all = await (await presentCaches())?.statistics() ?? [];
    const { database } = options;
    return all.filter((one) =>
      (model === undefined || one.table === metaOf(model).label) &&
      (database === undefined || one.database === database)
    );
  }
}

function keyOf(model: ModelRef, key: unknown): KeyTexts {
  const meta = metaOf(model);
  return keyTexts(meta, meta.primaryKey, key);
}
