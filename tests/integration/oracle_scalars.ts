/** The columns of one value each: how values are made, and what each operator means. */
import type { Random } from "../support/random/random.ts";

/** Operators on a column, and for which of its values they all hold. */
export type Test<Value> = readonly [
  operators: Readonly<Record<string, unknown>>,
  holds: (value: Value | null) => boolean,
];

/** A column: its kind in the table of operators, its values, its tests. */
export interface Column {
  /** The kind, as the table of operators has it. */
  readonly kind: string;
  /** Its type in the database. */
  readonly type: string;
  /** Makes a value that is not NULL. */
  readonly make: (random: Random) => unknown;
  /** Makes one test of each operator. */
  readonly tests: (random: Random) => readonly Test<never>[];
  /** Whether its tests must not stand together in one object. */
  readonly alone?: boolean;
}

/** What holds for values that are there, and never for NULL. */
export const known = <Value>(holds: (value: Value) => boolean) => (value: Value | null): boolean =>
  value !== null && holds(value);

/** How two values compare: below 0, 0, above 0. */
export type Compare<Value> = (one: Value, other: Value) => number;

/** Compares by `<`. */
export const plainly = <Value extends number | string | bigint>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** Compares what a function makes of values. */
export const by =
  <Value, Key extends number | string | bigint>(key: (value: Value) => Key): Compare<Value> =>
  (one, other) => plainly(key(one), key(other));

/** The operators of every column. */
export function common<Value>(
  random: Random,
  one: () => Value,
  compare: Compare<Value>,
): Test<Value>[] {
  const value = one();
  const list = random.many(3, one);
  const isNull = random.once(2);
  const same = (it: Value): boolean => compare(it, value) === 0;
  const listed = (it: Value): boolean => list.some((each) => compare(it, each) === 0);
  return [
    [{ eq: value }, known(same)],
    [{ ne: value }, (it) => it === null || !same(it)],
    [{ eq: null }, (it) => it === null],
    [{ ne: null }, (it) => it !== null],
    [{ in: list }, known(listed)],
    [{ notIn: list }, (it) => it === null || !listed(it)],
    [{ isNull }, (it) => (it === null) === isNull],
  ];
}

/** The operators of every column whose values have an order. */
export function ordered<Value>(
  random: Random,
  one: () => Value,
  compare: Compare<Value>,
): Test<Value>[] {
  const [low, high] = [one(), one()];
  return [
    ...common(random, one, compare),
    [{ gt: low }, known((it) => compare(it, low) > 0)],
    [{ gte: low }, known((it) => compare(it, low) >= 0)],
    [{ lt: low }, known((it) => compare(it, low) < 0)],
    [{ lte: low }, known((it) => compare(it, low) <= 0)],
    [{ between: [low, high] }, known((it) => compare(it, low) >= 0 && compare(it, high) <= 0)],
  ];
}

/** Some words, those among them that LIKE would read as patterns. */
export const WORDS: readonly string[] = ["", "a", "b", "ab", "A", "a%b", "a_b", "a\\b", "%", "ba"];

const PATTERNS: readonly string[] = ["a%", "%b", "_b", "a\\%b", "%\\\\%", "\\_", "%", "", "a_b"];

const REGEXES: readonly (readonly [string, string])[] = [
  ["^a.?$", ""],
  ["b$", ""],
  ["^A", ""],
  ["[%_]", ""],
  ["a\\\\b", ""],
];

/** Whether a text fits a pattern of LIKE, read sign by sign. */
export function isLike(text: string, pattern: string): boolean {
  let regex = "";
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at]!;
    if (sign === "%") regex += "[^]*";
    else if (sign === "_") regex += "[^]";
    else {
      const literal = sign === "\\" ? pattern[++at]! : sign;
      regex += literal.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    }
  }
  return new RegExp(`^${regex}$`, "u").test(text);
}

