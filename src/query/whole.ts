/** Queries as the origin of others: what follows works on their rows as a whole. */
import { outerNames, readColumns } from "./plan.ts";
import { emptyState, type QueryState } from "./state.ts";

/** A query over the rows that another one gives, whose columns and named values it shows. */
export function wholeOf(state: QueryState): QueryState {
  return {
    ...emptyState(state.model, state.using),
    prefetch: state.prefetch,
    joined: state.joined,
    list: state.list,
    columns: state.groupBy === null ? state.columns : readColumns(state),
    extras: outerNames(state),
  };
}
