import { ConfigurationError } from "../src/errors/base.ts";
import { metaOf } from "../src/schema/meta.ts";
import { meant } from "../src/util/nearest.ts";
import {
  type CacheSyncSqlOptions,
  cacheSyncStatements,
  canBeCached,
} from "./declare/cache_sync.ts";
import { type CreatedMigration, type CreateEmptyOptions, createFilled } from "./empty.ts";
import { checkWords } from "./file/name.ts";

/** How a migration of the triggers of `cacheSync` is written. */
export interface CreateCacheSyncOptions extends CreateEmptyOptions, CacheSyncSqlOptions {
  /**
   * The models whose tables get triggers, by the name of the class or of the table; default: every model
   * that can be cached.
   */
  readonly only?: readonly string[] | undefined;
}

/** A migration of triggers that was written. */
export interface CreatedCacheSync extends CreatedMigration {
  /** The statements that make the function and the triggers. */
  readonly up: readonly string[];
  /** The statements that take them away. */
  readonly down: readonly string[];
}

/**
 * Writes a migration with the triggers that tell programs with `cacheSync` of writes made outside of
 * the library; its default name is `cache_sync`.
 *
 * Programs whose migrations are made of their models export `cacheSyncTriggers()` beside these instead.
 *
 * @throws {ConfigurationError} a name is that of no model, or no model can be cached
 * @throws {MigrationError} the name cannot be used, the folder cannot be written, or its migrations have
 * several ends
 *
 * @example
 * ```ts
 * import { integer, model } from "@matrx/orm";
 * import { createCacheSync } from "@matrx/orm/migrations";
 *
 * class Rate extends model("rates", { id: integer().identity().primaryKey() }) {}
 * const folder = await Deno.makeTempDir();
 * const { name, up } = await createCacheSync([Rate], { folder });
 * console.log(name, up.length); // 0001_cache_sync 4
 * ```
 */
export async function createCacheSync(
  models: Iterable<unknown>,
  options: CreateCacheSyncOptions = {},
): Promise<CreatedCacheSync> {
  const words = checkWords(options.name ?? "cache_sync");
  const statements = cacheSyncStatements(chosenOf([...models], options.only), options);
  const steps = (texts: readonly string[]) => texts.map((sql) => ({ sql }));
  const created = await createFilled(words, options, {
    up: steps(statements.up),
    down: steps(statements.down),
  });
  return { ...created, ...statements };
}

/** What a model is called: its class, its table, its table with the schema. */
function namesOf(model: unknown): string[] {
  const { table, label } = metaOf(model);
  return [(model as { readonly name: string }).name, table, label];
}

function chosenOf(models: readonly unknown[], only: readonly string[] | undefined): unknown[] {
  if (only === undefined) return [...models];
  return only.flatMap((name) => {
    const found = models.filter((model) => namesOf(model).includes(name));
    for (const model of found) refuseUncached(name, model);
    if (found.length > 0) return found;
    const known = models.map((model) => namesOf(model)[0]!);
    throw new ConfigurationError(`There is no model ${JSON.stringify(name)}`, {
      code: "unknown_model",
      hint: meant(name, models.flatMap(namesOf), `The models are ${known.join(", ")}`),
      context: { model: name },
    });
  });
}

function refuseUncached(name: string, model: unknown): void {
  const meta = metaOf(model);
  if (canBeCached(meta)) return;
  throw new ConfigurationError(`Cannot write triggers for ${name}: its rows are never cached`, {
    code: "nothing_to_sync",
    hint: 'Leave it out: it has no primary key, stands for a view, or says cache: "off"',
    context: { model: meta.label },
  });
}
