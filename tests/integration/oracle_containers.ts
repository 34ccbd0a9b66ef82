/** Columns that hold several things: arrays, ranges, hstore, networks, documents, vectors. */
import {
  by,
  type Column,
  common,
  type Compare,
  known,
  ordered,
  plainly,
  type Test,
} from "./oracle_scalars.ts";
import type { Random } from "../support/random/random.ts";

type List = readonly (number | null)[];

/** Arrays compare item by item, NULL above all, a shorter one below its own continuation. */
const compareLists: Compare<List> = (one, other) => {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const order = plainly(one[at] ?? Infinity, other[at] ?? Infinity);
    if (order !== 0) return order;
  }
  return one.length - other.length;
};

const list = (random: Random): List =>
  random.many(3, () => random.once(4) ? null : random.below(4));

function lists(random: Random): Test<List>[] {
  const some = list(random);
  const one = random.below(4);
  const size = random.below(4);
  // NULL equals nothing where items are looked for
  const has = (it: List, item: number | null): boolean => item !== null && it.includes(item);
  return [
    ...ordered(random, () => list(random), compareLists),
    [{ contains: some }, known((it) => some.every((item) => has(it, item)))],
    [{ containedBy: some }, known((it) => it.every((item) => has(some, item)))],
    [{ overlaps: some }, known((it) => some.some((item) => has(it, item)))],
    [{ has: one }, known((it) => it.includes(one))],
    [{ isEmpty: true }, known((it) => it.length === 0)],
    [{ isEmpty: false }, known((it) => it.length > 0)],
    [{ length: size }, known((it) => it.length === size)],
    [
      { length: { gte: size, lt: size + 2 } },
      known((it) => it.length >= size && it.length < size + 2),
    ],
    [{ length: { eq: size } }, known((it) => it.length === size)],
    [{ length: { gt: size, lte: 3 } }, known((it) => it.length > size && it.length <= 3)],
  ];
}

/** A range of whole numbers as the ORM gives it. */
interface Span {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly empty: boolean;
}

const EMPTY: Span = {
  lower: null,
  upper: null,
  lowerInclusive: false,
  upperInclusive: false,
  empty: true,
};

const spanOf = (lower: number | null, upper: number | null): Span => ({
  lower,
  upper,
  lowerInclusive: lower !== null,
  upperInclusive: false,
  empty: false,
});

function span(random: Random): Span {
  if (random.once(6)) return EMPTY;
  const from = random.below(8) - 4;
  return spanOf(random.once(5) ? null : from, random.once(5) ? null : from + 1 + random.below(4));
}

/** Ranges apart from each other, in their order. */
function spans(random: Random): readonly Span[] {
  const made: Span[] = [];
  for (let at = random.below(5) - 5; made.length < 3 && random.below(4) > 0;) {
    const end = at + 1 + random.below(2);
    made.push(spanOf(at, end));
    at = end + 1 + random.below(2);
  }
  return made;
}

const low = (it: readonly Span[]): number => it[0]?.lower ?? -Infinity;
const high = (it: readonly Span[]): number => it.at(-1)?.upper ?? Infinity;

const compareSpans: Compare<readonly Span[]> = (one, other) => {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const [a, b] = [[one[at]!], [other[at]!]];
    const order = plainly(low(a), low(b)) || plainly(high(a), high(b));
    if (order !== 0) return order;
  }
  return one.length - other.length;
};

/** The whole numbers of ranges, as far as any bound here lies, and one on each side beyond. */
const points = (it: readonly Span[]): number[] =>
  Array.from({ length: 41 }, (_, index) => index - 20)
    .filter((point) => it.some((each) => low([each]) <= point && point < high([each])));

