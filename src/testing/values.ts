/** Values of each type for rows of tests. */
import { ValidationError } from "../errors/base.ts";
import type { FieldSpec } from "../schema/spec.ts";
import type { Hint } from "./check/hints.ts";
import { textLike } from "./check/pattern.ts";
import type { Random } from "./random.ts";

/** What a value is made for. */
export interface Place {
  /** The property, from which text is made. */
  readonly property: string;
  /** The number of the row; values that must differ are made of it. */
  readonly number: number;
  /** Whether no two rows may have it. */
  readonly unique: boolean;
  /** What checks ask of it. */
  readonly hint: Hint;
  readonly random: Random;
}

/** Stands for a value of a type that factories know nothing of. */
export const NO_VALUE: unique symbol = Symbol("no value");

/** Makes a value of a column; `spec` has a type of its own. */
export function valueOfType(spec: FieldSpec, place: Place): unknown {
  const { parts, labels, type, codec } = spec;
  const { hint, random, number, unique } = place;
  if (hint.choices !== undefined) return chosen(spec, hint.choices, place);
  if (parts !== undefined) return ofParts(parts, place);
  if (labels !== undefined) return unique ? labels[number % labels.length] : random.pick(labels);
  if (spec.schema !== undefined) return fitting(spec);
  const name = codec?.name ?? type?.name ?? "";
  const named = type?.name ?? name;
  const maker = MAKERS[name] ?? MAKERS[named];
  if (maker !== undefined && Object.hasOwn(MAKERS, MAKERS[name] === undefined ? named : name)) {
    return asTaken(spec, maker(place, type?.modifiers ?? []));
  }
  return NO_VALUE;
}

/** A type that is known by its name alone takes text. */
function asTaken({ kind, codec }: FieldSpec, value: unknown): unknown {
  if (kind !== "other" || (typeof value !== "number" && typeof value !== "bigint")) return value;
  try {
    codec?.encode(value);
    return value;
  } catch (error) {
    if (error instanceof ValidationError) return String(value);
    throw error;
  }
}

type Maker = (place: Place, modifiers: readonly string[]) => unknown;

/** The type of the values that a column takes, for a value that a check names. */
function chosen(spec: FieldSpec, choices: NonNullable<Hint["choices"]>, place: Place): unknown {
  const given = choices.filter((one) => one !== null);
  if (given.length === 0) return null;
  const value = place.unique ? given[place.number % given.length] : place.random.pick(given);
  return toType(spec, value);
}

/** Turns a plain value into one that a column takes. */
export function toType(spec: FieldSpec, value: unknown): unknown {
  if (spec.parts?.kind === "domain") return toType(spec.parts.base, value);
  const name = spec.codec?.name ?? "";
  if (/^(?:int2|int4|oid|float4|float8)$/.test(name)) return Number(value);
  if (name === "int8") return BigInt(Math.round(Number(value)));
  if (name === "bool") return value === true || value === "t" || value === "true";
  return value === null || typeof value === "object" ? value : String(value);
}

function ofParts(parts: NonNullable<FieldSpec["parts"]>, place: Place): unknown {
  switch (parts.kind) {
    case "domain":
      return valueOfType(parts.base, place);
    case "array": {
      const item = valueOfType(parts.item, { ...place, hint: {} });
      return item === NO_VALUE ? [] : [item];
    }
    case "composite":
      return Object.fromEntries(parts.attributes.map(([name, spec]) => {
        const value = valueOfType(spec, { ...place, property: name, hint: {} });
        return [name, value === NO_VALUE ? null : value];
      }));
    case "range":
      return rangeOf(parts.bound, place);
    case "multirange":
      return [rangeOf(parts.bound, place)];
  }
}

function rangeOf(bound: FieldSpec, place: Place): unknown {
  // apart for each row, so that ranges that must not overlap do not
  const at = (number: number): unknown =>
    valueOfType(bound, { ...place, number, unique: true, hint: {} });
  const lower = at(place.number * 2);
  return lower === NO_VALUE ? { empty: true } : { lower, upper: at(place.number * 2 + 1) };
}

/** A value that a schema takes, of those that are tried. */
function fitting({ schema }: FieldSpec): unknown {
  const tried = [{}, [], "", 0, false, "x", 1, true, null];
  const fits = tried.find((value) => {
    const answer = schema?.["~standard"].validate(value);
    return answer !== undefined && !(answer instanceof Promise) && answer.issues === undefined;
  });
  return fits === undefined ? NO_VALUE : fits;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function within(
  { hint, number, unique, random }: Place,
  { low, high }: Bounds,
  step: number,
): number {
  const least = hint.low === undefined ? NaN : Number(hint.low.value) + (hint.low.open ? step : 0);
  const most = hint.high === undefined
    ? NaN
    : Number(hint.high.value) - (hint.high.open ? step : 0);
  const from = Number.isNaN(least)
    ? Number.isNaN(most) || most >= 1 ? Math.max(low, 1) : Math.max(low, most - 99)
    : least;
  const to = Number.isNaN(most) ? unique ? high : Math.min(high, Math.max(from, 0) + 99) : most;
  const first = Math.ceil(from / step);
  const count = Math.max(1, Math.floor(to / step) - first + 1);
  const place = unique ? (number - 1) % count : random.whole(0, Math.min(count, 1_000_000) - 1);
  return (first + place) * step;
}

const whole = (high: number): Maker => (place) => within(place, { low: -high - 1, high }, 1);

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);

