import type { SparseVector } from "../../codec/vector.ts";
import { distanceOf, metricOf } from "../nearest.ts";
import type { NearestOptions } from "../types.ts";
import { Expr } from "./expr.ts";

/**
 * Gives the distance of a column to a vector, to show, filter and order by; NULL where the column is.
 * `nearest()` does all of this for the usual search.
 *
 * @throws {ValidationError} the metric is unknown; once the query is planned, the vector has another
 * dimension than the column
 * @throws {FieldError} once the query is planned, there is no such column
 *
 * @example
 * ```ts
 * import { integer, model, vector, vectorDistance } from "@matrx/orm";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), place: vector(2) }) {}
 * const query = Note.filter().annotate({ away: vectorDistance("place", [1, 0], { metric: "l2" }) })
 *   .filter({ away: { lt: 0.5 } }).orderBy("away");
 * console.log(query.toSql().text);
 * ```
 */
export function vectorDistance(
  column: string,
  vector: readonly number[] | SparseVector | string,
  options: NearestOptions = {},
): Expr<number | null> {
  const metric = metricOf("vectorDistance()", options);
  return new Expr((scope) => {
    const found = scope.meta.column(column);
    return distanceOf(scope, found, found.encode(vector), metric);
  });
}
