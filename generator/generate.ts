import type { Catalog } from "../src/catalog/catalog.ts";
import type { Context } from "./emit/context.ts";
import { contextOf, emitFiles } from "./emit/emit.ts";
import { type Note, notesOf } from "./emit/notes.ts";
import { keyOf } from "./sources/source.ts";
import { type GenerateOptions, settingsOf } from "./options.ts";
import { lossesOf, type ReadScope, reasonsFor, refuseLosses } from "./losses.ts";
import { memoryOf, type Renamed, renamedSince } from "./memory.ts";
import { previousNames } from "./name/previous.ts";
import { type ExistingOutput, type FilePlan, manifestOf, planFiles } from "./plan.ts";

/** The generator's own version: raised whenever the same catalog gives other text. */
const VERSION = "3";

/** How a plan is made. */
export interface PlanGenerationOptions extends GenerateOptions {
  /**
   * Whether files that were changed by hand are replaced all the same, and models removed whose
   * tables may be there; default false.
   */
  readonly force?: boolean | undefined;
  /** What the catalog is of; without it every model whose table is not in it counts as dropped. */
  readonly scope?: ReadScope | undefined;
}

/** How many of each there are. */
export interface GenerationCounts {
  /** Tables that got a model. */
  readonly tables: number;
  /** Views and materialized views that got a model. */
  readonly views: number;
  /** Enums. */
  readonly enums: number;
  /** Domains, composites and ranges. */
  readonly types: number;
  /** Relations by foreign keys. */
  readonly foreignKeys: number;
  /** Their inverses. */
  readonly inverseForeignKeys: number;
  /** Relations through junction tables, one for each end. */
  readonly manyToMany: number;
}

/** The model of a table or view. */
export interface GeneratedModel {
  /** The schema of the table. */
  readonly schema: string;
  /** The table, view or materialized view. */
  readonly table: string;
  /** The user's class. */
  readonly className: string;
  /** The user's file, by its path inside the output folder. */
  readonly file: string;
}

/** What a run would do, and what it found. */
export interface GenerationPlan extends FilePlan {
  /** In the order of the tables' names. */
  readonly models: readonly GeneratedModel[];
  readonly counts: GenerationCounts;
  /** What could not be said in code, by table. */
  readonly notes: readonly Note[];
  /** Names that were other ones in the last run. */
  readonly renamed: readonly Renamed[];
}

/**
 * Turns a catalog into a plan for the output folder; pure, writes nothing.
 *
 * `format` formats a file's text: `loadFormatter()` gives it.
 *
 * Names of the last run are kept, as the manifest in the folder tells them.
 *
 * @throws {ConfigurationError} the manifest in the folder is damaged, or models would be removed
 * whose tables may be there
 */
export function planGeneration(
  catalog: Catalog,
  options: PlanGenerationOptions,
  existing: ExistingOutput,
  format: (text: string) => string,
): GenerationPlan {
  const before = manifestOf(existing);
  const previous = previousNames(before.casing, before.models);
  const context = contextOf(catalog, settingsOf(options), previous);
  const losses = lossesOf(before, existing, context, options.scope);
  if (options.force !== true) refuseLosses(losses, before, existing, context);
  const memory = memoryOf(context, options.scope);
  const plan = planFiles(emitFiles(context), existing, {
    format,
    version: VERSION,
    force: options.force,
    memory,
    reasons: reasonsFor(losses, before, context),
  });
  return {
    ...plan,
    renamed: renamedSince(before, memory),
    models: modelsOf(context),
    counts: countsOf(context),
    notes: notesOf(context),
  };
}

function modelsOf({ sources, names }: Context): GeneratedModel[] {
  return sources.map(({ object }) => {
    const { className, file } = names.models.get(keyOf(object))!;
    return { schema: object.schema, table: object.name, className, file: `${file}.ts` };
  });
}

function countsOf(context: Context): GenerationCounts {
  const relations = [...context.relations.values()];
  const tables = context.sources.filter((source) => source.object.kind === "table");
  const types = [...context.types.named.values()];
  const enums = types.filter((type) => type.kind === "enum");
  const sum = (count: (one: (typeof relations)[number]) => number) =>
    relations.reduce((total, one) => total + count(one), 0);
  return {
    tables: tables.length,
    views: context.sources.length - tables.length,
    enums: enums.length,
    types: types.length - enums.length,
    foreignKeys: sum((one) => one.foreignKeys.length),
    inverseForeignKeys: sum((one) => one.inverses.length),
    manyToMany: sum((one) => one.manyToMany.length),
  };
}
