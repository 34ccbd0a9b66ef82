/** Numbers that a seed decides, so that a failure can be had again. */
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
  /** Yes once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
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
