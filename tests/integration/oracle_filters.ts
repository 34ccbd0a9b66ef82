/** Random filters, each with a model of its documented meaning in plain JavaScript. */
import {
  caseWhen,
  coalesce,
  exists,
  type Expr,
  F,
  outerRef,
  Q,
  type QCondition,
  sql,
  subquery,
  sum,
  value,
} from "../../mod.ts";
import type { Random } from "../support/random/random.ts";
import {
  type Cell,
  COLUMNS,
  type Data,
  type oracleModels,
  type Pair,
  ROWS,
} from "./oracle_world.ts";
import { common, ordered, plainly, small, type Test } from "./oracle_scalars.ts";
import { VECTORS } from "./oracle_containers.ts";

/** A filter and what it means. */
export interface Made<Row = Cell> {
  readonly where: object;
  readonly holds: (row: Row) => boolean;
}

/** The models that the filters are over. */
export type Models = ReturnType<typeof oracleModels>;

/** Makes filters from a seed, and remembers what they were made of. */
export class Maker {
  /** What was said so far: `text.contains`, `relation.some`, `tree.or`. */
  readonly said: Set<string> = new Set();
  readonly #random: Random;
  readonly #world: Data;
  readonly #models: Models;

  /** Starts over some rows. */
  constructor(random: Random, world: Data, models: Models) {
    this.#random = random;
    this.#world = world;
    this.#models = models;
  }

  /** What queries name beside the columns; the filters of `named` may use it. */
  static names(): Record<string, Expr<unknown>> {
    return {
      twice: F("n").times(2),
      word: coalesce("s", value("?")),
      sure: caseWhen({ f: true }, 1).otherwise(0),
    };
  }

  /** Makes a filter and what it means; `named` ones need a query with those names. */
  make(depth: number, named: boolean): Made {
    const random = this.#random;
    const shape = random.below(depth > 0 ? 8 : 2);
    if (shape < 3) return this.#leaf(depth, named);
    if (shape === 3) return this.#object(depth, named);
    if (shape === 4 && random.once(4)) return this.#nothing();
    const parts = Array.from(
      { length: 1 + random.below(3) },
      () => this.make(depth - 1, named),
    );
    const [head, ...rest] = parts.map((part) => part.where as QCondition);
    const all = (cell: Cell): boolean => parts.every((part) => part.holds(cell));
    if (shape <= 5) {
      this.said.add("tree.and");
      return { where: Q(head!).and(...rest), holds: all };
    }
    if (shape === 6) {
      this.said.add("tree.or");
      return { where: Q(head!).or(...rest), holds: (cell) => parts.some((it) => it.holds(cell)) };
    }
    this.said.add("tree.not");
    return { where: Q(head!, ...rest).not(), holds: (cell) => !all(cell) };
  }

  /** Members of one object; the later one wins where they are of one column. */
  #object(depth: number, named: boolean): Made {
    const parts = Array.from({ length: 2 }, () => this.#leaf(depth, named));
    const plain = parts.filter(({ where }) => Object.getPrototypeOf(where) === Object.prototype);
    const byName = new Map(
      plain.flatMap((part) => Object.keys(part.where).map((name) => [name, part] as const)),
    );
    const used = [...byName.values()];
    return {
      where: Object.assign({}, ...plain.map(({ where }) => where)),
      holds: (cell) => used.every((part) => part.holds(cell)),
    };
  }

