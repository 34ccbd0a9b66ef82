/** Random filters, each with a model of its documented meaning in plain JavaScript. */
import { F, Q, type QCondition } from "../../mod.ts";

/** How many rows there are. */
export const ROWS = 80;

/** A span of whole numbers: from, and up to but without. Null ends are open. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

/** A row as plain data. */
export interface Cell {
  readonly id: number;
  readonly n: number | null;
  readonly m: number | null;
  readonly s: string | null;
  readonly f: boolean | null;
  readonly parentId: number | null;
  readonly list: readonly (number | null)[] | null;
  readonly doc: unknown;
  readonly span: Span | "empty" | null;
}

/** All rows and their ties. */
export interface Data {
  readonly cells: readonly Cell[];
  readonly ties: readonly (readonly [number, number])[];
}

/** A filter and what it means. */
export interface Made {
  readonly where: object;
  readonly holds: (cell: Cell) => boolean;
}

/** Numbers that a seed decides. */
export class Random {
  #state: number;
  /** Starts from a seed. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** A whole number from 0, below a limit, by mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * limit);
  }
  /** One of some items. */
  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
  /** Up to so many items. */
  many<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const WORDS = ["", "a", "b", "ab", "A", "a%b", "a_b", "a\\b", "%", "ba"];

const DOCS: readonly unknown[] = [
  {},
  { k: 1 },
  { k: 2, j: "a" },
  { k: "a" },
  { k: "b" },
  { k: null },
  { k: [1, "a"] },
  { k: { d: 2 } },
  { k: true },
  [1, "k"],
  "k",
  7,
];

function span(random: Random): Span | "empty" {
  if (random.below(6) === 0) return "empty";
  const from = random.below(8) - 4;
  const to = from + 1 + random.below(4);
  return { from: random.below(5) === 0 ? null : from, to: random.below(5) === 0 ? null : to };
}

/** Makes rows and ties. */
export function data(random: Random): Data {
  const orNull = <Value>(value: Value): Value | null => random.below(4) === 0 ? null : value;
  const cells = Array.from({ length: ROWS }, (_, index) => ({
    id: index + 1,
    n: orNull(random.below(7) - 3),
    s: orNull(random.of(WORDS)),
    f: orNull(random.below(2) === 0),
    m: orNull(random.below(7) - 3),
    parentId: index === 0 ? null : orNull(random.below(index) + 1),
    list: orNull(random.many(4, () => orNull(random.below(4)))),
    doc: orNull(random.of(DOCS)),
    span: orNull(span(random)),
  }));
  const ties = new Map(
    Array.from({ length: 60 }, () => [random.below(ROWS) + 1, random.below(ROWS) + 1] as const)
      .map((tie) => [tie.join(), tie]),
  );
  return { cells, ties: [...ties.values()] };
}

type Test<Value> = readonly [operators: object, holds: (value: Value | null) => boolean];

/** What holds for values that are there, and never for NULL. */
const known = <Value>(holds: (value: Value) => boolean) => (value: Value | null): boolean =>
  value !== null && holds(value);

function common<Value>(random: Random, one: () => Value): Test<Value>[] {
  const value = one();
  const list = random.many(3, one);
  const isNull = random.below(2) === 0;
  return [
    [{ eq: value }, known((it) => it === value)],
    [{ ne: value }, (it) => it !== value],
    [{ eq: null }, (it) => it === null],
    [{ ne: null }, (it) => it !== null],
    [{ in: list }, known((it) => list.includes(it))],
    [{ notIn: list }, (it) => it === null || !list.includes(it)],
    [{ isNull }, (it) => (it === null) === isNull],
  ];
}

function ordered<Value extends number | string>(random: Random, one: () => Value): Test<Value>[] {
  const [low, high] = [one(), one()];
  return [
    ...common(random, one),
    [{ gt: low }, known((it) => it > low)],
    [{ gte: low }, known((it) => it >= low)],
    [{ lt: low }, known((it) => it < low)],
    [{ lte: low }, known((it) => it <= low)],
    [{ between: [low, high] }, known((it) => it >= low && it <= high)],
  ];
}

function texts(random: Random): Test<string>[] {
  const word = random.of(WORDS);
  const lower = word.toLowerCase();
  return [
    ...ordered(random, () => random.of(WORDS)),
    [{ contains: word }, known((it) => it.includes(word))],
    [{ icontains: word }, known((it) => it.toLowerCase().includes(lower))],
    [{ startsWith: word }, known((it) => it.startsWith(word))],
    [{ istartsWith: word }, known((it) => it.toLowerCase().startsWith(lower))],
    [{ endsWith: word }, known((it) => it.endsWith(word))],
    [{ iendsWith: word }, known((it) => it.toLowerCase().endsWith(lower))],
    [{ iexact: word }, known((it) => it.toLowerCase() === lower)],
    [{ like: "a%" }, known((it) => it.startsWith("a"))],
    [{ ilike: "_b" }, known((it) => /^.b$/i.test(it))],
    [{ regex: "^a.?$" }, known((it) => /^a.?$/.test(it))],
    [{ iregex: "^A" }, known((it) => /^A/i.test(it))],
  ];
}

/** Comparisons with another column, on which the server computes. */
function columns(random: Random): Made {
  const [more, factor] = [random.below(5) - 2, 1 + random.below(2)];
  const right = F("m").times(factor).plus(more);
  const operator = random.of(["eq", "ne", "gt", "gte", "lt", "lte"] as const);
  return {
    where: { n: random.below(4) === 0 && operator === "eq" ? right : { [operator]: right } },
    holds: ({ n, m }) => {
      const other = m === null ? null : m * factor + more;
      if (operator === "ne") return n !== other;
      if (n === null || other === null) return false;
      const signs = { eq: n === other, gt: n > other, gte: n >= other, lt: n < other };
      return operator === "lte" ? n <= other : signs[operator];
    },
  };
}

type List = readonly (number | null)[];

function lists(random: Random): Test<List>[] {
  const some = random.many(2, () => random.below(4));
  const one = random.below(4);
  const size = random.below(4);
  const same = (it: List): boolean => JSON.stringify(it) === JSON.stringify(some);
  return [
    [{ eq: some }, known(same)],
    [{ ne: some }, (it) => it === null || !same(it)],
    [{ in: [some, [one]] }, known((it) => same(it) || (it.length === 1 && it[0] === one))],
    [{ isNull: true }, (it) => it === null],
    [{ contains: some }, known((it) => some.every((item) => it.includes(item)))],
    [
      { containedBy: some },
      known((it) => it.every((item) => item !== null && some.includes(item))),
    ],
    [{ overlaps: some }, known((it) => some.some((item) => it.includes(item)))],
    [{ has: one }, known((it) => it.includes(one))],
    [{ isEmpty: true }, known((it) => it.length === 0)],
    [{ isEmpty: false }, known((it) => it.length > 0)],
    [{ length: size }, known((it) => it.length === size)],
    [{ length: { gt: size } }, known((it) => it.length > size)],
  ];
}

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it);

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

