/** Random trees of nested transactions, and a model of what is left of each. */
import type { Below } from "../support/strings.ts";

/** Whose handle a step is given: that of the flow, of its own transaction, of the outermost one. */
export type Way = "ambient" | "own" | "root";

/** One step of a transaction. */
export type Step =
  | { readonly kind: "insert"; readonly id: number; readonly way: Way }
  | { readonly kind: "create"; readonly id: number; readonly way: Way }
  | { readonly kind: "change"; readonly n: number }
  | { readonly kind: "hooks"; readonly id: number; readonly way: Way }
  | { readonly kind: "together"; readonly steps: readonly Step[] }
  | { readonly kind: "nested"; readonly tree: Tree; readonly caught: boolean; readonly way: Way };

/**
 * How a function ends: it returns, it throws, a statement in it fails, it hides that a statement failed,
 * or the server asks for it to be run again for so many times.
 */
export type End = "return" | "throw" | "fail" | "hide" | "again";

/** What one transaction does. */
export interface Tree {
  readonly steps: readonly Step[];
  readonly end: End;
}

/** The outermost transaction: how often it may be run again, and how often it must. */
export interface Whole extends Tree {
  readonly retries: number;
  readonly conflicts: number;
}

const WAYS: readonly Way[] = ["ambient", "own", "root"];

/** Makes a tree whose ids count up from a first one. */
export function makeTree(below: Below, firstId: number): Whole {
  let next = firstId;
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  const steps = (depth: number, most: number): Step[] =>
    Array.from({ length: below(most + 1) }, () => step(depth));
  const nested = (depth: number, caught: boolean): Step => {
    const end = one<End>(["return", "return", "return", "throw", "fail", "hide"]);
    return { kind: "nested", tree: { steps: steps(depth - 1, 3), end }, caught, way: one(WAYS) };
  };
  const step = (depth: number): Step => {
    const kind = below(depth > 0 ? 8 : 4);
    if (kind === 0) return { kind: "insert", id: next++, way: one(WAYS) };
    if (kind === 1) return { kind: "create", id: next++, way: one(WAYS) };
    if (kind === 2) return { kind: "change", n: next++ };
    if (kind === 3) return { kind: "hooks", id: next++, way: one(WAYS) };
    if (kind < 7) return nested(depth, below(4) > 0);
    const parts = Array.from(
      { length: 1 + below(4) },
      (): Step =>
        below(2) === 0
          ? { kind: "insert", id: next++, way: one(["ambient", "own"] as const) }
          : nested(depth, true),
    );
    return { kind: "together", steps: parts };
  };
  const end = one<End>(["return", "return", "return", "throw", "fail", "hide", "again"]);
  const retries = below(3);
  return { steps: steps(4, 4), end, retries, conflicts: end === "again" ? 1 + below(3) : 0 };
}

/** What is left of a tree. */
export interface Outcome {
  /** Whether the outermost transaction is committed. */
  committed: boolean;
  /** How often its function was run. */
  runs: number;
  /** The ids that are in the table. */
  ids: number[];
  /** The ids of created rows, and whether they are there. */
  rows: Map<number, boolean>;
  /** The value of the row that steps change, and how often it was written. */
  n: number;
  version: number;
  /** The calls of hooks in their order: `c` after the commit, `r` after rolling back. */
  calls: string[];
}

interface Level {
  readonly ids: number[];
  readonly created: number[];
  readonly hooks: number[];
  n: number;
  version: number;
}

/** Says what a tree leaves behind, by a stack of levels. */
export function expected(whole: Whole, n: number, version: number): Outcome {
  const calls: string[] = [];
  const rows = new Map<number, boolean>();
  const level = (from: Pick<Level, "n" | "version">): Level => ({
    ids: [],
    created: [],
    hooks: [],
    n: from.n,
    version: from.version,
  });
  const undo = ({ hooks, created }: Level): void => {
    calls.push(...hooks.map((id) => `r${id}`).reverse());
    for (const id of created) rows.set(id, false);
  };
  /** Whether the function came to its end without an error. */
  const walk = (steps: readonly Step[], on: Level): boolean =>
    steps.every((step) => {
      switch (step.kind) {
        case "insert":
          return on.ids.push(step.id) > 0;
        case "create":
          rows.set(step.id, true);
          return on.ids.push(step.id) + on.created.push(step.id) > 0;
        case "change":
          on.version += on.n === step.n ? 0 : 1;
          on.n = step.n;
          return true;
        case "hooks":
          return on.hooks.push(step.id) > 0;
        case "together":
          return walk(step.steps, on);
        default: {
          const inner = level(on);
          if (walk(step.tree.steps, inner) && step.tree.end === "return") {
            on.ids.push(...inner.ids);
            on.created.push(...inner.created);
            on.hooks.push(...inner.hooks);
            [on.n, on.version] = [inner.n, inner.version];
            return true;
          }
          undo(inner);
          return step.caught;
        }
      }
    });
  for (let runs = 1;; runs++) {
    const root = level({ n, version });
    const ended = walk(whole.steps, root);
    const conflict = ended && runs <= whole.conflicts;
    const committed = ended && (whole.end === "return" || (whole.end === "again" && !conflict));
    if (committed) {
      calls.push(...root.hooks.map((id) => `c${id}`));
      return { ...root, committed, runs, rows, calls, ids: root.ids.sort((a, b) => a - b) };
    }
    undo(root);
    if (conflict && runs <= whole.retries) continue;
    return { committed, runs, ids: [], rows, n, version, calls };
  }
}