function day(place: Place): number {
  const { low, high } = place.hint;
  const least = low === undefined ? NaN : Date.parse(String(low.value)) + (low.open ? DAY : 0);
  const most = high === undefined ? NaN : Date.parse(String(high.value)) - (high.open ? DAY : 0);
  const from = Number.isNaN(least) ? Number.isNaN(most) ? START : most - 364 * DAY : least;
  const to = Number.isNaN(most) ? from + 364 * DAY : most;
  const days = Math.max(1, Math.floor((to - from) / DAY) + 1);
  const count = place.unique && Number.isNaN(most) ? 1_000_000 : days;
  return from + (place.unique ? place.number % count : place.random.whole(0, days - 1)) * DAY;
}

const isoDay = (place: Place): string => new Date(day(place)).toISOString().slice(0, 10);

function words(place: Place, [limit]: readonly string[], pad: boolean): string {
  const { hint, number, property, unique, random } = place;
  const longest = Math.min(limit === undefined ? 1_000 : Number(limit), hint.longest ?? 1_000);
  if (hint.pattern !== undefined) {
    const text = textLike(hint.pattern, random);
    if (text !== undefined) return Array.from(text).slice(0, longest).join("");
  }
  const plain = /e_?mail/i.test(property) && longest > 20
    ? `user${number}@example.test`
    : `${property}_${number}`;
  const short = number.toString(36).padStart(pad ? longest : 1, "0");
  const text = plain.length <= longest
    ? plain
    : unique
    ? short.slice(-longest)
    : plain.slice(0, longest).trimEnd() || short.slice(-longest);
  return text.padEnd(Math.min(hint.shortest ?? 0, longest), "x");
}

const text: Maker = (place, modifiers) => words(place, modifiers, false);

function bits(number: number, length: number): string {
  return (number % 2 ** Math.min(length, 30)).toString(2).padStart(length, "0");
}

const bytes = (number: number): number[] =>
  [number >> 16, number >> 8, number].map((one) => one & 255);

const pairs = (numbers: readonly number[]): string =>
  numbers.map((one) => one.toString(16).padStart(2, "0")).join(":");

const dense: Maker = ({ random }, [dimensions]) =>
  Array.from({ length: Number(dimensions ?? 3) }, () => Math.round(random.next() * 1000) / 1000);

/** By the name of the type. */
const MAKERS: Readonly<Record<string, Maker>> = {
  int2: whole(32_767),
  int4: whole(2_147_483_647),
  int8: (place) => BigInt(whole(Number.MAX_SAFE_INTEGER)(place, []) as number),
  oid: whole(2_147_483_647),
  float4: (place) => within(place, { low: -1e6, high: 1e6 }, 0.5),
  float8: (place) => within(place, { low: -1e9, high: 1e9 }, 0.5),
  numeric(place, [precision = "12", scale = "2"]) {
    const step = 10 ** -Number(scale);
    const high = Math.min(10 ** (Number(precision) - Number(scale)) - step, 1e9);
    const value = within(
      place,
      { low: -high, high },
      place.hint.low?.open ? step : Math.min(1, Math.max(step, high)),
    );
    return value.toFixed(Math.max(0, Math.min(Number(scale), 20)));
  },
  money: (place) => within(place, { low: 0, high: 1e6 }, 1).toFixed(2),
  bool: ({ random, unique, number }) => unique ? number % 2 === 0 : random.next() < 0.5,
  text,
  varchar: text,
  citext: text,
  name: (place) => words(place, ["63"], false),
  bpchar: (place, modifiers) => words(place, modifiers, true),
  uuid: ({ random }) =>
    `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
  bytea: ({ number }) => new Uint8Array(bytes(number)),
  timestamptz: (place) => new Date(day(place)),
  timestamp: (place) => new Date(day(place)),
  date: isoDay,
  time: ({ number }) =>
    `${String(number % 24).padStart(2, "0")}:${String(number % 60).padStart(2, "0")}:00`,
  timetz: ({ number }) => `${String(number % 24).padStart(2, "0")}:00:00+00`,
  interval: ({ number }) => `P${number % 1000}DT1H`,
  json: () => ({}),
  jsonb: () => ({}),
  hstore: ({ number }) => ({ number: String(number) }),
  inet: ({ number }) => `10.${bytes(number).join(".")}`,
  cidr: ({ number }) => `10.${bytes(number).join(".")}/32`,
  macaddr: ({ number }) => pairs([2, 0, 0, ...bytes(number)]),
  macaddr8: ({ number }) => pairs([2, 0, 0, 0, 0, ...bytes(number)]),
  bit: ({ number }, [length = "1"]) => bits(number, Number(length)),
  varbit: ({ number }, [length = "8"]) => bits(number, Number(length)),
  tsvector: ({ number }) => `'word${number}':1`,
  tsquery: ({ number }) => `'word${number}'`,
  xml: ({ number }) => `<row number="${number}"/>`,
  ltree: ({ number }) => `root.n${number}`,
  point: ({ number }) => ({ x: number, y: number }),
  box: ({ number }) => `((${number + 1},1),(${number},0))`,
  line: () => "{1,-1,0}",
  lseg: () => "[(0,0),(1,1)]",
  path: () => "[(0,0),(1,1)]",
  polygon: () => "((0,0),(1,1),(1,0))",
  circle: ({ number }) => `<(${number},0),0.5>`,
  pg_lsn: ({ number }) => `0/${number.toString(16)}`,
  jsonpath: () => "$",
  vector: dense,
  halfvec: dense,
  sparsevec: (_, [dimensions]) => ({
    dimensions: Number(dimensions ?? 3),
    indices: [1],
    values: [1],
  }),
};