function docs(random: Random): Test<unknown>[] {
  const path = ["k"];
  const value = random.of([1, 2, "a", "b", true, [1, "a"], { d: 2 }]);
  const number = random.below(3);
  const at = (it: unknown): unknown => isObject(it) ? it["k"] ?? null : null;
  const text = (it: unknown): string => {
    const found = at(it);
    return typeof found === "string" ? found : found === null ? "" : JSON.stringify(found);
  };
  return [
    [{ path, eq: value }, (it) => same(at(it), value)],
    [{ path, ne: value }, (it) => !same(at(it), value)],
    [{ path, eq: null }, (it) => at(it) === null],
    [{ path, isNull: false }, (it) => at(it) !== null],
    [{ path, in: [value, 2] }, (it) => same(at(it), value) || at(it) === 2],
    [{ path, notIn: [value] }, (it) => !same(at(it), value)],
    [{ path, gt: number }, (it) => typeof at(it) === "number" && at(it) as number > number],
    [{ path, lte: "a" }, (it) => typeof at(it) === "string" && at(it) as string <= "a"],
    [{ path, between: [1, 2] }, (it) => at(it) === 1 || at(it) === 2],
    [{ path, startsWith: "a" }, (it) => text(it).startsWith("a")],
    [{ path, iexact: "B" }, (it) => text(it) === "b"],
    [{ path: ["k", "d"], eq: 2 }, (it) => isObject(at(it))],
    [{ path: ["k", 0], eq: 1 }, (it) => Array.isArray(at(it))],
    [
      { hasKey: "k" },
      (it) => it === "k" || (Array.isArray(it) && it.includes("k")) || (isObject(it) && "k" in it),
    ],
    [{ hasAllKeys: ["k", "j"] }, (it) => isObject(it) && "k" in it && "j" in it],
    [{ contains: { k: 1 } }, (it) => isObject(it) && it["k"] === 1],
    [
      { jsonPath: "$.k ? (@ == 1)" },
      (it) => (isObject(it) && (it["k"] === 1 || same(it["k"], [1, "a"]))),
    ],
    [{ isNull: true }, (it) => it === null],
    [{ eq: { k: 1 } }, (it) => same(it, { k: 1 })],
  ];
}

