import type { Rows } from "../driver/port.ts";
import type { Using } from "../execute/session.ts";
import type { ReadPlan } from "./plan.ts";
import type { PrefetchTree } from "./state.ts";

/**
 * What makes rows into instances: handed in by the model layer, which the query layer does not know.
 */
export interface Loader {
  /** Makes the rows of a plan into instances or, for partial plans, plain objects. */
  hydrate(plan: ReadPlan, rows: Rows, using: Using | null): object[];
  /**
   * Loads relations into rows that are there: one statement for each relation and level. `via` is
   * where the statements run when that is not where the rows belong.
   */
  prefetch(
    rows: readonly object[],
    plan: ReadPlan,
    tree: PrefetchTree,
    using: Using | null,
    via: Using | null,
  ): Promise<void>;
}
