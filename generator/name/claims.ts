/** Names that are taken in one scope. */
export class Claims {
  readonly #taken = new Set<string>();
  readonly #fold: (name: string) => string;

  /** Starts a scope; `fold` gives what two clashing names have in common, by default the name itself. */
  constructor(fold: (name: string) => string = (name) => name) {
    this.#fold = fold;
  }

  /** Whether a name is free. */
  isFree(name: string): boolean {
    return !this.#taken.has(this.#fold(name));
  }

  /** Takes a name. */
  take(name: string): void {
    this.#taken.add(this.#fold(name));
  }

  /** Takes the first candidate whose names are all free; when none is, the last one with a number. */
  claim(
    candidates: readonly string[],
    alsoTaken: (name: string) => readonly string[] = () => [],
  ): string {
    const last = candidates[candidates.length - 1]!;
    for (let number = 1;; number++) {
      const tried = number === 1 ? candidates : [`${last}${number}`];
      for (const name of tried) {
        const all = [name, ...alsoTaken(name)];
        if (!all.every((one) => this.isFree(one))) continue;
        for (const one of all) this.take(one);
        return name;
      }
    }
  }
}
