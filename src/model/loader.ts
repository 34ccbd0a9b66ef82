import { ValidationError } from "../errors/base.ts";
import type { Using } from "../execute/session.ts";
import type { Loader } from "../query/loader.ts";
import { makeQuery, stateOfQuery } from "../query/query.ts";
import { emptyState } from "../query/state.ts";
import { prefetch, type RefineQuery } from "./fetch.ts";
import { hydrate } from "./hydrate.ts";
import { isRow, stateOf } from "./row_state.ts";
import { writesOf } from "./writes.ts";

/** The model layer's part of a query: how rows become instances and get their relations. */
export const loader: Loader = {
  hydrate,
  async prefetch(rows, _plan, tree, using, via) {
    await prefetch(rows, tree, via, refineQuery);
    if (via !== using) rows.forEach((row) => rebind(row, via, using));
  },
  update: (state, values, options) => writesOf(state.model).updateQuery(state, values, options),
  delete: (state, options) => writesOf(state.model).deleteQuery(state, options),
};

/** Lets the relations of a row belong where the row does. */
function rebind(row: object, via: Using | null, using: Using | null): void {
  for (const related of stateOf(row).related?.values() ?? []) {
    for (const one of [related].flat()) {
      if (!isRow(one) || stateOf(one).using !== via) continue;
      stateOf(one).using = using;
      rebind(one, via, using);
    }
  }
}

/** Makes the query over a relation's rows that a function of the user's refines. */
export const refineQuery: RefineQuery = (target, using, refine) => {
  const refined = refine(makeQuery(emptyState(target, using), loader) as never);
  const state = stateOfQuery(refined);
  if (state !== undefined && state.model === target) return state;
  throw new ValidationError(`The function for rows of ${target.meta.label} gives no query`, {
    code: "invalid_relation_query",
    hint: "Return the query that it is given, refined: (query) => query.filter({ ... })",
  });
};
