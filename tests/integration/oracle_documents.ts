/** JSON columns: what each operator means, for a whole document and at a path in it. */
import { type Column, known, type Test, textual } from "./oracle_scalars.ts";
import type { Random } from "../support/random/random.ts";

const DOCS: readonly unknown[] = [
  {},
  { k: 1 },
  { k: 2, j: "a" },
  { k: "a" },
  { k: "b" },
  { k: "a%b" },
  { k: null },
  { k: [1, "a"] },
  { k: { d: 2 } },
  { k: { d: 2, e: [1] } },
  { k: true },
  { j: [{ k: 1 }] },
  [1, "k"],
  [],
  "k",
  7,
  "",
  false,
];

type Dict = Readonly<Record<string, unknown>>;

const isObject = (it: unknown): it is Dict =>
  typeof it === "object" && it !== null && !Array.isArray(it);

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Whether one value holds another below the top, where a list never holds a scalar by itself. */
function within(outer: unknown, inner: unknown): boolean {
  if (Array.isArray(outer)) {
    return Array.isArray(inner) && inner.every((item) => outer.some((one) => within(one, item)));
  }
  if (isObject(outer)) {
    return isObject(inner) &&
      Object.keys(inner).every((key) =>
        Object.hasOwn(outer, key) && within(outer[key], inner[key])
      );
  }
  return same(outer, inner);
}

/** Whether a document holds another: at the top a list also holds a scalar. */
const contains = (outer: unknown, inner: unknown): boolean =>
  Array.isArray(outer) && (typeof inner !== "object" || inner === null)
    ? outer.some((one) => same(one, inner))
    : within(outer, inner);

const hasKey = (it: unknown, key: string): boolean =>
  it === key || (Array.isArray(it) ? it.includes(key) : isObject(it) && Object.hasOwn(it, key));

/** What lies at a path; undefined when nothing does. */
function valueAt(it: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return typeof key === "number" ? at.at(key) : undefined;
    return isObject(at) && Object.hasOwn(at, String(key)) ? at[String(key)] : undefined;
  }, it);
}

/** The text of a value as the server writes it; null for nothing and for a JSON null. */
function textOf(it: unknown): string | null {
  if (it === undefined || it === null) return null;
  return typeof it === "string" ? it : written(it);
}

function written(it: unknown): string {
  if (Array.isArray(it)) return `[${it.map(written).join(", ")}]`;
  if (!isObject(it)) return JSON.stringify(it);
  return `{${
    Object.keys(it).map((key) => `${JSON.stringify(key)}: ${written(it[key])}`).join(", ")
  }}`;
}

const PARTS: readonly unknown[] = [
  ...[1, 2, "a", "b", "k", true, null, [1], [1, "a"], { d: 2 }, { k: 1 }, { k: {} }, {}, []],
];

/** The operators of both a document and a value at a path, over what is there. */
function shared(random: Random): Test<unknown>[] {
  const part = random.of(PARTS);
  const keys = random.many(2, () => random.of(["k", "j", "d", "a"]));
  return [
    [{ contains: part }, known((it) => contains(it, part))],
    [{ containedBy: part }, known((it) => contains(part, it))],
    [{ hasKey: "k" }, known((it) => hasKey(it, "k"))],
    [{ hasAnyKey: keys }, known((it) => keys.some((key) => hasKey(it, key)))],
    [{ hasAllKeys: keys }, known((it) => keys.every((key) => hasKey(it, key)))],
  ];
}

