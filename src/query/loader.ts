import type { Rows, RunOptions } from "../driver/port.ts";
import type { Using } from "../execute/session.ts";
import type { ReadPlan } from "./plan.ts";
import type { PrefetchTree, QueryState } from "./state.ts";

/** What a write of a query's rows is asked for beside its values. */
export interface WriteOptions extends RunOptions {
  /** Gives the rows as they are now (or were) instead of their number. */
  readonly returning?: boolean;
  /** Deletes for good, also where the model has a soft delete. */
  readonly hard?: boolean;
}

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
  /** Writes values to every row of a query. */
  update(
    state: QueryState,
    values: Readonly<Record<string, unknown>>,
    options: WriteOptions,
  ): Promise<object[] | number>;
  /** Deletes every row of a query. */
  delete(state: QueryState, options: WriteOptions): Promise<object[] | number>;
}
