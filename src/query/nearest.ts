import { shownName } from "../errors/argument.ts";
import { binary, column, param } from "../ast/make.ts";
import type { VectorOperator } from "../ast/operators.ts";
import { float8 } from "../codec/number.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import { checkOptions } from "../schema/known_options.ts";
import type { ColumnMeta } from "../schema/meta.ts";
import { meant } from "../util/nearest.ts";
import { Computed } from "./expr/computed.ts";
import type { Scope, Typed } from "./expr/scope.ts";
import type { QueryState } from "./state.ts";
import type { NearestOptions } from "./types.ts";

const METRICS: ReadonlySet<VectorOperator> = new Set(
  ["cosine", "l2", "inner", "l1", "hamming", "jaccard"] as const,
);

/** The property that gets the distance. */
const DISTANCE = "distance";

/** Adds the distance of a column to a vector to each row and orders by it, before any other order. */
export function nearest(
  state: QueryState,
  name: string,
  vector: unknown,
  options: NearestOptions,
): QueryState {
  const { meta } = state.model;
  const metric = metricOf("nearest()", options);
  const found = meta.column(name);
  if (meta.findColumn(DISTANCE) !== undefined) {
    throw new FieldError(`${meta.label} has a field "${DISTANCE}" of its own`, {
      code: "name_taken",
      hint: `Name that property otherwise and keep its column with .column("...")`,
    });
  }
  const text = found.encode(vector);
  const distance = new Computed((scope) => distanceOf(scope, found, text, metric));
  const present = { [name]: { isNull: false } };
  return {
    ...state,
    where: [...state.where, { input: present, negated: false, node: null }],
    extras: [...state.extras, { property: DISTANCE, expr: distance, before: state.extras.length }],
    // by its name: a query that does not show the distance is ordered by the expression itself
    order: [{ input: DISTANCE, node: null }, ...state.order],
  };
}

/**
 * The metric that options name; `cosine` where they name none.
 *
 * @throws {ValidationError} there is no such metric or option
 */
export function metricOf(call: string, options: NearestOptions): VectorOperator {
  checkOptions(call, options, ["metric"]);
  const { metric = "cosine" } = options;
  if (!METRICS.has(metric)) throw unknownMetric(metric);
  return metric;
}

/** The distance of a column to a vector that is written as text. */
export function distanceOf(
  scope: Scope,
  { name }: ColumnMeta,
  text: string | null,
  metric: VectorOperator,
): Typed {
  return { node: binary(metric, column(scope.alias, name), param(text)), codec: float8 };
}

function unknownMetric(metric: string): ValidationError {
  return new ValidationError(`There is no metric "${shownName(metric)}"`, {
    code: "unknown_metric",
    hint: meant(metric, METRICS, `The metrics are ${[...METRICS].join(", ")}`),
  });
}