/** The operators of ranges and multiranges, over what either of them is: ranges apart. */
function ranges<Value>(
  random: Random,
  one: () => Value,
  parts: (value: Value) => readonly Span[],
): Test<Value>[] {
  const value = one();
  const there = parts(value);
  const inside = points(there);
  const point = random.below(8) - 4;
  const set = (holds: (it: readonly Span[]) => boolean) => known<Value>((it) => holds(parts(it)));
  const full = (holds: (it: readonly Span[]) => boolean) =>
    set((it) => it.length > 0 && there.length > 0 && holds(it));
  const compare: Compare<Value> = (a, b) => compareSpans(parts(a), parts(b));
  return [
    ...ordered(random, one, compare),
    [{ contains: value }, set((it) => inside.every((each) => points(it).includes(each)))],
    [{ containedBy: value }, set((it) => points(it).every((each) => inside.includes(each)))],
    [{ overlaps: value }, set((it) => points(it).some((each) => inside.includes(each)))],
    [{ containsValue: point }, set((it) => points(it).includes(point))],
    [{ isEmpty: true }, set((it) => it.length === 0)],
    [{ isEmpty: false }, set((it) => it.length > 0)],
    [{ adjacent: value }, full((it) => high(it) === low(there) || low(it) === high(there))],
    [{ strictlyLeft: value }, full((it) => high(it) <= low(there))],
    [{ strictlyRight: value }, full((it) => low(it) >= high(there))],
    [{ notRightOf: value }, full((it) => high(it) <= high(there))],
    [{ notLeftOf: value }, full((it) => low(it) >= low(there))],
  ];
}

type Pairs = Readonly<Record<string, string | null>>;

const pairs = (random: Random): Pairs =>
  Object.fromEntries(
    random.many(3, () => [random.of(["a", "b", "eq", 'q"'])!, random.of(["1", "2", null, ""])]),
  );

const pairsText = (it: Pairs): string =>
  JSON.stringify(Object.keys(it).sort().map((key) => [key, it[key]]));

function hstores(random: Random): Test<Pairs>[] {
  const some = pairs(random);
  const keys = random.many(2, () => random.of(["a", "b", 'q"']));
  const within = (inner: Pairs, outer: Pairs): boolean =>
    Object.keys(inner).every((key) => Object.hasOwn(outer, key) && outer[key] === inner[key]);
  return [
    ...common(random, () => pairs(random), by(pairsText)),
    [{ contains: some }, known((it) => within(some, it))],
    [{ containedBy: some }, known((it) => within(it, some))],
    [{ hasKey: "a" }, known((it) => Object.hasOwn(it, "a"))],
    [{ hasAnyKey: keys }, known((it) => keys.some((key) => Object.hasOwn(it, key)))],
    [{ hasAllKeys: keys }, known((it) => keys.every((key) => Object.hasOwn(it, key)))],
  ];
}

const HOSTS = [
  ...["10.0.0.1", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "10.1.2.3/16", "0.0.0.0/0"],
  ...["192.168.1.5", "::1", "2001:db8::/32", "2001:db8::1"],
];

interface Net {
  readonly family: number;
  readonly bits: number;
  readonly prefix: number;
  readonly value: bigint;
}

function net(text: string): Net {
  const [address, length] = text.split("/") as [string, string | undefined];
  const v6 = address.includes(":");
  const bits = v6 ? 128 : 32;
  let value = 0n;
  if (v6) {
    const [head, tail] = address.split("::").map((part) => part.split(":").filter(Boolean));
    const groups = [...head!, ...Array(8 - head!.length - tail!.length).fill("0"), ...tail!];
    for (const group of groups) value = (value << 16n) | BigInt(`0x${group}`);
  } else for (const part of address.split(".")) value = (value << 8n) | BigInt(part);
  return { family: v6 ? 6 : 4, bits, prefix: Number(length ?? bits), value };
}

const head = (it: Net, prefix: number): bigint => it.value >> BigInt(it.bits - prefix);

const compareNets: Compare<string> = (one, other) => {
  const [a, b] = [net(one), net(other)];
  const common = Math.min(a.prefix, b.prefix);
  return plainly(a.family, b.family) || plainly(head(a, common), head(b, common)) ||
    plainly(a.prefix, b.prefix) || plainly(a.value, b.value);
};

function holdsNet(outer: string, inner: string, orEqual: boolean): boolean {
  const [a, b] = [net(outer), net(inner)];
  const fits = orEqual ? a.prefix <= b.prefix : a.prefix < b.prefix;
  return a.family === b.family && fits && head(a, a.prefix) === head(b, a.prefix);
}

function networks(random: Random): Test<string>[] {
  const other = random.of(HOSTS);
  return [
    ...ordered(random, () => random.of(HOSTS), compareNets),
    [{ contains: other }, known((it) => holdsNet(it, other, true))],
    [{ containedBy: other }, known((it) => holdsNet(other, it, true))],
    [{ strictlyContains: other }, known((it) => holdsNet(it, other, false))],
    [{ strictlyContainedBy: other }, known((it) => holdsNet(other, it, false))],
    [{ overlaps: other }, known((it) => holdsNet(it, other, true) || holdsNet(other, it, true))],
    [{ family: 4 }, known((it) => net(it).family === 4)],
    [{ family: { gt: 4 } }, known((it) => net(it).family > 4)],
  ];
}

