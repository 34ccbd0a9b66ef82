/** Applies views to rows: relations first, then what is computed. */
import { ValidationError } from "../../errors/base.ts";
import { warn } from "../../execute/warning.ts";
import type { Using } from "../../execute/session.ts";
import type { PrefetchTree } from "../../query/state.ts";
import { prefetch } from "../fetch.ts";
import { jsonValue, ownNames } from "../json.ts";
import { refineQuery } from "../loader.ts";
import { isRow, setValue, stateOf, track, usingOf, valueOf } from "../row_state.ts";
import type { ViewPlan } from "./recipe.ts";

/** What a view has put on a row. */
interface Shape {
  readonly plan: ViewPlan;
  /** The names of its fields on the row. */
  names: readonly string[];
}

const shapes = new WeakMap<object, Shape>();

/** Shapes rows; the relations in `loaded` are there already. */
export async function shapeRows(
  plan: ViewPlan,
  rows: readonly object[],
  loaded: PrefetchTree = {},
): Promise<object[]> {
  const subjects = new Map<object, object>();
  for (const row of rows) {
    checkRow(plan, row);
    if (!subjects.has(row)) subjects.set(row, subjectOf(plan, row));
  }
  const own = [...subjects.values()];
  await loadRelations(plan, own, Object.keys(plan.tree).filter((name) => !(name in loaded)));
  const values = await Promise.all(own.map((row) => compute(plan, row)));
  own.forEach((row, index) => settle(plan, row, values[index]!));
  return rows.map((row) => subjects.get(row)!);
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
function subjectOf(plan: ViewPlan, row: object): object {
  const shape = shapes.get(row);
  if (shape?.plan === plan) return row;
  const subject = shape === undefined ? row : copyOf(row, shape);
  shapes.set(subject, { plan, names: [] });
  return subject;
}

function copyOf(row: object, { names }: Shape): object {
  const copy: object = Object.create(Object.getPrototypeOf(row));
  for (const name of Object.keys(row)) {
    if (!names.includes(name)) setValue(copy, name, valueOf(row, name));
  }
  const state = stateOf(row);
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

/** Computes the fields of a row, all at once; one that fails is told of and left out. */
async function compute(plan: ViewPlan, row: object): Promise<Map<string, unknown>> {
  const values = new Map<string, unknown>();
  const results = await Promise.allSettled(
    Array.from(plan.computed.values(), (method) => method.call(plan.self, row)),
  );
  [...plan.computed.keys()].forEach((name, index) => {
    const result = results[index]!;
    if (result.status === "fulfilled") values.set(name, result.value);
    else warnOfMethod(plan, row, name, result.reason);
  });
  return values;
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

/** Puts the fields on the row at once, in place of those of an earlier run. */
function settle(plan: ViewPlan, row: object, computed: ReadonlyMap<string, unknown>): void {
  const shape = shapes.get(row)!;
  for (const name of shape.names) Reflect.deleteProperty(row, name);
  const { related } = stateOf(row);
  const inlined = [...plan.recipe.inline].filter(([relation]) => related?.has(relation));
  for (const [relation, name] of inlined) setValue(row, name, related!.get(relation) ?? null);
  for (const [name, value] of computed) setValue(row, name, value);
  shape.names = [...inlined.map(([, name]) => name), ...computed.keys()];
  const hidden = new Set([...plan.recipe.exclude, ...inlined.map(([relation]) => relation)]);
  give(row, "toDict", hidden, dictValue);
  give(row, "toJSON", hidden, jsonValue);
}

/** Puts a method on a row where loops, spreads and comparisons do not see it. */
function give(
  row: object,
  method: "toDict" | "toJSON",
  hidden: ReadonlySet<string>,
  read: (value: unknown) => unknown,
): void {
  Object.defineProperty(row, method, {
    value: () =>
      Object.fromEntries(
        ownNames(row).filter((name) => !hidden.has(name))
          .map((name) => [name, read(valueOf(row, name))]),
      ),
    configurable: true,
    writable: true,
  });
}

/** A value as it is; rows in it as plain objects. */
function dictValue(value: unknown): unknown {
  if (isRow(value)) return (value as { toDict(): unknown }).toDict();
  return Array.isArray(value) ? value.map(dictValue) : value;
}
