/** Writes of every row that matches a filter, and those that look before they write. */
import { column, select } from "../ast/make.ts";
import type { Expression, QueryNode, SelectItem, StatementNode } from "../ast/nodes.ts";
import { compile } from "../compile/compile.ts";
import type { Rows, RunOptions } from "../driver/port.ts";
import { QueryError, ValidationError } from "../errors/base.ts";
import { sessionFor } from "../execute/session.ts";
import { amountNode } from "../query/expr/amount.ts";
import { Computed } from "../query/expr/computed.ts";
import { fieldOf, ROOT } from "../query/expr/scope.ts";
import { columnItems } from "../query/items.ts";
import { planRead, queryScope, rowConditions } from "../query/plan.ts";
import type { WriteOptions } from "../query/loader.ts";
import { checkRun } from "../query/run_options.ts";
import { wholeRows } from "../query/shape.ts";
import type { QueryState } from "../query/state.ts";
import { tableNode } from "../query/where.ts";
import type { ModelMeta } from "../schema/meta.ts";
import type { Touch } from "./cache/contract.ts";
import { runWrite } from "./cache/gate.ts";
import { touchDelete, touchUpdate } from "./cache/touch.ts";
import { hydrate } from "./hydrate.ts";
import { markItems, markOf } from "./soft_delete.ts";
import { assignments, checkValues, nextVersion, refuseUndefined, refuseVersion } from "./values.ts";

type Values = Readonly<Record<string, unknown>>;

/** Writes values to every row that a query gives. */
async function updateAll(
  state: QueryState,
  values: Values,
  returning: readonly SelectItem[],
  operation: string,
  options?: RunOptions,
): Promise<Rows> {
  const { meta } = state.model;
  refuseUndefined(values);
  refuseVersion(meta, Object.keys(values));
  const set = assignments(meta, values, ROOT)
    .map((part) => ({ column: part.column.name, value: part.value }));
  if (set.length === 0) {
    throw new ValidationError(`An update of ${meta.label} has no values`, {
      code: "no_values",
      hint: "Give the columns to write",
    });
  }
  if (meta.version !== null) {
    set.push({ column: meta.version.name, value: nextVersion(meta.version, ROOT) });
  }
  return await run(
    state,
    {
      kind: "update",
      table: tableNode(meta, ROOT),
      set,
      from: null,
      where: rowsOf(state),
      returning,
    },
    operation,
    touchUpdate(meta, null, set.map((one) => one.column)),
    options,
  );
}

/** Deletes every row that a query gives, or marks it as deleted. */
async function deleteAll(
  state: QueryState,
  hard: boolean | undefined,
  returning: readonly SelectItem[],
  options?: RunOptions,
): Promise<Rows> {
  const { meta } = state.model;
  if (markOf(meta, hard) !== null) {
    const set = markItems(meta, true, ROOT);
    return await run(
      state,
      {
        kind: "update",
        table: tableNode(meta, ROOT),
        set,
        from: null,
        where: rowsOf(state),
        returning,
      },
      "deleteWhere",
      touchUpdate(meta, null, set.map((one) => one.column)),
      options,
    );
  }
  return await run(
    state,
    {
      kind: "delete",
      from: tableNode(meta, ROOT),
      where: rowsOf(state),
      returning,
    },
    "deleteWhere",
    touchDelete(meta, null),
    options,
  );
}

/** Which rows a write is for. A query that is more than a filter chooses them by their keys. */
function rowsOf(state: QueryState): Expression | null {
  if (isFilter(state)) return rowConditions(state, queryScope(state.model, state.extras));
  const { meta } = state.model;
  if (meta.primaryKey.length === 0 || state.groupBy !== null) {
    throw new QueryError(`Cannot write the rows of this query over ${meta.label}`, {
      code: "invalid_write_query",
      hint: meta.primaryKey.length === 0
        ? "A table without a primary key is written by a filter alone"
        : "Groups are no rows: write by a filter",
    });
  }
  const chosen = { ...state, columns: meta.primaryKey, shown: [], joined: {}, prefetch: {} };
  // a scope around it gives the inner table an alias of its own
  const query = planRead(chosen, queryScope(state.model, [])).node;
  const key: Expression = {
    kind: "row",
    items: meta.primaryKey.map(({ name }) => column(ROOT, name)),
  };
  return { kind: "inQuery", item: key, query: once(meta, query) };
}

/** The keys of chosen rows, chosen once: run again, a limit or a lock could choose others. */
function once(meta: ModelMeta, query: QueryNode): QueryNode {
  const name = "chosen";
  return select({
    with: [{ kind: "cte", name, columns: [], query, recursive: false, materialized: true }],
    columns: columnItems(null, meta.primaryKey),
    from: { kind: "table", schema: null, name, alias: null },
  });
}

function isFilter(state: QueryState): boolean {
  return state.limit === null && state.offset === null && state.distinct === false &&
    state.groupBy === null && state.origin === null && state.with.length === 0 &&
    state.sample === null && state.lock === null && state.seek === null;
}