  /** Groups of nothing: true, and false as its opposite. */
  #nothing(): Made {
    this.said.add("tree.nothing");
    const holds = this.#random.once(2);
    const none = this.#random.of([{}, Q(), Q({}), Q({}).and(), Q().or()]);
    if (holds) return { where: none, holds: () => true };
    return { where: Q(none).not(), holds: () => false };
  }

  #leaf(depth: number, named: boolean): Made {
    const random = this.#random;
    const { columns } = this.#world;
    if (depth > 0 && random.once(6)) return this.#relation(depth - 1);
    if (depth > 0 && random.once(12)) return this.#queried(depth - 1);
    if (named && random.once(6)) return this.#named();
    if (random.once(12)) return this.#computed();
    if (random.once(15)) {
      const tests = ordered(random, () => random.below(ROWS) + 1, plainly);
      return this.#onColumn("parentId", "number", tests as Test<never>[]);
    }
    const name = random.of(Object.keys(columns));
    const { kind, tests, alone } = columns[name]!;
    return this.#onColumn(name, kind, tests(random), alone);
  }

  /** One test on a column, or two that must both hold. */
  #onColumn(name: string, kind: string, tests: readonly Test<never>[], alone = false): Made {
    const random = this.#random;
    const [first, second] = [this.#pick(kind, tests), random.of(tests)];
    const parts = alone || random.once(2) ? [first] : [first, second];
    const merged = new Map<string, Test<unknown>[1]>();
    for (const [operators, holds] of parts) {
      for (const operator of Object.keys(operators)) {
        merged.set(operator, holds as Test<unknown>[1]);
      }
      for (const word of this.#words(kind, operators)) this.said.add(word);
    }
    const operators = Object.assign({}, ...parts.map(([each]) => each));
    const bare = Object.keys(operators).join() === "eq" && kind !== "json" && kind !== "hstore";
    return {
      // a bare value means equality
      where: { [name]: bare && random.once(3) ? operators.eq : operators },
      holds: (cell) => [...merged.values()].every((holds) => holds(cell[name] as unknown)),
    };
  }

  /** One of some tests; what was not said yet comes first. */
  #pick<Value>(kind: string, tests: readonly Test<Value>[]): Test<Value> {
    const fresh = tests.filter(([operators]) =>
      this.#words(kind, operators).some((word) => !this.said.has(word))
    );
    return this.#random.of(fresh.length > 0 ? fresh : tests);
  }

  #words(kind: string, operators: object): string[] {
    const names = Object.keys(operators);
    return names.map((name) => `${names.includes("path") ? "path" : kind}.${name}`);
  }

  /** What the query named, which has the operators of ordered values. */
  #named(): Made {
    const random = this.#random;
    const values: Record<string, (cell: Cell) => number | string | null> = {
      twice: ({ n }) => n === null ? null : n as number * 2,
      word: ({ s }) => s as string ?? "?",
      sure: ({ f }) => f === true ? 1 : 0,
    };
    const name = random.of(Object.keys(values));
    const one = (): number | string =>
      name === "twice"
        ? small(random) * 2
        : name === "sure"
        ? random.below(2)
        : random.of(["a", "?"]);
    // the order of a text is the database's own
    const tests = name === "word"
      ? common<number | string>(random, one, plainly)
      : ordered<number | string>(random, one, plainly);
    const [operators, holds] = this.#pick("named", tests);
    for (const word of this.#words("named", operators)) this.said.add(word);
    return { where: { [name]: operators }, holds: (cell) => holds(values[name]!(cell)) };
  }

  /** Comparisons with what the server computes: a column, a fragment, a condition as a whole. */
  #computed(): Made {
    const random = this.#random;
    const [more, factor] = [random.below(5) - 2, 1 + random.below(2)];
    if (random.once(4)) {
      this.said.add("computed.fragment");
      return {
        where: sql`${sql.id("n")} + ${more} > ${sql.id("m")}`,
        holds: ({ n, m }) => n !== null && m !== null && n as number + more > (m as number),
      };
    }
    const right = F("m").times(factor).plus(more);
    const operator = random.of(["eq", "ne", "gt", "gte", "lt", "lte"] as const);
    this.said.add(`computed.${operator}`);
    return {
      where: { n: random.once(4) && operator === "eq" ? right : { [operator]: right } },
      holds: ({ n, m }) => {
        const other = m === null ? null : m as number * factor + more;
        if (operator === "ne") return n !== other;
        if (n === null || other === null) return false;
        const order = plainly(n as number, other);
        const signs = { eq: order === 0, gt: order > 0, gte: order >= 0, lt: order < 0 };
        return operator === "lte" ? order <= 0 : signs[operator];
      },
    };
  }

  /** Columns against a query, rows of a query that refers to this one. */
  #queried(depth: number): Made {
    const { cells } = this.#world;
    const { CellModel } = this.#models;
    const inner = this.make(depth, false);
    const query = CellModel.filter(inner.where as never);
    const column = this.#random.of(["id", "m"] as const);
    const given = (): unknown[] =>
      cells.filter(inner.holds).map((cell) => cell[column]).filter((one) => one !== null);
    switch (this.#random.below(4)) {
      case 0:
        this.said.add("query.in");
        return {
          where: { n: { in: query.values(column) } },
          holds: ({ n }) => n !== null && given().includes(n),
        };
      case 1:
        // nothing is known of a value when the query gives a NULL: then it is not in it either
        this.said.add("query.notIn");
        return {
          where: { n: { notIn: query.values(column) } },
          holds: ({ n }) => n === null || !given().includes(n),
        };
      case 2: {
        this.said.add("query.exists");
        const children = CellModel.filter(
          { parentId: outerRef("id") } as never,
          inner.where as never,
        );
        return {
          where: exists(children) as never,
          holds: ({ id }) => cells.some((one) => one.parentId === id && inner.holds(one)),
        };
      }
      default: {
        this.said.add("query.value");
        const least = subquery<number>(
          query.filter({ parentId: outerRef("id") } as never).groupBy("parentId")
            .annotate({ all: sum("id") }).values("all") as never,
        );
        return {
          where: { id: { lt: least } },
          holds: ({ id }) => {
            const found = cells.filter((one) => one.parentId === id && inner.holds(one));
            return found.length > 0 && id < found.reduce((all, one) => all + one.id, 0);
          },
        };
      }
    }
  }

  #relation(depth: number): Made {
    const random = this.#random;
    const { cells, ties, pairs } = this.#world;
    const byId = (id: number | null): Cell | undefined => cells.find((one) => one.id === id);
    if (random.once(4)) {
      return this.#one(
        "pair",
        this.#pair(depth),
        ({ left, right }) => pairs.find((one) => one.a === left && one.b === right),
      );
    }
    const inner = random.once(6) ? { where: {}, holds: () => true } : this.make(depth, false);
    if (random.once(3)) return this.#one("parentId", inner, ({ parentId }) => byId(parentId));
    const sets: Record<string, (cell: Cell) => readonly Cell[]> = {
      children: (cell) => cells.filter((one) => one.parentId === cell.id),
      tied: (cell) => ties.filter(([a]) => a === cell.id).map(([, b]) => byId(b)!),
      tiedBy: (cell) => ties.filter(([, b]) => b === cell.id).map(([a]) => byId(a)!),
    };
    const name = random.of(Object.keys(sets));
    return this.#set(name, inner, sets[name]!);
  }

  /** A filter over the rows that a key of two columns references. */
  #pair(depth: number): Made<Pair> {
    const random = this.#random;
    if (depth > 0 && random.once(2)) {
      const { cells } = this.#world;
      return this.#set<Pair>(
        "cells",
        this.make(depth - 1, false),
        ({ a, b }) => cells.filter(({ left, right }) => left === a && right === b),
      );
    }
    const [operators, holds] = random.of(ordered(random, () => small(random), plainly));
    return { where: { n: operators }, holds: ({ n }) => holds(n) };
  }

  #one<Row>(name: string, inner: Made<Row>, found: (cell: Cell) => Row | undefined): Made {
    const quantifier = this.#random.of(["is", "isNot"]);
    const none = this.#random.once(6);
    this.said.add(`relation.${quantifier}${none ? "Null" : ""}`);
    return {
      where: { [name]: { [quantifier]: none ? null : inner.where } },
      holds: (cell) => {
        const row = found(cell);
        const holds = none ? row === undefined : row !== undefined && inner.holds(row);
        return holds === (quantifier === "is");
      },
    };
  }

  #set<Row = Cell>(name: string, inner: Made, found: (row: Row) => readonly Cell[]): Made<Row> {
    const quantifier = this.#random.of(["some", "none", "every"] as const);
    this.said.add(`relation.${quantifier}`);
    return {
      where: { [name]: { [quantifier]: inner.where } },
      holds: (row) => {
        const rows = found(row);
        if (quantifier === "some") return rows.some(inner.holds);
        if (quantifier === "none") return !rows.some(inner.holds);
        return rows.every(inner.holds);
      },
    };
  }
}

/** Everything that filters can say, so that a test sees what it left out. */
export function sayable(
  operatorsOf: (kind: never) => ReadonlySet<string>,
  path: readonly string[],
  vectors: boolean,
): string[] {
  const kinds = new Set(
    Object.values(vectors ? { ...COLUMNS, ...VECTORS } : COLUMNS).map(({ kind }) => kind),
  );
  const words = (group: string, names: Iterable<string>): string[] =>
    [...names].map((name) => `${group}.${name}`);
  return [
    ...[...kinds].flatMap((kind) => words(kind, operatorsOf(kind as never))),
    ...words("path", path),
    ...words("named", operatorsOf("other" as never)),
    ...words("computed", ["eq", "ne", "gt", "gte", "lt", "lte", "fragment"]),
    ...words("query", ["in", "notIn", "exists", "value"]),
    ...words("relation", ["is", "isNot", "isNull", "isNotNull", "some", "none", "every"]),
    ...words("tree", ["and", "or", "not", "nothing"]),
  ];
}
