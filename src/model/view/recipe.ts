/** What a view does, as data, checked before anything is sent. */
import { ConfigurationError } from "../../errors/base.ts";
import { mergePrefetch } from "../../query/clauses.ts";
import type { PrefetchTree } from "../../query/state.ts";
import { checkOptions } from "../../schema/known_options.ts";
import { metaOf, type ModelMeta, type ModelRef } from "../../schema/meta.ts";
import { relationOf } from "../../schema/relation_meta.ts";
import { RESERVED_NAMES } from "../../schema/reserved.ts";
import { meant } from "../../util/nearest.ts";

/** What `view()` was told. */
export interface Recipe {
  readonly model: ModelRef;
  /** The relations as they were given: a tree whose inner names are not looked up yet. */
  readonly prefetch: PrefetchTree;
  /** The columns that plain output leaves out. */
  readonly exclude: readonly string[];
  /** The names that the rows of foreign keys get, by relation. */
  readonly inline: ReadonlyMap<string, string>;
}

/** Options as they come from callers whom no type checker stops. */
export interface GivenOptions {
  readonly prefetch?: unknown;
  readonly exclude?: unknown;
  readonly inlineFk?: unknown;
}

/** A computed method of a view. */
export type ComputedMethod = (row: object) => Promise<unknown>;

/** A view that is ready to be applied. */
export interface ViewPlan {
  /** The class's name, for messages. */
  readonly name: string;
  readonly recipe: Recipe;
  /** Every relation that it loads. */
  readonly tree: PrefetchTree;
  readonly computed: ReadonlyMap<string, ComputedMethod>;
  /** What `this` is in the computed methods. */
  readonly self: object;
}

/** A class that extends what `view()` gives. */
export interface ViewRef {
  readonly name: string;
  readonly prototype: object;
  readonly recipe: Recipe;
  new (): object;
}

/**
 * Reads the options of a view. Targets of relations are not asked for: their modules may be loading.
 *
 * @throws {ValidationError} an option is unknown
 * @throws {ConfigurationError} an option names what the model has not, or a name twice
 */
export function recipeOf(model: ModelRef, options: GivenOptions): Recipe {
  const meta = metaOf(model);
  checkOptions(`view() of ${meta.label}`, options, ["prefetch", "exclude", "inlineFk"]);
  const { prefetch = [], exclude = [], inlineFk = {} } = options;
  const inline = inlined(meta, inlineFk);
  return {
    model,
    prefetch: { ...keysAsTree(inline), ...prefetchTree(meta, prefetch) },
    exclude: listOf(meta, "exclude", exclude).map((name) => meta.column(name).property),
    inline,
  };
}

function keysAsTree(map: ReadonlyMap<string, string>): PrefetchTree {
  return Object.fromEntries(Array.from(map.keys(), (name) => [name, true] as const));
}

function prefetchTree(meta: ModelMeta, prefetch: unknown): PrefetchTree {
  const tree = Array.isArray(prefetch)
    ? Object.fromEntries(listOf(meta, "prefetch", prefetch).map((name) => [name, true] as const))
    : objectOf(meta, "prefetch", prefetch) as PrefetchTree;
  const names = meta.relationNames();
  const unknown = Object.keys(tree).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(
      meta,
      `it has no relation "${unknown}"`,
      meant(unknown, names, `Its relations are ${names.join(", ")}`),
    );
  }
  return tree;
}

function inlined(meta: ModelMeta, inlineFk: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const keys = foreignKeyNames(meta);
  for (const [name, output] of Object.entries(objectOf(meta, "inlineFk", inlineFk))) {
    if (!keys.includes(name)) {
      const list = keys.length === 0 ? "It has none" : `Its foreign keys are ${keys.join(", ")}`;
      throw invalid(meta, `"${name}" is no foreign key of it`, meant(name, keys, list));
    }
    if (typeof output !== "string" || output === "") {
      throw invalid(meta, `inlineFk gives "${name}" no name`, 'Say { customerId: "customer" }');
    }
    if ([...found.values()].includes(output)) {
      throw invalid(meta, `inlineFk gives two foreign keys the name "${output}"`, "Choose another");
    }
    refuseTaken(meta, output, `inlineFk of ${meta.label}`);
    found.set(name, output);
  }
  return found;
}