function whole(random: Random): Test<unknown>[] {
  const doc = random.of(DOCS);
  const list = random.many(3, () => random.of(DOCS));
  const isNull = random.once(2);
  const wanted = random.of([1, "a", true]);
  // the path looks into a list at the key, and into lists at the top
  const reached = (it: unknown): unknown[] =>
    (Array.isArray(it) ? it : [it]).flatMap((one) => valueAt(one, ["k"]) ?? []);
  return [
    ...shared(random),
    [{ eq: doc }, known((it) => same(it, doc))],
    [{ ne: doc }, (it) => !same(it, doc)],
    [{ eq: null }, (it) => it === null],
    [{ in: list }, known((it) => list.some((one) => same(one, it)))],
    [{ notIn: list }, (it) => it === null || !list.some((one) => same(one, it))],
    [{ isNull }, (it) => (it === null) === isNull],
    [{ jsonPath: "$.k ? (@ == 1)" }, (it) => reached(it).includes(1)],
    [
      { jsonPath: { path: "$.k ? (@ == $wanted)", vars: { wanted } } },
      (it) => reached(it).includes(wanted),
    ],
    [{ jsonPathMatches: "$.k == 1" }, (it) => reached(it).includes(1)],
  ];
}

/** Comparisons hold between values of one type alone. */
function comparisons(random: Random): Test<unknown>[] {
  const bound = random.of<number | string>([0, 1, 2, "a", "b"]);
  const top = random.of<number | string>(typeof bound === "number" ? [1, 2] : ["a", "b"]);
  const typed = (holds: (it: number | string) => boolean) => (it: unknown): boolean =>
    typeof it === typeof bound && holds(it as number | string);
  return [
    [{ gt: bound }, typed((it) => it > bound)],
    [{ gte: bound }, typed((it) => it >= bound)],
    [{ lt: bound }, typed((it) => it < bound)],
    [{ lte: bound }, typed((it) => it <= bound)],
    [{ between: [bound, top] }, typed((it) => it >= bound && it <= top)],
  ];
}

function atPath(random: Random): Test<unknown>[] {
  const path = random.of([["k"], ["k"], ["k", "d"], ["k", 0], ["k", -1], ["j", 0, "k"], [1], []]);
  const value = random.of([1, 2, "a", "b", true, [1, "a"], { d: 2 }]);
  const list = random.many(2, () => random.of([1, 2, "a", true, { d: 2 }]));
  const isNull = random.once(2);
  const listed = (it: unknown): boolean => list.some((one) => same(one, it));
  const there: Test<unknown>[] = [
    ...shared(random),
    ...comparisons(random),
    [{ eq: value }, (it) => same(it, value)],
    [{ ne: value }, (it) => !same(it, value)],
    [{ eq: null }, (it) => textOf(it) === null],
    [{ ne: null }, (it) => textOf(it) !== null],
    [{ in: list }, listed],
    [{ notIn: list }, (it) => !listed(it)],
    [{ isNull }, (it) => (textOf(it) === null) === isNull],
    // `contains` is that of JSON here
    ...textual(random).filter(([operators]) => !("contains" in operators))
      .map(([operators, holds]): Test<unknown> => [operators, (it) => holds(textOf(it))]),
  ];
  return there.map(([operators, holds]): Test<unknown> => [
    { path, ...operators },
    (it) => {
      const found = it === null ? undefined : valueAt(it, path);
      // nothing there is NULL to the server; a JSON null is a value
      return holdsAt(operators, holds, found);
    },
  ]);
}

function holdsAt(
  operators: Readonly<Record<string, unknown>>,
  holds: (value: unknown) => boolean,
  found: unknown,
): boolean {
  const [operator] = Object.keys(operators);
  const isShared = ["contains", "containedBy", "hasKey", "hasAnyKey", "hasAllKeys"];
  if (!isShared.includes(operator!)) return holds(found);
  if (found !== null) return found !== undefined && holds(found);
  // `shared` takes null for NULL: a JSON null contains and is contained by itself alone
  const value = operators[operator!];
  if (operator === "contains") return value === null;
  if (operator === "containedBy") return contains(value, null);
  return operator === "hasAllKeys" && (value as unknown[]).length === 0;
}

const column = (type: string): Column => ({
  kind: "json",
  type,
  make: (random) => random.of(DOCS),
  tests: (random) => random.once(3) ? whole(random) : atPath(random),
  alone: true,
});

/** The JSON columns, by property. */
export const DOCUMENTS: Readonly<Record<string, Column>> = {
  doc: column("jsonb"),
  plain: column("json"),
};
