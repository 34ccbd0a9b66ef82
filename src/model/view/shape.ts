/** Applies views to rows: relations first, then what is computed. */
import { ValidationError } from "../../errors/base.ts";
import { warn } from "../../execute/warning.ts";
import type { Using } from "../../execute/session.ts";
import type { PrefetchTree } from "../../query/state.ts";
import { prefetch } from "../fetch.ts";
import { refineQuery } from "../loader.ts";
import { setValue, type ShownOutput, stateOf, track, usingOf, valueOf } from "../row_state.ts";
import type { ViewPlan } from "./recipe.ts";

/** What a view has put on a row. */
interface Shape extends ShownOutput {
  readonly plan: ViewPlan;
  /** The names of its fields on the row. */
  readonly names: readonly string[];
}

/** Shapes rows; the relations in `loaded` are there already. */
export async function shapeRows(
  plan: ViewPlan,
  rows: readonly object[],
  loaded: PrefetchTree = {},
): Promise<object[]> {
  const subjects = new Map<object, object>();
  const begun: Shape = { plan, names: [], hidden: new Set() };
  for (const row of rows) {
    checkRow(plan, row);
    if (!subjects.has(row)) subjects.set(row, subjectOf(begun, row));
  }
  const own = [...subjects.values()];
  await loadRelations(plan, own, Object.keys(plan.tree).filter((name) => !(name in loaded)));
  const methods = [...plan.computed.values()];
  const calls: Promise<unknown>[] = [];
  for (const row of own) {
    for (const method of methods) calls.push(method.call(plan.self, row));
  }
  const results = await Promise.allSettled(calls);
  const whole = wholeShape(plan);
  own.forEach((row, index) => {
    const from = index * methods.length;
    settle(whole, row, results.slice(from, from + methods.length));
  });
  return own.length === rows.length ? own : rows.map((row) => subjects.get(row)!);
}

function checkRow({ name, recipe }: ViewPlan, row: object): void {
  const { meta } = recipe.model;
  if (stateOf(row).model.meta === meta) return;
  throw new ValidationError(`${name} takes rows of ${meta.label}, not of another model`, {
    code: "wrong_view_row",
    hint: "Apply the view of the row's own model",
    context: { model: meta.label },
  });
}

/** The row itself, or a copy of it where another view has taken it: two views never mix. */
function subjectOf(begun: Shape, row: object): object {
  const shape = shapeOf(row);
  if (shape?.plan === begun.plan) return row;
  const subject = shape === null ? row : copyOf(row, shape);
  // at once: another view that comes meanwhile has to take a copy
  stateOf(subject).shown = begun;
  return subject;
}

function shapeOf(row: object): Shape | null {
  // what settle() has put there
  return stateOf(row).shown as Shape | undefined ?? null;
}

function copyOf(row: object, { names }: Shape): object {
  const copy: object = Object.create(Object.getPrototypeOf(row));
  for (const name of Object.keys(row)) {
    if (!names.includes(name)) setValue(copy, name, valueOf(row, name));
  }
  const { shown: _, ...state } = stateOf(row);
  track(copy, { ...state, related: state.related === null ? null : new Map(state.related) });
  return copy;
}

/** Loads each relation for all rows at once; one that fails is told of and left out. */
async function loadRelations(
  plan: ViewPlan,
  rows: readonly object[],
  relations: readonly string[],
): Promise<void> {
  const places = new Map<Using | null, object[]>();
  for (const row of rows) {
    const using = usingOf(stateOf(row));
    const there = places.get(using);
    if (there === undefined) places.set(using, [row]);
    else there.push(row);
  }
  await Promise.all(
    Array.from(
      places,
      ([using, there]) =>
        Promise.all(
          relations.map(async (relation) => {
            try {
              await prefetch(there, { [relation]: plan.tree[relation]! }, using, refineQuery);
            } catch (error) {
              for (const row of there) stateOf(row).related?.delete(relation);
              const { meta } = plan.recipe.model;
              warn(meta.database, {
                code: "view_relation_failed",
                message:
                  `${plan.name} could not load "${relation}" of ${meta.label}; it is left out`,
                source: plan.name,
                member: relation,
                key: null,
                error,
              });
            }
          }),
        ),
    ),
  );
}

function warnOfMethod(plan: ViewPlan, row: object, method: string, error: unknown): void {
  const { meta } = plan.recipe.model;
  const key = meta.primaryKey.map(({ property }) => [property, valueOf(row, property)] as const);
  warn(meta.database, {
    code: "view_method_failed",
    message: `${plan.name}.${method} failed for a row of ${meta.label}; its key is left out`,
    source: plan.name,
    member: method,
    key: key.length === 0 ? null : Object.fromEntries(key),
    error,
  });
}

/** What a view puts on a row when nothing fails: most rows share it. */
function wholeShape(plan: ViewPlan): Shape {
  return {
    plan,
    names: [...plan.recipe.inline.values(), ...plan.computed.keys()],
    hidden: new Set([...plan.recipe.exclude, ...plan.recipe.inline.keys()]),
  };
}

/** Puts the fields on the row at once, in place of those of an earlier run; one that failed is told of and left out. */
function settle(
  whole: Shape,
  row: object,
  results: readonly PromiseSettledResult<unknown>[],
): void {
  const { plan } = whole;
  const state = stateOf(row);
  for (const name of shapeOf(row)?.names ?? []) Reflect.deleteProperty(row, name);
  const lost = new Set<string>();
  for (const [relation, name] of plan.recipe.inline) {
    if (state.related?.has(relation)) setValue(row, name, state.related.get(relation) ?? null);
    else lost.add(relation).add(name);
  }
  let index = 0;
  for (const name of plan.computed.keys()) {
    const result = results[index++]!;
    if (result.status === "fulfilled") setValue(row, name, result.value);
    else {
      lost.add(name);
      warnOfMethod(plan, row, name, result.reason);
    }
  }
  state.shown = lost.size === 0 ? whole : without(whole, lost);
}

/** A shape without what failed: a key whose row could not be loaded stays in plain output. */
function without(whole: Shape, lost: ReadonlySet<string>): Shape {
  const { exclude } = whole.plan.recipe;
  return {
    plan: whole.plan,
    names: whole.names.filter((name) => !lost.has(name)),
    hidden: new Set([...whole.hidden].filter((name) => !lost.has(name) || exclude.includes(name))),
  };
}
