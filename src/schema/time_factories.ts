/** The factories of dates, times and durations. */
import { interval as intervalCodec, type IntervalInput } from "../codec/interval.ts";
import { textCodec } from "../codec/text.ts";
import {
  date as dateCodec,
  timestamp as timestampCodec,
  timestamptz as timestamptzCodec,
} from "../codec/timestamp.ts";
import type { Field } from "./field.ts";
import { given, make } from "./make_field.ts";

/**
 * `timestamp with time zone(precision)`: an instant. Reading cuts microseconds to milliseconds;
 * `timestamptzText` keeps them.
 *
 * @example
 * ```ts
 * import { sql, timestamptz } from "@matrx/orm";
 *
 * const createdAt = timestamptz().default(sql`now()`);
 * ```
 */
export function timestamptz(precision?: number): Field<"date", Date, Date | string> {
  return make("date", timestamptzCodec, given(precision));
}

/**
 * `timestamp(precision)` without a time zone, read and written as UTC.
 *
 * @example
 * ```ts
 * import { timestamp } from "@matrx/orm";
 *
 * const opensAt = timestamp(0);
 * ```
 */
export function timestamp(precision?: number): Field<"date", Date, Date | string> {
  return make("date", timestampCodec, given(precision));
}

/**
 * `timestamp with time zone(precision)` as the server words it, to the microsecond.
 *
 * @example
 * ```ts
 * import { timestamptzText } from "@matrx/orm";
 *
 * const changedAt = timestamptzText(); // "2030-01-31 12:00:00.123456+00"
 * ```
 */
export function timestamptzText(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("timestamptz"), given(precision));
}

/**
 * `timestamp(precision)` as the server words it, to the microsecond.
 *
 * @example
 * ```ts
 * import { timestampText } from "@matrx/orm";
 *
 * const changedAt = timestampText(); // "2030-01-31 12:00:00.123456"
 * ```
 */
export function timestampText(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("timestamp"), given(precision));
}

/**
 * `date`: a calendar day as `YYYY-MM-DD`.
 *
 * @example
 * ```ts
 * import { date, model } from "@matrx/orm";
 *
 * class Invoice extends model("invoices", { due: date() }) {}
 * const query = Invoice.filter({ due: { lt: "2030-01-31" } });
 * console.log(query.toSql().params);
 * ```
 */
export function date(): Field<"date", string, string | Date> {
  return make("date", dateCodec);
}

/**
 * `time(precision)`: a time of day as text.
 *
 * @example
 * ```ts
 * import { time } from "@matrx/orm";
 *
 * const opens = time(0).default("09:00");
 * ```
 */
export function time(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("time"), given(precision));
}

/**
 * `time with time zone(precision)`: a time of day as text.
 *
 * @example
 * ```ts
 * import { timetz } from "@matrx/orm";
 *
 * const departs = timetz();
 * ```
 */
export function timetz(precision?: number): Field<"date", string, string> {
  return make("date", textCodec("timetz"), given(precision));
}

/**
 * `interval`: a duration in ISO 8601, such as `P1DT2H`. `interval("day to second", 3)` and
 * `interval(3)` limit it.
 *
 * @example
 * ```ts
 * import { interval } from "@matrx/orm";
 *
 * const length = interval().default({ hours: 2 });
 * const days = interval("day");
 * ```
 */
export function interval(
  fields?: string | number,
  precision?: number,
): Field<"date", string, string | IntervalInput> {
  const modifiers = [fields, precision].filter((modifier) => modifier !== undefined);
  return make("date", intervalCodec, modifiers);
}