function spans(random: Random): Test<Span | "empty">[] {
  const c = random.below(8) - 4;
  const d = c + 1 + random.below(4);
  const value = { lower: c, upper: d, lowerInclusive: true, upperInclusive: false, empty: false };
  const low = (it: Span): number => it.from ?? -Infinity;
  const high = (it: Span): number => it.to ?? Infinity;
  const full = (holds: (it: Span) => boolean) =>
    known<Span | "empty">((it) => it !== "empty" && holds(it));
  return [
    [{ containsValue: c }, full((it) => low(it) <= c && high(it) > c)],
    [{ contains: value }, full((it) => low(it) <= c && high(it) >= d)],
    [{ containedBy: value }, known((it) => it === "empty" || (low(it) >= c && high(it) <= d))],
    [{ overlaps: value }, full((it) => low(it) < d && high(it) > c)],
    [{ strictlyLeft: value }, full((it) => high(it) <= c)],
    [{ strictlyRight: value }, full((it) => low(it) >= d)],
    [{ adjacent: value }, full((it) => high(it) === c || low(it) === d)],
    [{ notRightOf: value }, full((it) => high(it) <= d)],
    [{ notLeftOf: value }, full((it) => low(it) >= c)],
    [{ isEmpty: true }, known((it) => it === "empty")],
    [{ isNull: false }, (it) => it !== null],
    [{ eq: value }, full((it) => it.from === c && it.to === d)],
  ];
}

/** A test on a column whose tests do not go together in one object. */
function alone<Value>(random: Random, name: keyof Cell, tests: readonly Test<Value>[]): Made {
  const [operators, holds] = random.of(tests);
  return { where: { [name]: operators }, holds: (cell) => holds(cell[name] as Value | null) };
}

/** One or two tests on one column, all of which must hold. */
function onColumn<Value>(
  random: Random,
  name: keyof Cell,
  tests: () => Test<Value>[],
): Made {
  const parts = [random.of(tests()), ...random.many(1, () => random.of(tests()))];
  const merged = new Map<string, Test<Value>[1]>();
  for (const [operators, holds] of parts) {
    for (const operator of Object.keys(operators)) merged.set(operator, holds);
  }
  return {
    where: { [name]: Object.assign({}, ...parts.map(([operators]) => operators)) },
    holds: (cell) => [...merged.values()].every((holds) => holds(cell[name] as Value | null)),
  };
}

function relation(random: Random, world: Data, depth: number): Made {
  const { cells, ties } = world;
  const inner = depth === 0 ? { where: {}, holds: () => true } : make(random, world, depth - 1);
  const byId = (id: number | null) => cells.find((one) => one.id === id);
  const sets: Record<string, (cell: Cell) => readonly Cell[]> = {
    children: (cell) => cells.filter((one) => one.parentId === cell.id),
    tied: (cell) => ties.filter(([a]) => a === cell.id).map(([, b]) => byId(b)!),
  };
  if (random.below(3) === 0) {
    const positive = random.below(2) === 0;
    return {
      where: { parentId: { [positive ? "is" : "isNot"]: inner.where } },
      holds: (cell) => {
        const parent = byId(cell.parentId);
        return (parent !== undefined && inner.holds(parent)) === positive;
      },
    };
  }
  const name = random.of(["children", "tied"]);
  const quantifier = random.of(["some", "none", "every"] as const);
  return {
    where: { [name]: { [quantifier]: inner.where } },
    holds: (cell) => {
      const found = sets[name]!(cell);
      if (quantifier === "some") return found.some(inner.holds);
      if (quantifier === "none") return !found.some(inner.holds);
      return found.every(inner.holds);
    },
  };
}

function leaf(random: Random, world: Data, depth: number): Made {
  switch (random.below(depth > 0 ? 10 : 9)) {
    case 0:
      return onColumn(random, "n", () => ordered(random, () => random.below(7) - 3));
    case 1:
    case 2:
      return onColumn(random, "s", () => texts(random));
    case 3:
      return onColumn(random, "f", () => common(random, () => random.below(2) === 0));
    case 4:
      return onColumn(random, "parentId", () => ordered(random, () => random.below(ROWS) + 1));
    case 5:
      return columns(random);
    case 6:
      return alone(random, "list", lists(random));
    case 7:
      return alone(random, "doc", docs(random));
    case 8:
      return alone(random, "span", spans(random));
    default:
      return relation(random, world, depth - 1);
  }
}

/** Makes a filter and what it means. */
export function make(random: Random, world: Data, depth: number): Made {
  const shape = random.below(depth > 0 ? 6 : 2);
  if (shape < 2) return leaf(random, world, depth);
  if (shape === 2) {
    // two members of one object; the later one wins where they are of one column
    const [one, other] = [leaf(random, world, depth), leaf(random, world, depth)];
    const where = { ...one.where, ...other.where };
    if (Object.keys(where).length === 1) return other;
    return { where, holds: (cell) => one.holds(cell) && other.holds(cell) };
  }
  const parts = Array.from({ length: 1 + random.below(3) }, () => make(random, world, depth - 1));
  const [head, ...rest] = parts.map((part) => part.where as QCondition);
  if (shape === 3) {
    const all = (cell: Cell): boolean => parts.every((part) => part.holds(cell));
    return { where: Q(head!).and(...rest), holds: all };
  }
  if (shape === 4) {
    const any = (cell: Cell): boolean => parts.some((part) => part.holds(cell));
    return { where: Q(head!).or(...rest), holds: any };
  }
  return {
    where: Q(...(parts.map((part) => part.where) as QCondition[])).not(),
    holds: (cell) => !parts.every((part) => part.holds(cell)),
  };
}
