import { ValidationError } from "../errors/base.ts";
import type { Loader } from "../query/loader.ts";
import { makeQuery, stateOfQuery } from "../query/query.ts";
import { emptyState } from "../query/state.ts";
import { prefetch, type RefineQuery } from "./fetch.ts";
import { hydrate } from "./hydrate.ts";

/** The model layer's part of a query: how rows become instances and get their relations. */
export const loader: Loader = {
  hydrate,
  prefetch: (rows, _plan, tree, using) => prefetch(rows, tree, using, refineQuery),
};

const refineQuery: RefineQuery = (target, using, refine) => {
  const refined = refine(makeQuery(emptyState(target, using), loader) as never);
  const state = stateOfQuery(refined);
  if (state !== undefined && state.model === target) return state;
  throw new ValidationError(`The function for rows of ${target.meta.label} gives no query`, {
    code: "invalid_relation_query",
    hint: "Return the query that it is given, refined: (query) => query.filter({ ... })",
  });
};
