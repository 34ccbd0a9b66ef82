/** What a query does with the database: every function here returns a promise. */
import { compile } from "../compile/compile.ts";
import type { Rows, RunOptions } from "../driver/port.ts";
import {
  DoesNotExistError,
  MultipleObjectsReturnedError,
  QueryError,
  TransactionError,
  ValidationError,
} from "../errors/base.ts";
import type { Caller } from "../execute/origin.ts";
import { readerFor, type Session, sessionFor, type Using } from "../execute/session.ts";
import type { ModelMeta } from "../schema/meta.ts";
import { extrasOf } from "./builder.ts";
import type { Loader } from "./loader.ts";
import { planAggregate, planCount, planExists, planRead, type ReadPlan } from "./plan.ts";
import { checkRun } from "./run_options.ts";
import type { OrderClause, QueryState } from "./state.ts";
import type { ExplainOptions } from "./types.ts";

/** The session in which a query runs: a lock needs a server that can write. */
export function sessionOf(state: QueryState): Session {
  const { database } = state.model.meta;
  if (state.lock !== null) return sessionFor(database, state.using);
  const own = state.with.some(({ byHand }) => byHand);
  return readerFor(database, state.using, own ? "own" : "library");
}

/** Which call of a query's it is, for `onQuery`. */
export function callerOf({ model }: QueryState, operation: string): Caller {
  return { model, operation };
}

/** Loads all rows. */
export async function all(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
  operation = "filter.all",
  session: Session = sessionOf(state),
): Promise<object[]> {
  const { plan, rows } = await readRows(state, options, operation, session);
  return await finish(state, loader, plan, rows);
}

/** Reads the rows of a query as the server gives them. */
export async function readRows(
  state: QueryState,
  options: RunOptions | undefined,
  operation: string,
  session: Session = sessionOf(state),
): Promise<{ readonly plan: ReadPlan; readonly rows: Rows }> {
  const plan = planRows(state.seek === null ? state : await placedLate(state));
  if (state.lock !== null && session.transaction === null) throw lockInVain(state.model.meta);
  const rows = await session.run(compile(plan.node), options, callerOf(state, operation));
  return { plan, rows };
}

/** The same rows from the end to the start. */
export function turnedAround(state: QueryState): QueryState {
  const { reversed, seek } = state;
  const turned = seek === null ? null : { ...seek, after: seek.before, before: seek.after };
  return { ...state, reversed: !reversed, seek: turned };
}

/** Lets a query with cursors be planned; loads what only such queries need. */
export async function placedLate(state: QueryState): Promise<QueryState> {
  return (await import("./keyset.ts")).placed(state);
}

/** The error of a lock that would be gone before its rows arrive. */
function lockInVain(meta: ModelMeta): TransactionError {
  return new TransactionError(`Cannot lock rows of ${meta.label} outside a transaction`, {
    code: "lock_without_transaction",
    hint: "The lock would end with the statement: read and write inside transaction()",
    context: { model: meta.label },
  });
}

/** Makes the plan of a query whose rows are wanted. */
export function planRows(state: QueryState): ReadPlan {
  const plan = planRead(state);
  const related = plan.shape.joined.length > 0 || Object.keys(state.prefetch).length > 0;
  if (!related || !plan.shape.partial) return plan;
  throw new QueryError("Cannot load relations into partial rows", {
    code: "partial_rows_without_relations",
    hint: "Leave only(), defer(), values() and groupBy() out, or load the relations on their own",
  });
}

/** Makes rows into instances and loads their relations, those by way of `via`. */
export async function finish(
  state: QueryState,
  loader: Loader,
  plan: ReadPlan,
  rows: Rows,
  via: Using | null = state.using,
): Promise<object[]> {
  const loaded = loader.hydrate(plan, rows, state.using);
  if (loaded.length > 0 && Object.keys(state.prefetch).length > 0) {
    await loader.prefetch(loaded, plan, state.prefetch, state.using, via);
  }
  return loaded;
}