const TERMS = ["red", "green", "blue"];

/** A document as the server writes it, each word with its place. */
function body(random: Random): string {
  const words = random.many(3, () => random.of(TERMS));
  const places = Map.groupBy(
    words.map((word, index) => [word, index + 1] as const),
    ([word]) => word,
  );
  return [...places].sort(([one], [other]) => plainly(one, other))
    .map(([word, at]) => `'${word}':${at.map(([, place]) => place).join(",")}`).join(" ");
}

/** The words of a document in their order. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [, word, places] of text.matchAll(/'(\w+)':([\d,]+)/g)) {
    for (const place of places!.split(",")) words[Number(place) - 1] = word!;
  }
  return words;
}

function searches(random: Random): Test<string>[] {
  const [a, b] = [random.of(TERMS), random.of(TERMS)];
  const config = "simple";
  const has = (holds: (words: readonly string[]) => boolean) =>
    known<string>((it) => holds(wordsOf(it)));
  const follows = (words: readonly string[]): boolean =>
    words.some((word, at) => word === a && words[at + 1] === b);
  return [
    ...common(random, () => body(random), plainly),
    [{ plain: `${a} ${b}` }, has((it) => it.includes(a) && it.includes(b))],
    [{ phrase: { query: `${a} ${b}`, config } }, has(follows)],
    [{ search: { query: `${a} -${b}`, config } }, has((it) => it.includes(a) && !it.includes(b))],
    [{ search: `${a} or ${b}` }, has((it) => it.includes(a) || it.includes(b))],
    [
      { matches: { query: `${a} & !${b}`, config } },
      has((it) => it.includes(a) && !it.includes(b)),
    ],
    [
      { matches: { query: `${a[0]}:*`, config } },
      has((it) => it.some((word) => word.startsWith(a[0]!))),
    ],
  ];
}

type Vector = readonly number[];

const vector = (random: Random): Vector => [1 + random.below(3), random.below(3) - 1];

function vectors(random: Random): Test<Vector>[] {
  const to = vector(random);
  const [x, y] = to as [number, number];
  const dot = ([a, b]: Vector): number => a! * x + b! * y;
  const distances: Record<string, (it: Vector) => number> = {
    l2: ([a, b]) => Math.hypot(a! - x, b! - y),
    l1: ([a, b]) => Math.abs(a! - x) + Math.abs(b! - y),
    inner: (it) => -dot(it),
    cosine: (it) => 1 - dot(it) / Math.hypot(...it) / Math.hypot(x, y),
  };
  const metric = random.of(Object.keys(distances));
  // never where a distance of these vectors lies, so that rounding decides nothing
  const within = metric === "cosine" ? 0.05 : random.of([-0.25, 0.75, 1.25, 2.1]);
  const close = known<Vector>((it) => distances[metric]!(it) <= within);
  return [
    ...common(random, () => vector(random), by(String)),
    [{ near: { to, within, metric } }, close],
    [{ near: { to, within: 0.05 } }, known((it) => distances["cosine"]!(it) <= 0.05)],
  ];
}

/** The columns of several things, by property. */
export const CONTAINERS: Readonly<Record<string, Column>> = {
  list: { kind: "array", type: "int[]", make: list, tests: lists },
  span: {
    kind: "range",
    type: "int4range",
    make: span,
    tests: (random) => ranges(random, () => span(random), (it) => it.empty ? [] : [it]),
  },
  spans: {
    kind: "range",
    type: "int4multirange",
    make: spans,
    tests: (random) => ranges(random, () => spans(random), (it) => it),
  },
  tags: { kind: "hstore", type: "hstore", make: pairs, tests: hstores },
  host: { kind: "network", type: "inet", make: (random) => random.of(HOSTS), tests: networks },
  body: { kind: "search", type: "tsvector", make: body, tests: searches },
};

/** Vectors, where the server has them. */
export const VECTORS: Readonly<Record<string, Column>> = {
  v: { kind: "vector", type: "vector(2)", make: vector, tests: vectors },
};
