/** Values that no caller should give, and some that one should, from a seed. */
import type { Below } from "../support/strings.ts";

/** A word that only junk holds, so that it is known wherever it turns up. */
export const MARK = "PWNED";

const NAMES = [
  ...["id", "n", "t", "d", "l", "b", "at", "ownerId", "prey", "tags", "mood", "amount", "nope"],
  ...["eq", "ne", "in", "notIn", "gt", "lt", "between", "isNull", "contains", "like", "regex"],
  ...["path", "has", "length", "hasKey", "jsonPath", "is", "isNot", "some", "none", "every"],
  ...["and", "or", "not", "OR", "$or", "$where", "where", "field", "descending", "nulls", "query"],
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "then", "toJSON", "length"],
  ...["texts", "values", "kind", "tree", "node", "state", "text", "params", "sql", "raw", "items"],
  ...["conflict", "update", "returning", "signal", "timeoutMs", "batchSize", "isolation", "mode"],
];

const TEXTS = [
  `'; drop table canary; -- ${MARK}`,
  `"; drop table canary; -- ${MARK}`,
  `1) or 1=1 -- ${MARK}`,
  `n" = 1 or "${MARK}`,
  `-n desc; delete from canary -- ${MARK}`,
  `\\'; delete from canary; -- ${MARK}`,
  `$1 ${MARK}`,
  `${MARK}\0`,
  `${MARK}\ud800`,
  `%_\\${MARK}`,
  "",
  "*",
  "1",
  "2024-01-01",
  "{}",
  "[]",
];

class Strange {
  readonly n = 1;
  readonly kind = "fragment";
}

/** Makes junk of one kind or another. */
export class Junk {
  readonly #below: Below;
  /** Starts from numbers. */
  constructor(below: Below) {
    this.#below = below;
  }

  /** One of some items. */
  of<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)]!;
  }

  /** Yes once in so many times. */
  once(times: number): boolean {
    return this.#below(times) === 0;
  }

  /** A name that may mean something. */
  name(): string {
    return this.once(6) ? this.of(TEXTS) : this.of(NAMES);
  }

  /** Something like JSON from outside, down to a depth. */
  json(depth: number): unknown {
    const shape = this.#below(depth > 0 ? 9 : 5);
    if (shape < 2) return this.of(TEXTS);
    if (shape === 2) return this.of([0, 1, -1, 1.5, 1e300, 2 ** 53]);
    if (shape === 3) return this.of([true, false, null]);
    if (shape === 4) return this.name();
    const size = this.#below(4);
    if (shape === 5) return Array.from({ length: size }, () => this.json(depth - 1));
    const entries = Array.from({ length: size }, () => [this.name(), this.json(depth - 1)]);
    // an own "__proto__", as JSON.parse makes it
    return Object.fromEntries(entries);
  }

  /** Anything that JavaScript has, down to a depth. */
  any(depth: number): unknown {
    if (!this.once(3)) return this.json(depth);
    const deeper = (): unknown => this.any(depth - 1);
    const makers: readonly (() => unknown)[] = [
      () => undefined,
      () => NaN,
      () => this.of([Infinity, -Infinity, -0, 10n ** 30n, 7n]),
      () => Symbol("s"),
      () => Symbol.iterator,
      () => () => 1,
      () => class {},
      () => new Date(NaN),
      () => new Date(0),
      () => new Uint8Array([1, 2]),
      () => new Map([[1, 2]]),
      () => new Set([1]),
      () => /x/,
      () => new Strange(),
      () => Object.create(null),
      () => Object.create({ n: 1 }),
      () => Object.assign(Object.create(null), { [this.name()]: this.json(0) }),
      () => new Error("e"),
      () => Promise.resolve(1),
      () => new Proxy({}, {}),
      () => new String("x"),
      () => Array(3),
      () => (depth > 0 ? { [this.name()]: deeper() } : {}),
      () => (depth > 0 ? [deeper(), deeper()] : []),
      () => ({ [Symbol("k")]: 1, n: 1 }),
      () => ({ toString: () => MARK, valueOf: () => 1, toJSON: () => MARK }),
      () => ({ texts: [`1; drop table canary -- ${MARK}`], values: [] }),
      () => ({ kind: "raw", text: `drop table canary -- ${MARK}`, params: [] }),
      () => ({ path: [`canary" -- ${MARK}`] }),
    ];
    return this.of(makers)();
  }

  /** Up to so many arguments, now and then too few or too many. */
  args(most: number): unknown[] {
    return Array.from({ length: this.#below(most + 1) }, () => this.any(3));
  }
}
