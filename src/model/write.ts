/** Writes of one row. */
import { and, binary, column, constant, item, param, select } from "../ast/make.ts";
import type { Expression, StatementNode } from "../ast/nodes.ts";
import { compile } from "../compile/compile.ts";
import type { Param, Rows, RunOptions } from "../driver/port.ts";
import { DoesNotExistError, OptimisticLockError, QueryError } from "../errors/base.ts";
import { sessionFor, type Using } from "../execute/session.ts";
import { deletion } from "../query/deleted.ts";
import { columnItems } from "../query/items.ts";
import { checkRun } from "../query/run_options.ts";
import { wholeRows } from "../query/shape.ts";
import type { DeleteOptions } from "../query/types.ts";
import { tableNode } from "../query/where.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { relationOf } from "../schema/relation_meta.ts";
import type { KeyTexts, Touch } from "./cache/contract.ts";
import { runWrite } from "./cache/gate.ts";
import { keyOfWire, touchDelete, touchNew, touchUpdate } from "./cache/touch.ts";
import { checkTypes } from "./column_types.ts";
import { absorb } from "./hydrate.ts";
import { absorbWritten } from "./undo.ts";
import { metaOfRow, type RowState, setValue, stateOf, valueOf, writerOf } from "./row_state.ts";
import { markItems, markOf } from "./soft_delete.ts";
import {
  type Assignment,
  assignments,
  changedColumns,
  nextVersion,
  refuseUndefined,
  refuseVersion,
  withDefaults,
} from "./values.ts";

/** A model, and where its rows are written. */
interface Target {
  readonly model: ModelRef;
  readonly using: Using | null;
}

function targetOf(state: RowState): Target {
  return { model: state.model, using: writerOf(state) };
}

/** Inserts a row and gives back what the server made of it. */
export async function insertRow(
  target: Target,
  values: Readonly<Record<string, unknown>>,
  operation: string,
  options?: RunOptions,
): Promise<readonly Param[]> {
  const { meta } = target.model;
  const parts = assignments(meta, withDefaults(meta, values));
  const rows = await run(
    target,
    {
      kind: "insert",
      into: tableNode(meta, null),
      columns: parts.map((part) => part.column.name),
      rows: [parts.map((part) => part.value)],
      query: null,
      onConflict: null,
      returning: columnItems(null, meta.columns),
    },
    operation,
    options,
    () => touchNew(meta),
  );
  const wire = firstRow(target.model, rows);
  if (wire !== undefined) return wire;
  throw new QueryError(`The database took the new row of ${meta.label} but gave none back`, {
    code: "no_row_returned",
    hint: "A trigger or rule of the table suppresses the insert",
  });
}

/** Inserts a new row, or updates the changed columns of one that was loaded. */
export async function save(
  row: object,
  options?: RunOptions,
  operation = "save",
): Promise<void> {
  const state = stateOf(row);
  const { meta } = state.model;
  if (state.wire === null) {
    const given = meta.columns.map((one) => [one.property, valueOf(row, one.property)] as const);
    const own = meta.columns.filter(({ property }) => valueOf(row, property) !== undefined);
    const wire = await insertRow(targetOf(state), Object.fromEntries(given), operation, options);
    absorbWritten(row, state, wire, new Set(own), writerOf(state));
    return;
  }
  const changed = changedColumns(row, state);
  if (changed.length === 0) return;
  await updateChanged(row, state, changed, options);
}

/**
 * Writes some columns of a row; on failure the row has its old values again. Changes to other columns
 * stay for `save()`.
 */
export async function update(
  row: object,
  values: Readonly<Record<string, unknown>>,
  options?: RunOptions,
): Promise<void> {
  const state = stateOf(row);
  const { meta } = state.model;
  refuseUndefined(values);
  refuseVersion(meta, Object.keys(values));
  const parts = assignments(meta, values);
  if (state.wire === null) {
    throw new QueryError(`Cannot update a row of ${meta.label} that was never saved`, {
      code: "row_not_saved",
      hint: "Call save() first",
    });
  }
  if (parts.length === 0) return;
  const before = parts.map(({ column }) =>
    [column.property, valueOf(row, column.property)] as const
  );
  const keepUnsaved = unsaved(row, state, parts.map(({ column }) => column));
  try {
    await writeUpdate(row, state, parts, new Set(), "update", options);
    keepUnsaved();
  } catch (error) {
    for (const [property, value] of before) setValue(row, property, value);
    throw error;
  }
}

