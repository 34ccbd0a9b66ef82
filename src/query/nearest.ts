import { binary, column, param } from "../ast/make.ts";
import type { VectorOperator } from "../ast/nodes.ts";
import { builtinCodec } from "../codec/registry.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import { nearest as nearestName } from "../util/nearest.ts";
import { type QueryState, withWhere } from "./state.ts";
import type { NearestOptions } from "./types.ts";
import { ROOT } from "./where.ts";

const METRICS: ReadonlySet<VectorOperator> = new Set(
  ["cosine", "l2", "inner", "l1", "hamming", "jaccard"] as const,
);

/** The property that gets the distance. */
const DISTANCE = "distance";

/** Orders by the distance of a column to a vector and adds the distance to each row. */
export function nearest(
  state: QueryState,
  name: string,
  vector: unknown,
  options: NearestOptions,
): QueryState {
  const { meta } = state.model;
  const { metric = "cosine" } = options;
  if (!METRICS.has(metric)) throw unknownMetric(metric);
  const found = meta.column(name);
  if (meta.findColumn(DISTANCE) !== undefined) {
    throw new FieldError(`${meta.label} has a field "${DISTANCE}" of its own`, {
      code: "name_taken",
      hint: `Name that property otherwise and keep its column with .column("...")`,
    });
  }
  const target = column(ROOT, found.name);
  const expression = binary(metric, target, param(found.encode(vector)));
  const present = withWhere(state, { kind: "isNull", negated: true, item: target });
  return {
    ...present,
    extras: [...state.extras, { property: DISTANCE, expression, codec: builtinCodec("float8")! }],
    // the name of the output column stands for the same expression, so that an index can serve it
    order: [
      { kind: "order", expression: column(null, DISTANCE), descending: false, nulls: null },
      ...state.order,
    ],
  };
}

function unknownMetric(metric: string): ValidationError {
  const near = nearestName(metric, METRICS);
  const list = `The metrics are ${[...METRICS].join(", ")}`;
  return new ValidationError(`There is no metric "${metric}"`, {
    code: "unknown_metric",
    hint: near === undefined ? list : `Did you mean "${near}"? ${list}`,
  });
}