/** Refuses a lock where no row is read. */
function refuseLock({ lock, model: { meta } }: QueryState, call: string): void {
  if (lock === null) return;
  throw new QueryError(`${call} of ${meta.label} reads no rows that it could lock`, {
    code: "lock_without_rows",
    hint: "Leave forUpdate() or forShare() out, or read the rows with all()",
    context: { model: meta.label },
  });
}

/** The order by primary key, where the query has none. */
function keyed(state: QueryState): readonly OrderClause[] {
  if (state.order.length > 0 || state.groupBy !== null) return state.order;
  return state.model.meta.primaryKey.map(({ property }) => ({ input: property, node: null }));
}

/** Loads the first row by the query's order, else by primary key. */
export async function first(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
): Promise<object | null> {
  const limit = Math.min(state.limit ?? 1, 1);
  const [row] = await all(
    { ...state, order: keyed(state), limit },
    loader,
    options,
    "filter.first",
  );
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
  const turned = turnedAround(state);
  const [row] = await all({ ...turned, limit: 1 }, loader, options, "filter.last");
  return row ?? null;
}

/** Loads the only row, or null when there is none. */
export async function getOrNull(
  state: QueryState,
  loader: Loader,
  options?: RunOptions,
  operation = "filter.getOrNull",
  session: Session = sessionOf(state),
): Promise<object | null> {
  const limit = Math.min(state.limit ?? 2, 2);
  const [row, extra] = await all({ ...state, limit }, loader, options, operation, session);
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
  const row = await getOrNull(state, loader, options, "filter.get");
  if (row !== null) return row;
  throw doesNotExist(state.model.meta);
}

/** The error of a lookup that found nothing. */
export function doesNotExist(meta: ModelMeta): DoesNotExistError {
  return new DoesNotExistError(`No row of ${meta.label} matches`, {
    code: "does_not_exist",
    hint: "Use getOrNull() where a missing row is expected",
    context: { model: meta.label },
  });
}

/** Counts the rows. */
export async function count(state: QueryState, options?: RunOptions): Promise<number> {
  refuseLock(state, "count()");
  const rows = await sessionOf(state).run(
    compile(planCount(state)),
    options,
    callerOf(state, "filter.count"),
  );
  return Number(rows.rows[0]![0]);
}

/** Tells whether there is a row. */
export async function exists(state: QueryState, options?: RunOptions): Promise<boolean> {
  refuseLock(state, "exists()");
  const rows = await sessionOf(state).run(
    compile(planExists(state)),
    options,
    callerOf(state, "filter.exists"),
  );
  return rows.rows[0]![0] === "t";
}

/** Gives aggregates over the rows, as one plain object. */
export async function aggregate(
  state: QueryState,
  loader: Loader,
  expressions: Readonly<Record<string, unknown>>,
  options?: RunOptions,
): Promise<object> {
  refuseLock(state, "aggregate()");
  const extras = extrasOf(state, expressions, []);
  if (extras.length === 0) {
    throw new ValidationError("aggregate() has nothing to compute", {
      code: "invalid_expression",
      hint: 'Name an expression: aggregate({ total: sum("total") })',
    });
  }
  const plan = planAggregate(state, extras);
  const statement = compile(plan.node);
  const rows = await sessionOf(state).run(statement, options, callerOf(state, "filter.aggregate"));
  return loader.hydrate(plan, rows, state.using)[0]!;
}

const FORMATS: ReadonlySet<string> = new Set(["text", "json", "yaml", "xml"]);

/** Gives the server's plan of a query. */
export async function explain(
  state: QueryState,
  options: ExplainOptions & RunOptions = {},
): Promise<string> {
  checkRun("explain()", options, ["analyze", "format"]);
  const { analyze = false, format = "text", ...run } = options;
  // the word becomes SQL text, so only the known ones may pass
  if (!FORMATS.has(format)) {
    throw new ValidationError("The format of a plan is not known", {
      code: "unknown_format",
      hint: `The formats are ${[...FORMATS].join(", ")}`,
    });
  }
  const query = planRows(state.seek === null ? state : await placedLate(state)).node;
  const statement = compile({ kind: "explain", query, analyze: analyze === true, format });
  const rows = await sessionOf(state).run(statement, run, callerOf(state, "filter.explain"));
  return rows.rows.map(([line]) => line).join("\n");
}