/** What was changed and is not written now; it stays for `save()`. */
function unsaved(row: object, state: RowState, columns: readonly ColumnMeta[]): () => void {
  const written = new Set([...columns, state.model.meta.version]);
  const values = changedColumns(row, state)
    .filter((column) => !written.has(column))
    .map(({ property }) => [property, valueOf(row, property)] as const);
  return () => {
    for (const [property, value] of values) setValue(row, property, value);
  };
}

async function updateChanged(
  row: object,
  state: RowState,
  columns: readonly ColumnMeta[],
  options?: RunOptions,
): Promise<void> {
  const { meta } = state.model;
  const values = columns.map((one) => [one.property, valueOf(row, one.property)] as const);
  const parts = assignments(meta, Object.fromEntries(values));
  await writeUpdate(row, state, parts, new Set(columns), "save", options);
}

async function writeUpdate(
  row: object,
  state: RowState,
  parts: readonly Assignment[],
  kept: ReadonlySet<ColumnMeta>,
  operation: string,
  options?: RunOptions,
): Promise<void> {
  const { meta } = state.model;
  const { version } = meta;
  const set = parts.map((part) => ({ column: part.column.name, value: part.value }));
  if (version !== null) {
    set.push({ column: version.name, value: nextVersion(version, null) });
  }
  const rows = await run(
    targetOf(state),
    {
      kind: "update",
      table: tableNode(meta, null),
      set,
      from: null,
      where: identityCondition(state, "update"),
      returning: columnItems(null, meta.columns),
    },
    operation,
    options,
    () => touchUpdate(meta, keyOfState(state), set.map((one) => one.column)),
  );
  const wire = firstRow(state.model, rows);
  if (wire === undefined) {
    throw await isThere(state, operation, options) ? stale(meta, "update") : gone(meta, "update");
  }
  takeOver(row, state, wire, kept, parts.map((part) => part.column));
}

/** The first row of a result of whole rows. */
function firstRow(model: ModelRef, { columns, rows }: Rows): readonly Param[] | undefined {
  checkTypes(wholeRows(model), columns);
  return rows[0];
}

/** Takes over what the server has of a row whose columns were written. */
function takeOver(
  row: object,
  state: RowState,
  wire: readonly Param[],
  kept: ReadonlySet<ColumnMeta>,
  written: readonly ColumnMeta[],
): void {
  const { related } = state;
  absorbWritten(row, state, wire, kept, writerOf(state));
  state.related = keepRelated(state.model.meta, related, written);
}

/** A relation over a column that was written is no longer what was loaded. */
function keepRelated(
  meta: ModelMeta,
  related: Map<string, unknown> | null,
  written: readonly ColumnMeta[],
): Map<string, unknown> | null {
  if (related === null) return null;
  const kept = [...related].filter(([name]) =>
    !relationOf(meta, name).local.some((column) => written.includes(column))
  );
  return new Map(kept);
}

/** Deletes a row, or marks it as deleted; gives false when it was already gone. */
export async function deleteRow(row: object, options: DeleteOptions = {}): Promise<boolean> {
  checkRun("delete()", options, ["hard"]);
  const { hard, ...given } = options;
  const state = stateOf(row);
  const meta = metaOfRow(row);
  if (markOf(meta, hard) !== null) return await mark(row, state, true, given);
  const rows = await run(
    targetOf(state),
    {
      kind: "delete",
      from: tableNode(meta, null),
      where: identityCondition(state, "delete"),
      returning: [],
    },
    "delete",
    given,
    () => touchDelete(meta, keyOfState(state)),
  );
  if (rows.affected === 0 && await isThere(state, "delete", given)) throw stale(meta, "delete");
  return rows.affected > 0;
}

/** Takes the mark of a deleted row away; gives false when it had none, or is gone. */
export async function restoreRow(row: object, options: RunOptions = {}): Promise<boolean> {
  return await mark(row, stateOf(row), false, options);
}

