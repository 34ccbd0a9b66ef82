/** Random filters against a model of their documented meaning in plain JavaScript. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import {
  boolean,
  foreignKey,
  integer,
  inverseForeignKey,
  manyToMany,
  model,
  Q,
  type QCondition,
  text,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place } from "./model_world.ts";

const ROWS = 80;
const FILTERS = 2000;
const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 20_261_123);

const TABLES = `
create table cells (
  id int primary key, n int, s text collate "C", f boolean, parent_id int references cells);
create table ties (a int references cells, b int references cells, primary key (a, b));
`;

interface Cell {
  readonly id: number;
  readonly n: number | null;
  readonly s: string | null;
  readonly f: boolean | null;
  readonly parentId: number | null;
}

interface Data {
  readonly cells: readonly Cell[];
  readonly ties: readonly (readonly [number, number])[];
}

/** A filter and what it means. */
interface Made {
  readonly where: object;
  readonly holds: (cell: Cell) => boolean;
}

class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * limit);
  }
  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
  many<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const WORDS = ["", "a", "b", "ab", "A", "a%b", "a_b", "a\\b", "%", "ba"];

function data(random: Random): Data {
  const orNull = <Value>(value: Value): Value | null => random.below(4) === 0 ? null : value;
  const cells = Array.from({ length: ROWS }, (_, index) => ({
    id: index + 1,
    n: orNull(random.below(7) - 3),
    s: orNull(random.of(WORDS)),
    f: orNull(random.below(2) === 0),
    parentId: index === 0 ? null : orNull(random.below(index) + 1),
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
  ];
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
  switch (random.below(depth > 0 ? 6 : 5)) {
    case 0:
      return onColumn(random, "n", () => ordered(random, () => random.below(7) - 3));
    case 1:
    case 2:
      return onColumn(random, "s", () => texts(random));
    case 3:
      return onColumn(random, "f", () => common(random, () => random.below(2) === 0));
    case 4:
      return onColumn(random, "parentId", () => ordered(random, () => random.below(ROWS) + 1));
    default:
      return relation(random, world, depth - 1);
  }
}

function make(random: Random, world: Data, depth: number): Made {
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

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  after(() => where.close());

  test(`filter() means what it says, ${FILTERS} times on ${kind}`, {
    skip: server.skip,
  }, async () => {
    class CellModel extends model("cells", {
      id: integer().primaryKey(),
      n: integer().nullable(),
      s: text().nullable(),
      f: boolean().nullable(),
      parentId: foreignKey<CellModel>(() => CellModel).nullable(),
      children: inverseForeignKey<CellModel>(() => CellModel, { fromField: "parentId" }),
      tied: manyToMany<CellModel>(() => CellModel, { through: "ties", source: "a", target: "b" }),
    }, { database: where.name }) {}
    const database = await where.open();
    const random = new Random(SEED);
    const world = data(random);
    for (const cell of world.cells) await CellModel.create(cell);
    for (const [a, b] of world.ties) {
      await database.driver.query({
        text: "insert into ties values ($1, $2)",
        params: [`${a}`, `${b}`],
      });
    }
    let matched = 0;
    for (let round = 0; round < FILTERS; round += 20) {
      const made = Array.from({ length: 20 }, () => make(random, world, 1 + random.below(4)));
      await Promise.all(made.map(async (one, index) => {
        const expected = world.cells.filter(one.holds).map((cell) => cell.id);
        const query = CellModel.filter(one.where as never);
        const [rows, count, exists, excluded] = await Promise.all([
          query.all(),
          query.count(),
          query.exists(),
          CellModel.exclude(one.where as never).count(),
        ]);
        const context = `seed ${SEED}, filter ${round + index}: ${
          JSON.stringify(one.where)
        }\n${query.toSql().text}`;
        const ids = rows.map((row) => row.id).sort((a, b) => a - b);
        assert.deepEqual(ids, expected, context);
        assert.equal(count, expected.length, context);
        assert.equal(exists, expected.length > 0, context);
        assert.equal(excluded, ROWS - expected.length, context);
        matched += ids.length;
      }));
    }
    assert.ok(matched > FILTERS * 5 && matched < FILTERS * ROWS * 0.9, `${matched} rows`);
  });
}