/** Writes values to every row that a query gives; the rows, or their number, as the options ask. */
export async function updateQuery(
  state: QueryState,
  values: Values,
  options: WriteOptions,
  operation = "updateWhere",
): Promise<object[] | number> {
  checkRun("updateWhere()", options, ["returning"]);
  const write = (returning: readonly SelectItem[], run: RunOptions): Promise<Rows> =>
    updateAll(state, values, returning, operation, run);
  return await rowsOrCount(state, options, write);
}

/** Deletes every row that a query gives; the rows, or their number, as the options ask. */
export async function deleteQuery(
  state: QueryState,
  options: WriteOptions,
): Promise<object[] | number> {
  checkRun("deleteWhere()", options, ["hard", "returning"]);
  const { hard, ...rest } = options;
  return await rowsOrCount(state, rest, (returning, run) => deleteAll(state, hard, returning, run));
}

async function rowsOrCount(
  state: QueryState,
  options: WriteOptions,
  write: (returning: readonly SelectItem[], options: RunOptions) => Promise<Rows>,
): Promise<object[] | number> {
  const { returning = false, ...run } = options;
  checkWritable(state, returning);
  if (!returning) return (await write([], run)).affected;
  const { model, using } = state;
  const rows = await write(columnItems(ROOT, model.meta.columns), run);
  return hydrate({ shape: wholeRows(model) }, rows, using);
}

/**
 * Checks that a query's rows can be written and, where they are wanted, given back.
 *
 * @throws {QueryError} the model is a view, or the query gives more or less than whole rows
 */
function checkWritable({ model: { meta }, ...state }: QueryState, returning: boolean): void {
  if (meta.kind !== "table") {
    throw new QueryError(`Cannot write rows of ${meta.label}: it is a ${meta.kind}`, {
      code: "invalid_write_query",
      hint: "Write the tables behind it",
    });
  }
  const related = Object.keys(state.joined).length + Object.keys(state.prefetch).length > 0;
  if (!returning || (state.columns === null && state.extras.length === 0 && !related)) return;
  throw new QueryError(`A write of ${meta.label} gives back whole rows alone`, {
    code: "invalid_write_query",
    hint: "Leave only(), values(), annotate() and relations out, or returning",
  });
}

/** Adds to columns of every row that a query gives. Gives how many rows there were. */
export async function increment(
  state: QueryState,
  amounts: Values,
  sign: 1 | -1,
  options?: RunOptions,
): Promise<number> {
  const values = increased(state.model.meta, amounts, sign);
  const operation = sign === 1 ? "increment" : "decrement";
  return (await updateAll(state, values, [], operation, options)).affected;
}

/** The columns of amounts, each with what it becomes. */
export function increased(meta: ModelMeta, amounts: Values, sign: 1 | -1): Values {
  const values = Object.entries(checkValues(amounts)).map(([property, amount]) => {
    meta.column(property);
    return [property, changedBy(property, amount, sign)] as const;
  });
  return Object.fromEntries(values);
}

function changedBy(property: string, amount: unknown, sign: 1 | -1): Computed {
  if (!["number", "bigint", "string"].includes(typeof amount)) {
    throw new ValidationError(`The amount for "${property}" is not a number`, {
      code: "invalid_value",
    });
  }
  const right = amountNode(amount as number | bigint | string);
  return new Computed((scope) => {
    const { node, codec } = fieldOf(scope, property);
    const operator = sign === 1 ? "plus" : "minus";
    return { node: { kind: "arithmetic", operator, left: node, right }, codec };
  });
}

/** A row, and whether this call made it. */
export interface Created<Row> {
  /** The row. */
  readonly row: Row;
  /** Whether it was not there before. */
  readonly created: boolean;
}

/** How often a row that others delete and insert meanwhile is looked for. */
const ATTEMPTS = 5;

/**
 * Loads the row, or inserts it when it is not there. Two callers at once get one row, provided that a
 * unique constraint covers what is looked for.
 */
export async function getOrCreate(
  find: () => Promise<object | null>,
  insert: () => Promise<object | null>,
  meta: ModelMeta,
): Promise<Created<object>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await find();
    if (found !== null) return { row: found, created: false };
    const made = await insert();
    if (made !== null) return { row: made, created: true };
  }
  throw new QueryError(`Could neither find nor insert the row of ${meta.label}`, {
    code: "row_keeps_changing",
    hint: meta.softDelete === null
      ? "A unique constraint that the filter does not name stands against it, or others keep changing it"
      : "A deleted row may stand against it: make the unique index one of rows that are not deleted",
  });
}

function run(
  state: QueryState,
  node: StatementNode,
  operation: string,
  touch: Touch,
  options?: RunOptions,
): Promise<Rows> {
  const { model, using } = state;
  const session = sessionFor(model.meta.database, using);
  return runWrite(session, compile(node), options, { model, operation }, () => [touch]);
}
