import type { LockMode } from "../ddl/statement.ts";
import { facts, type StatementFacts, together } from "./facts.ts";
import type { Found, HazardKind } from "./hazard.ts";
import type { Tree } from "./tree.ts";
import type { World } from "./world.ts";

/** What a statement does, and what is hazardous about it. */
export interface Judgement {
  readonly facts: StatementFacts;
  readonly found: readonly Found[];
}

/** Judges a statement of one kind. */
export type Judge = (tree: Tree, world: World) => Judgement;

/** Makes a judgement. */
export function judged(
  more: Partial<StatementFacts>,
  ...found: readonly (Found | null)[]
): Judgement {
  return { facts: facts(more), found: found.filter((one) => one !== null) };
}

/** The lock on a relation that was there before. */
export function lockOn(
  world: World,
  mode: LockMode,
  ...relations: readonly string[]
): Pick<StatementFacts, "locks"> {
  const old = relations.filter((relation) => relation !== "" && !world.isNew(relation));
  return { locks: old.map((relation) => ({ mode, relation })) };
}

/** A hazard, where a condition holds. */
export function hazard(kind: HazardKind, what: string, holds = true): Found | null {
  return holds ? { kind, what } : null;
}

/** Puts the judgements of parts of one statement together. */
export function joinedJudgement(parts: readonly Judgement[]): Judgement {
  return {
    facts: together(parts.map((one) => one.facts)),
    found: parts.flatMap(({ found }) => found),
  };
}
