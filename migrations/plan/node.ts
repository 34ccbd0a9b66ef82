import type { DdlStatement } from "../ddl/statement.ts";
import type { Surroundings } from "../ddl/ddl_kind.ts";
import type { StepKind } from "./step.ts";
import type { Torn } from "./torn.ts";
import type { World } from "./world.ts";

/** The first phase: what goes. */
export const DROPS = 0;

/** The second phase: what comes and what changes. */
export const CHANGES = 1;

/** A piece of work on one object, to be put in order. */
export interface Node {
  /** Unique: what is done, and the object's identity. */
  readonly id: string;
  readonly kind: StepKind;
  /** The identity of the object. */
  readonly object: string;
  /** Which of two that could come next comes first: the lower, compared from the left. */
  readonly rank: readonly [phase: number, kind: number];
  /** Its statements; made once the order is known. */
  readonly statements: () => readonly DdlStatement[];
  /** The node that does its work along with its own, unless that closes a circle; null = none. */
  host: Node | null;
  /** The ids of the nodes that come before it. */
  readonly after: Set<string>;
  /** Those of them that give way where they would close a circle. */
  readonly rather: Set<string>;
}

/** The work of a plan while it is gathered. */
export interface Workbench {
  readonly nodes: Map<string, Node>;
  readonly world: World;
  readonly torn: Torn;
  readonly live: Surroundings;
  readonly target: Surroundings;
  /** Adds a piece of work. */
  add(
    what: string,
    kind: StepKind,
    object: string,
    rank: Node["rank"],
    statements: () => readonly DdlStatement[],
  ): Node;
}
