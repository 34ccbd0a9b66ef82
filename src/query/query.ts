import { compile } from "../compile/compile.ts";
import type { RunOptions } from "../driver/port.ts";
import type { Using } from "../execute/session.ts";
import * as actions from "./actions.ts";
import {
  deferColumns,
  joinedNames,
  mergePrefetch,
  onlyColumns,
  orderTerm,
  rowCount,
} from "./clauses.ts";
import type { Loader } from "./loader.ts";
import { planRead, reversed } from "./plan.ts";
import { type PrefetchTree, type QueryState, withWhere } from "./state.ts";
import { nearest } from "./nearest.ts";
import type { NearestOptions, Query } from "./types.ts";
import { parseWhere, rootScope } from "./where.ts";
import { and } from "../ast/make.ts";

/** The query behind the typed interface `Query`: a state, and the loader that makes its rows. */
class StateQuery {
  readonly #state: QueryState;
  readonly #loader: Loader;

  constructor(state: QueryState, loader: Loader) {
    this.#state = state;
    this.#loader = loader;
  }

  #with(change: Partial<QueryState>): StateQuery {
    return new StateQuery({ ...this.#state, ...change }, this.#loader);
  }

  filter(...where: readonly unknown[]): StateQuery {
    const { meta } = this.#state.model;
    const state = where.reduce<QueryState>(
      (sum, one) => withWhere(sum, parseWhere(rootScope(meta), one)),
      this.#state,
    );
    return new StateQuery(state, this.#loader);
  }

  exclude(...where: readonly unknown[]): StateQuery {
    if (where.length === 0) return this;
    const { meta } = this.#state.model;
    const item = and(where.map((one) => parseWhere(rootScope(meta), one)));
    return new StateQuery(withWhere(this.#state, { kind: "not", item }), this.#loader);
  }

  orderBy(...terms: readonly unknown[]): StateQuery {
    const { meta } = this.#state.model;
    const added = terms.map((term) => orderTerm(rootScope(meta), term));
    return this.#with({ order: [...this.#state.order, ...added] });
  }

  reverse(): StateQuery {
    return this.#with({ order: reversed(this.#state.model.meta, this.#state.order) });
  }

  limit(count: number): StateQuery {
    return this.#with({ limit: rowCount("limit", count) });
  }

  offset(count: number): StateQuery {
    return this.#with({ offset: rowCount("offset", count) });
  }

  only(...names: readonly string[]): StateQuery {
    return this.#with({ columns: onlyColumns(this.#state.model.meta, names) });
  }

  defer(...names: readonly string[]): StateQuery {
    return this.#with({ columns: deferColumns(this.#state.model.meta, names) });
  }

  selectRelated(...names: readonly string[]): StateQuery {
    const joined = new Set([
      ...this.#state.joined,
      ...joinedNames(this.#state.model.meta, names),
    ]);
    return this.#with({ joined: [...joined] });
  }

  prefetchRelated(tree: PrefetchTree): StateQuery {
    const { meta } = this.#state.model;
    return this.#with({ prefetch: mergePrefetch(meta, this.#state.prefetch, tree) });
  }

  nearest(name: string, vector: unknown, options: NearestOptions = {}): StateQuery {
    return new StateQuery(nearest(this.#state, name, vector, options), this.#loader);
  }

  using(target: Using): StateQuery {
    return this.#with({ using: target });
  }

  all(options?: RunOptions): Promise<object[]> {
    return actions.all(this.#state, this.#loader, options);
  }

  first(options?: RunOptions): Promise<object | null> {
    return actions.first(this.#state, this.#loader, options);
  }

  last(options?: RunOptions): Promise<object | null> {
    return actions.last(this.#state, this.#loader, options);
  }

  get(options?: RunOptions): Promise<object> {
    return actions.get(this.#state, this.#loader, options);
  }

  getOrNull(options?: RunOptions): Promise<object | null> {
    return actions.getOrNull(this.#state, this.#loader, options);
  }

  count(options?: RunOptions): Promise<number> {
    return actions.count(this.#state, options);
  }

  exists(options?: RunOptions): Promise<boolean> {
    return actions.exists(this.#state, options);
  }

  toSql(): { readonly text: string; readonly params: number } {
    const { text, params } = compile(planRead(this.#state).node);
    return { text, params: params.length };
  }
}

/** Makes a query from its state. */
export function makeQuery<Result, Shape>(state: QueryState, loader: Loader): Query<Result, Shape> {
  // the class is untyped inside; the interface gives its rows their types
  return new StateQuery(state, loader) as unknown as Query<Result, Shape>;
}
