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
import { builtin } from "./factories.ts";
import { Field, fieldSpec } from "./field.ts";
import { rangeLookups } from "./lookups/range.ts";

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

/** `int4range`. */
export function int4range(): Field<"range", Range<number>, RangeInput<number>> {
  return ranges("range", rangeCodec(int4, "int4range"), int4);
}

/** `int8range`. */
export function int8range(): Field<"range", Range<bigint>, RangeInput<bigint>> {
  return ranges("range", rangeCodec(int8, "int8range"), int8);
}

/** `numrange`. */
export function numrange(): Field<"range", Range<string>, RangeInput<string>> {
  return ranges("range", rangeCodec(numeric, "numrange"), numeric);
}

/** `tsrange`. */
export function tsrange(): Field<"range", Range<Date>, RangeInput<Date>> {
  return ranges("range", rangeCodec(timestampCodec, "tsrange"), timestampCodec);
}

/** `tstzrange`. */
export function tstzrange(): Field<"range", Range<Date>, RangeInput<Date>> {
  return ranges("range", rangeCodec(timestamptzCodec, "tstzrange"), timestamptzCodec);
}

/** `daterange`. */
export function daterange(): Field<"range", Range<string>, RangeInput<string>> {
  return ranges("range", rangeCodec(dateCodec, "daterange"), dateCodec);
}

/** `int4multirange`. */
export function int4multirange(): Field<"range", Range<number>[], readonly RangeInput<number>[]> {
  return ranges("multirange", multirangeCodec(int4, "int4multirange"), int4);
}

/** `int8multirange`. */
export function int8multirange(): Field<"range", Range<bigint>[], readonly RangeInput<bigint>[]> {
  return ranges("multirange", multirangeCodec(int8, "int8multirange"), int8);
}

/** `nummultirange`. */
export function nummultirange(): Field<"range", Range<string>[], readonly RangeInput<string>[]> {
  return ranges("multirange", multirangeCodec(numeric, "nummultirange"), numeric);
}

/** `tsmultirange`. */
export function tsmultirange(): Field<"range", Range<Date>[], readonly RangeInput<Date>[]> {
  return ranges("multirange", multirangeCodec(timestampCodec, "tsmultirange"), timestampCodec);
}

/** `tstzmultirange`. */
export function tstzmultirange(): Field<"range", Range<Date>[], readonly RangeInput<Date>[]> {
  return ranges(
    "multirange",
    multirangeCodec(timestamptzCodec, "tstzmultirange"),
    timestamptzCodec,
  );
}

/** `datemultirange`. */
export function datemultirange(): Field<"range", Range<string>[], readonly RangeInput<string>[]> {
  return ranges("multirange", multirangeCodec(dateCodec, "datemultirange"), dateCodec);
}