/** The operators that look at a text. */
export function textual(random: Random): Test<string>[] {
  const word = random.of(WORDS);
  const lower = word.toLowerCase();
  const low = (it: string): string => it.toLowerCase();
  const pattern = random.of(PATTERNS);
  const [regex] = random.of(REGEXES);
  return [
    [{ contains: word }, known((it) => it.includes(word))],
    [{ icontains: word }, known((it) => low(it).includes(lower))],
    [{ startsWith: word }, known((it) => it.startsWith(word))],
    [{ istartsWith: word }, known((it) => low(it).startsWith(lower))],
    [{ endsWith: word }, known((it) => it.endsWith(word))],
    [{ iendsWith: word }, known((it) => low(it).endsWith(lower))],
    [{ iexact: word }, known((it) => low(it) === lower)],
    [{ like: pattern }, known((it) => isLike(it, pattern))],
    [{ ilike: pattern.toUpperCase() }, known((it) => isLike(low(it), pattern.toLowerCase()))],
    [{ regex }, known((it) => new RegExp(regex).test(it))],
    [{ iregex: regex }, known((it) => new RegExp(regex, "i").test(it))],
  ];
}

const orderedColumn = <Value>(
  kind: string,
  type: string,
  make: (random: Random) => Value,
  compare: Compare<Value>,
): Column => ({
  kind,
  type,
  make,
  tests: (random) => ordered(random, () => make(random), compare) as Test<never>[],
});

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const MOODS = ["sad", "ok", "happy"];
const INTERVALS: Readonly<Record<string, number>> = {
  P1D: 86_400,
  PT24H: 86_400,
  P1M: 30 * 86_400,
  P30D: 30 * 86_400,
  PT1S: 1,
  PT0S: 0,
  "P-1D": -86_400,
};

/** What PostgreSQL takes a float for in an order: NaN is the greatest, and equals itself. */
const floatKey = (it: number): number => Number.isNaN(it) ? Number.MAX_VALUE : it;

/** A whole number near zero. */
export const small = (random: Random): number => random.below(7) - 3;

/** The columns of one value, by property. */
export const SCALARS: Readonly<Record<string, Column>> = {
  n: orderedColumn("number", "int", small, plainly),
  m: orderedColumn("number", "int", small, plainly),
  big: orderedColumn(
    "number",
    "bigint",
    (random) => 9_007_199_254_740_992n + BigInt(random.below(4)),
    plainly,
  ),
  // the same number in several forms
  amount: orderedColumn(
    "number",
    "numeric",
    (random) => random.of(["1.50", "1.5", "-2", "0", "-0.00", "10", "9.99", "1e1"]),
    by(Number),
  ),
  rate: orderedColumn(
    "number",
    "float8",
    (random) => random.of([NaN, -Infinity, 0, -0, 1.5, 0.1, 1e300]),
    by(floatKey),
  ),
  s: {
    kind: "text",
    type: 'text collate "C"',
    make: (random) => random.of(WORDS),
    tests: (random) => [...ordered(random, () => random.of(WORDS), plainly), ...textual(random)],
  },
  f: {
    kind: "boolean",
    type: "boolean",
    make: (random) => random.once(2),
    tests: (random) => common(random, () => random.once(2), by(Number)),
  },
  mood: orderedColumn(
    "enum",
    "mood",
    (random) => random.of(MOODS),
    by((it) => MOODS.indexOf(it)),
  ),
  day: orderedColumn(
    "date",
    "date",
    (random) => `2024-02-${27 + random.below(3)}`,
    plainly,
  ),
  at: orderedColumn(
    "date",
    "timestamptz",
    (random) => new Date(Date.UTC(2024, 2, 31, random.below(4), 0, 0, random.below(2))),
    by(Number),
  ),
  took: orderedColumn(
    "date",
    "interval",
    (random) => random.of(Object.keys(INTERVALS)),
    by((it) => INTERVALS[it]!),
  ),
  key: orderedColumn(
    "uuid",
    "uuid",
    (random) => `0${random.below(3)}000000-0000-4000-8000-00000000000${random.of(["a", "A", "0"])}`,
    by((it) => it.toLowerCase()),
  ),
  bytes: orderedColumn(
    "bytes",
    "bytea",
    (random) => new Uint8Array(random.many(2, () => random.of([0, 39, 92, 255]))),
    by(hex),
  ),
  mac: orderedColumn(
    "other",
    "macaddr",
    (random) => `08:00:2b:01:02:0${random.below(4)}`,
    plainly,
  ),
};
