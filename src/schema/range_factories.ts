/** The factories of PostgreSQL's own range and multirange types. */
import type { AnyCodec } from "../codec/codec.ts";
import { int4, int8 } from "../codec/number.ts";
import { numeric } from "../codec/numeric.ts";
import { multirangeCodec, type Range, rangeCodec, type RangeInput } from "../codec/range.ts";
import {
  date as dateCodec,
  timestamp as timestampCodec,
  timestamptz as timestamptzCodec,
} from "../codec/timestamp.ts";
import { Field, fieldSpec } from "./field.ts";
import { rangeLookups } from "./lookups/range.ts";
import { builtin } from "./make_field.ts";

/** A field of a range or multirange type, over the type that a codec of its bounds names. */
function ranges<Read, Write>(
  kind: "range" | "multirange",
  codec: AnyCodec,
  bound: AnyCodec,
): Field<"range", Read, Write> {
  const made = fieldSpec("range", builtin(codec.name), codec, rangeLookups);
  return new Field({
    ...made,
    parts: { kind, bound: fieldSpec("other", builtin(bound.name), bound) },
  });
}

/**
 * `int4range`.
 *
 * @example
 * ```ts
 * import { int4range, model } from "@matrx/orm";
 *
 * class Stay extends model("stays", { during: int4range() }) {}
 * const stay = new Stay({ during: { lower: 1, upper: 10 } });
 * console.log(stay.during);
 * ```
 */
export function int4range(): Field<"range", Range<number>, RangeInput<number>> {
  return ranges("range", rangeCodec(int4, "int4range"), int4);
}

/**
 * `int8range`.
 *
 * @example
 * ```ts
 * import { int8range, model } from "@matrx/orm";
 *
 * class Stay extends model("stays", { during: int8range() }) {}
 * const stay = new Stay({ during: { lower: 1n, upper: 10n } });
 * console.log(stay.during);
 * ```
 */
export function int8range(): Field<"range", Range<bigint>, RangeInput<bigint>> {
  return ranges("range", rangeCodec(int8, "int8range"), int8);
}

/**
 * `numrange`.
 *
 * @example
 * ```ts
 * import { model, numrange } from "@matrx/orm";
 *
 * class Stay extends model("stays", { during: numrange() }) {}
 * const stay = new Stay({ during: { lower: "0.5", upper: null } });
 * console.log(stay.during);
 * ```
 */
export function numrange(): Field<"range", Range<string>, RangeInput<string>> {
  return ranges("range", rangeCodec(numeric, "numrange"), numeric);
}

/**
 * `tsrange`.
 *
 * @example
 * ```ts
 * import { model, tsrange } from "@matrx/orm";
 *
 * class Stay extends model("stays", { during: tsrange() }) {}
 * const stay = new Stay({ during: { lower: new Date("2030-01-01"), upper: null } });
 * console.log(stay.during);
 * ```
 */
export function tsrange(): Field<"range", Range<Date>, RangeInput<Date>> {
  return ranges("range", rangeCodec(timestampCodec, "tsrange"), timestampCodec);
}

/**
 * `tstzrange`.
 *
 * @example
 * ```ts
 * import { model, tstzrange } from "@matrx/orm";
 *
 * class Stay extends model("stays", { during: tstzrange() }) {}
 * const stay = new Stay({ during: { lower: new Date("2030-01-01"), upper: null } });
 * console.log(stay.during);
 * ```
 */
export function tstzrange(): Field<"range", Range<Date>, RangeInput<Date>> {
  return ranges("range", rangeCodec(timestamptzCodec, "tstzrange"), timestamptzCodec);
}

/**
 * `daterange`.
 *
 * @example
 * ```ts
 * import { daterange, model } from "@matrx/orm";
 *
 * class Stay extends model("stays", { during: daterange() }) {}
 * const stay = new Stay({ during: { lower: "2030-01-01", upper: "2030-02-01" } });
 * console.log(stay.during);
 * ```
 */
export function daterange(): Field<"range", Range<string>, RangeInput<string>> {
  return ranges("range", rangeCodec(dateCodec, "daterange"), dateCodec);
}

/**
 * `int4multirange`.
 *
 * @example
 * ```ts
 * import { int4multirange, model } from "@matrx/orm";
 *
 * class Season extends model("seasons", { open: int4multirange() }) {}
 * const season = new Season({ open: [{ lower: 1, upper: 10 }] });
 * console.log(season.open);
 * ```
 */
export function int4multirange(): Field<"range", Range<number>[], readonly RangeInput<number>[]> {
  return ranges("multirange", multirangeCodec(int4, "int4multirange"), int4);
}

/**
 * `int8multirange`.
 *
 * @example
 * ```ts
 * import { int8multirange, model } from "@matrx/orm";
 *
 * class Season extends model("seasons", { open: int8multirange() }) {}
 * const season = new Season({ open: [{ lower: 1n, upper: 10n }] });
 * console.log(season.open);
 * ```
 */
export function int8multirange(): Field<"range", Range<bigint>[], readonly RangeInput<bigint>[]> {
  return ranges("multirange", multirangeCodec(int8, "int8multirange"), int8);
}

/**
 * `nummultirange`.
 *
 * @example
 * ```ts
 * import { model, nummultirange } from "@matrx/orm";
 *
 * class Season extends model("seasons", { open: nummultirange() }) {}
 * const season = new Season({ open: [{ lower: "0.5", upper: null }] });
 * console.log(season.open);
 * ```
 */
export function nummultirange(): Field<"range", Range<string>[], readonly RangeInput<string>[]> {
  return ranges("multirange", multirangeCodec(numeric, "nummultirange"), numeric);
}

/**
 * `tsmultirange`.
 *
 * @example
 * ```ts
 * import { model, tsmultirange } from "@matrx/orm";
 *
 * class Season extends model("seasons", { open: tsmultirange() }) {}
 * const season = new Season({ open: [{ lower: new Date("2030-01-01"), upper: null }] });
 * console.log(season.open);
 * ```
 */
export function tsmultirange(): Field<"range", Range<Date>[], readonly RangeInput<Date>[]> {
  return ranges("multirange", multirangeCodec(timestampCodec, "tsmultirange"), timestampCodec);
}

/**
 * `tstzmultirange`.
 *
 * @example
 * ```ts
 * import { model, tstzmultirange } from "@matrx/orm";
 *
 * class Season extends model("seasons", { open: tstzmultirange() }) {}
 * const season = new Season({ open: [{ lower: new Date("2030-01-01"), upper: null }] });
 * console.log(season.open);
 * ```
 */
export function tstzmultirange(): Field<"range", Range<Date>[], readonly RangeInput<Date>[]> {
  return ranges(
    "multirange",
    multirangeCodec(timestamptzCodec, "tstzmultirange"),
    timestamptzCodec,
  );
}

/**
 * `datemultirange`.
 *
 * @example
 * ```ts
 * import { datemultirange, model } from "@matrx/orm";
 *
 * class Season extends model("seasons", { open: datemultirange() }) {}
 * const season = new Season({ open: [{ lower: "2030-01-01", upper: "2030-02-01" }] });
 * console.log(season.open);
 * ```
 */
export function datemultirange(): Field<"range", Range<string>[], readonly RangeInput<string>[]> {
  return ranges("multirange", multirangeCodec(dateCodec, "datemultirange"), dateCodec);
}
