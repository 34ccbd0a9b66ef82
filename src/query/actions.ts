/** What a query does with the database: every function here returns a promise. */
import { compile } from "../compile/compile.ts";
import type { RunOptions } from "../driver/port.ts";
import {
  DoesNotExistError,
  MultipleObjectsReturnedError,
  ValidationError,
} from "../errors/base.ts";
import { sessionFor } from "../execute/session.ts";
import type { Loader } from "./loader.ts";
import { keyOrder, planCount, planExists, planRead, reversed } from "./plan.ts";
import type { QueryState } from "./state.ts";

/** Loads all rows. */
export async function all(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
): Promise<object[]> {
  const plan = planRead(state);
  const session = sessionFor(state.model.meta.database, state.using);
  const rows = await session.run(compile(plan.node), options);
  const loaded = loader.hydrate(plan, rows, state.using);
  if (loaded.length > 0 && Object.keys(state.prefetch).length > 0) {
    await loader.prefetch(loaded, plan, state.prefetch, state.using);
  }
  return loaded;
}

/** Loads the first row by the query's order, else by primary key. */
export async function first(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
): Promise<object | null> {
  const order = state.order.length > 0 ? state.order : keyOrder(state.model.meta);
  const limit = Math.min(state.limit ?? 1, 1);
  const [row] = await all({ ...state, order, limit }, loader, options);
  return row ?? null;
}

/** Loads the last row by the query's order, else by primary key. */
export async function last(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
): Promise<object | null> {
  if (state.limit !== null || state.offset !== null) {
    throw new ValidationError("Cannot take the last row of a query with a limit or an offset", {
      code: "invalid_limit",
      hint: "Take all() of it, or leave the limit out",
    });
  }
  const order = reversed(state.model.meta, state.order);
  const [row] = await all({ ...state, order, limit: 1 }, loader, options);
  return row ?? null;
}

/** Loads the only row, or null when there is none. */
export async function getOrNull(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
): Promise<object | null> {
  const limit = Math.min(state.limit ?? 2, 2);
  const [row, extra] = await all({ ...state, limit }, loader, options);
  if (extra !== undefined) {
    throw new MultipleObjectsReturnedError(
      `Expected one row of ${state.model.meta.label}, but several match`,
      {
        code: "multiple_objects_returned",
        hint: "Narrow the filter, or use first() or all()",
        context: { model: state.model.meta.label },
      },
    );
  }
  return row ?? null;
}

/** Loads the only row. */
export async function get(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
): Promise<object> {
  const row = await getOrNull(state, loader, options);
  if (row !== null) return row;
  throw new DoesNotExistError(`No row of ${state.model.meta.label} matches`, {
    code: "does_not_exist",
    hint: "Use getOrNull() where a missing row is expected",
    context: { model: state.model.meta.label },
  });
}

/** Counts the rows. */
export async function count(state: QueryState, options?: RunOptions): Promise<number> {
  const session = sessionFor(state.model.meta.database, state.using);
  const rows = await session.run(compile(planCount(state)), options);
  return Number(rows.rows[0]![0]);
}

/** Tells whether there is a row. */
export async function exists(state: QueryState, options?: RunOptions): Promise<boolean> {
  const session = sessionFor(state.model.meta.database, state.using);
  const rows = await session.run(compile(planExists(state)), options);
  return rows.rows[0]![0] === "t";
}
