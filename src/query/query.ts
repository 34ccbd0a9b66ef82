import { compile } from "../compile/compile.ts";
import type { RunOptions } from "../driver/port.ts";
import * as actions from "./actions.ts";
import { QueryBuilder } from "./builder.ts";
import type { Loader, WriteOptions } from "./loader.ts";
import { planRead } from "./plan.ts";
import type { QueryState } from "./state.ts";
import { streamRows } from "./stream.ts";
import type { ExplainOptions, KeysetPage, Query, StreamOptions } from "./types.ts";

/** The query behind the typed interface `Query`: the builder, and what runs it. */
class StateQuery extends QueryBuilder<StateQuery> {
  protected override derive(state: QueryState): StateQuery {
    return new StateQuery(state, this.loader);
  }

  all(options?: RunOptions): Promise<object[]> {
    return actions.all(this.state, this.loader, options);
  }

  first(options?: RunOptions): Promise<object | null> {
    return actions.first(this.state, this.loader, options);
  }

  last(options?: RunOptions): Promise<object | null> {
    return actions.last(this.state, this.loader, options);
  }

  get(options?: RunOptions): Promise<object> {
    return actions.get(this.state, this.loader, options);
  }

  getOrNull(options?: RunOptions): Promise<object | null> {
    return actions.getOrNull(this.state, this.loader, options);
  }

  count(options?: RunOptions): Promise<number> {
    return actions.count(this.state, options);
  }

  exists(options?: RunOptions): Promise<boolean> {
    return actions.exists(this.state, options);
  }

  aggregate(
    expressions: Readonly<Record<string, unknown>>,
    options?: RunOptions,
  ): Promise<object> {
    return actions.aggregate(this.state, this.loader, expressions, options);
  }

  update(
    values: Readonly<Record<string, unknown>>,
    options: WriteOptions = {},
  ): Promise<object[] | number> {
    return this.loader.update(this.state, values, options);
  }

  delete(options: WriteOptions = {}): Promise<object[] | number> {
    return this.loader.delete(this.state, options);
  }

  explain(options?: ExplainOptions & RunOptions): Promise<string> {
    return actions.explain(this.state, options);
  }

  async page(options?: RunOptions): Promise<KeysetPage<object>> {
    const { loadPage } = await import("./keyset_page.ts");
    return await loadPage(this.state, this.loader, options, "filter.page");
  }

  async *pages(options?: RunOptions): AsyncGenerator<KeysetPage<object>, void, undefined> {
    const { loadPages } = await import("./keyset_page.ts");
    yield* loadPages(this.state, this.loader, options);
  }

  stream(options?: StreamOptions): AsyncIterableIterator<object> {
    return streamRows(this.state, this.loader, options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<object> {
    return this.stream();
  }

  toSql(): { readonly text: string; readonly params: number } {
    const { text, params } = compile(planRead(this.state).node);
    return { text, params: params.length };
  }
}

/** Makes a query from its state. */
export function makeQuery<Result, Shape>(state: QueryState, loader: Loader): Query<Result, Shape> {
  // the class is untyped inside; the interface gives its rows their types
  return new StateQuery(state, loader) as unknown as Query<Result, Shape>;
}

/** The state of a query; undefined for anything else. */
export function stateOfQuery(query: unknown): QueryState | undefined {
  return query instanceof StateQuery ? query.state : undefined;
}