function foreignKeyNames(meta: ModelMeta): string[] {
  return meta.relationNames().filter((name) =>
    meta.findColumn(name) !== undefined || meta.relations.get(name)?.relation === "fk"
  );
}

function listOf(meta: ModelMeta, option: string, given: unknown): readonly string[] {
  if (Array.isArray(given) && given.every((one) => typeof one === "string")) return given;
  throw invalid(meta, `${option} is no list of names`, `Say ${option}: ["name"]`);
}

function objectOf(meta: ModelMeta, option: string, given: unknown): object {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw invalid(meta, `${option} is no object`, "Name what it is about: { customerId: ... }");
}

function invalid(meta: ModelMeta, why: string, hint: string): ConfigurationError {
  return new ConfigurationError(`Cannot define a view of ${meta.label}: ${why}`, {
    code: "invalid_view",
    hint,
    context: { model: meta.label },
  });
}

/** A field of a view must not stand in front of a column or of what every row can do. */
function refuseTaken(meta: ModelMeta, name: string, where: string): void {
  const isColumn = meta.findColumn(name) !== undefined;
  if (!isColumn && !RESERVED_NAMES.has(name)) return;
  throw taken(meta, name, where, isColumn ? "a column" : "a reserved name");
}

function taken(meta: ModelMeta, name: string, where: string, by: string): ConfigurationError {
  return new ConfigurationError(`Cannot use the name "${name}" in ${where}: it is ${by}`, {
    code: "view_name_taken",
    hint: `Choose another name; a helper that is no field starts with "_": _${name}`,
    context: { model: meta.label, field: name },
  });
}

const plans = new WeakMap<object, ViewPlan>();

/**
 * Makes a view ready, once for each class.
 *
 * @throws {ConfigurationError} a computed method has a name that is taken, or takes more than the row
 * @throws {RelationError} the prefetch names a relation that is not there
 */
export function planOf(view: ViewRef): ViewPlan {
  let plan = plans.get(view);
  if (plan === undefined) plans.set(view, plan = makePlan(view));
  return plan;
}

function makePlan(view: ViewRef): ViewPlan {
  const { name, recipe } = view;
  const { meta, prototype } = recipe.model;
  const computed = computedMethods(view.prototype);
  for (const [field, method] of computed) {
    refuseTaken(meta, field, name);
    if (field in prototype) throw taken(meta, field, name, "a member of the model's class");
    if ([...recipe.inline.values()].includes(field)) {
      throw taken(meta, field, name, "a name that inlineFk gives");
    }
    if (method.length <= 1) continue;
    throw new ConfigurationError(
      `Cannot compute ${name}.${field}: the method takes ${method.length} arguments`,
      {
        code: "invalid_view",
        hint: `A computed method takes the row; a helper's name starts with "_": _${field}`,
        context: { model: meta.label, field },
      },
    );
  }
  for (const output of recipe.inline.values()) {
    if (output in prototype) {
      throw taken(meta, output, `inlineFk of ${name}`, "a member of the model's class");
    }
  }
  for (const relation of Object.keys(recipe.prefetch)) relationOf(meta, relation);
  const tree = mergePrefetch(meta, {}, recipe.prefetch);
  return { name, recipe, tree, computed, self: new view() };
}

/** The async methods of a view and of those that it extends, the nearest one first to count. */
function computedMethods(prototype: object): Map<string, ComputedMethod> {
  const chain: object[] = [];
  for (
    let at: object | null = prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) chain.unshift(at);
  const found = new Map<string, ComputedMethod>();
  for (const level of chain) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      // a method that is not async any more takes its base's away
      found.delete(name);
      if (isAsync(value) && !name.startsWith("_")) found.set(name, value);
    }
  }
  return found;
}

function isAsync(value: unknown): value is ComputedMethod {
  return Object.prototype.toString.call(value) === "[object AsyncFunction]";
}