/** Marks a row as deleted or as there, unless it is so already. */
async function mark(
  row: object,
  state: RowState,
  deleted: boolean,
  options: RunOptions,
): Promise<boolean> {
  const { meta } = state.model;
  const verb = deleted ? "delete" : "restore";
  const set = markItems(meta, deleted, null);
  const before = deletion(meta, null, !deleted)!;
  const where = and([identityCondition(state, verb), before]);
  const keepUnsaved = unsaved(row, state, [meta.softDelete!]);
  const rows = await run(
    targetOf(state),
    {
      kind: "update",
      table: tableNode(meta, null),
      set,
      from: null,
      where,
      returning: columnItems(null, meta.columns),
    },
    verb,
    options,
    () => touchUpdate(meta, keyOfState(state), set.map((one) => one.column)),
  );
  const wire = firstRow(state.model, rows);
  if (wire !== undefined) {
    takeOver(row, state, wire, new Set(), [meta.softDelete!]);
    keepUnsaved();
    return true;
  }
  if (await isThere(state, verb, options, before)) throw stale(meta, verb);
  return false;
}

/** Reads a row again, on the primary: who asks wants to know what is there now. */
export async function refresh(row: object, options?: RunOptions): Promise<void> {
  const state = stateOf(row);
  const { meta } = state.model;
  const key = keyCondition(state, "refresh");
  const columns = columnItems(null, meta.columns);
  const node = select({ columns, from: tableNode(meta, null), where: key });
  const rows = await run(targetOf(state), node, "refresh", options);
  const wire = firstRow(state.model, rows);
  if (wire === undefined) throw gone(meta, "refresh");
  absorb(row, state, wire);
}

/** The row by its key as it was loaded and, where there is one, its version. */
function identityCondition(state: RowState, verb: string): Expression {
  const { version } = state.model.meta;
  const key = keyCondition(state, verb);
  return version === null ? key : and([key, loadedEquals(state, version)]);
}

function keyCondition(state: RowState, verb: string): Expression {
  const { meta } = state.model;
  if (meta.primaryKey.length === 0) {
    throw new QueryError(`Cannot ${verb} a row of ${meta.label}: it has no primary key`, {
      code: "no_primary_key",
      hint: "Declare the key, or write with a filter over the table",
    });
  }
  if (state.wire === null) {
    throw new QueryError(`Cannot ${verb} a row of ${meta.label} that was never saved`, {
      code: "row_not_saved",
      hint: "Call save() first",
    });
  }
  return and(meta.primaryKey.map((key) => loadedEquals(state, key)));
}

/** The key under which others may have cached the row. */
function keyOfState({ model, wire }: RowState): readonly KeyTexts[] | null {
  return wire === null ? null : [keyOfWire(model.meta, wire)];
}

function loadedEquals(state: RowState, meta: ColumnMeta): Expression {
  const wire = state.wire?.[state.model.meta.columns.indexOf(meta)] ?? null;
  return binary("eq", column(null, meta.name), param(wire));
}

/** Whether the row that a write missed is there with another version. */
async function isThere(
  state: RowState,
  operation: string,
  options: RunOptions | undefined,
  also: Expression | null = null,
): Promise<boolean> {
  const { meta } = state.model;
  if (meta.version === null) return false;
  const rows = await run(
    targetOf(state),
    select({
      columns: [item(constant(1))],
      from: tableNode(meta, null),
      where: also === null ? keyCondition(state, "find") : and([keyCondition(state, "find"), also]),
    }),
    operation,
    options,
  );
  return rows.rows.length > 0;
}

function gone(meta: ModelMeta, verb: string): DoesNotExistError {
  return new DoesNotExistError(`Cannot ${verb} the row of ${meta.label}: it is gone`, {
    code: "does_not_exist",
    hint: "Another writer deleted it, or row level security hides it",
    context: { model: meta.label },
  });
}

function stale(meta: ModelMeta, verb: string): OptimisticLockError {
  return new OptimisticLockError(
    `Cannot ${verb} the row of ${meta.label}: it was changed since it was read`,
    {
      code: "stale_row",
      hint: "Call refresh(), apply the change again and save",
      context: { model: meta.label },
    },
  );
}

function run(
  { model, using }: Target,
  node: StatementNode,
  operation: string,
  options?: RunOptions,
  touch?: () => Touch,
): Promise<Rows> {
  const session = sessionFor(model.meta.database, using);
  const statement = compile(node);
  const caller = { model, operation };
  return touch === undefined
    ? session.run(statement, options, caller)
    : runWrite(session, statement, options, caller, () => [touch()]);
}
