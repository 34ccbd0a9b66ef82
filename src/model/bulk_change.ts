/** Changes of many rows that were loaded. */
import { checkList } from "../errors/argument.ts";
import { and, binary, column, select } from "../ast/make.ts";
import type { Expression, SetItem } from "../ast/nodes.ts";
import type { Param, Rows, RunOptions } from "../driver/port.ts";
import { OptimisticLockError, QueryError, ValidationError } from "../errors/base.ts";
import type { Using } from "../execute/session.ts";
import { ROOT } from "../query/expr/scope.ts";
import { columnItems } from "../query/items.ts";
import { andThere } from "../query/deleted.ts";
import { wholeRows } from "../query/shape.ts";
import type { DeleteOptions } from "../query/types.ts";
import { checkRun } from "../query/run_options.ts";
import { tableNode } from "../query/where.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { BATCH, batchItems, batchSource, batchValue, byColumn } from "./batch.ts";
import { chunks } from "../util/chunks.ts";
import { BATCH_SIZE, type BulkTarget, checkSize, run, together } from "./bulk.ts";
import type { KeyTexts } from "./cache/contract.ts";
import { keyOfWire, touchDelete, touchUpdate } from "./cache/touch.ts";
import { checkTypes } from "./column_types.ts";
import { stateOf, writerOf } from "./row_state.ts";
import { markItems, markOf } from "./soft_delete.ts";
import { absorbWritten } from "./undo.ts";
import { encodedValue, nextVersion, refuseVersion, writableColumn } from "./values.ts";

/**
 * Writes some columns of rows that were loaded, one statement for each 5,000. Gives how many there were.
 *
 * @throws {OptimisticLockError} the model has a version and a row was changed since it was read
 */
export async function bulkUpdate(
  model: ModelRef,
  rows: readonly object[],
  fields: readonly string[],
  options: RunOptions & { readonly batchSize?: number } = {},
): Promise<number> {
  checkRun("bulkUpdate()", options, ["batchSize"]);
  checkList(rows, "bulkUpdate()", "a list of rows");
  checkList(fields, "bulkUpdate()", "a list of fields");
  const { batchSize, ...run } = options;
  const size = checkSize(batchSize ?? BATCH_SIZE);
  const { meta } = model;
  const [firstRow] = rows;
  refuseVersion(meta, fields);
  const columns = fields.map((name) => writableColumn(meta, name));
  requireKey(meta, "update");
  if (firstRow === undefined || columns.length === 0) return 0;
  const target = { model, using: writerOf(stateOf(firstRow)), operation: "bulkUpdate" };
  const once = distinctRows(meta, rows);
  return await writeAll(
    target,
    chunks(once, size),
    (tx, part) => updatePart({ ...target, using: tx }, part, columns, run),
    new Set(columns),
  );
}

/** Writes rows part by part, all or none; they take over what the server has of them. */
async function writeAll(
  target: BulkTarget,
  parts: readonly (readonly object[])[],
  write: (using: Using | null, part: readonly object[]) => Promise<Written[]>,
  kept: ReadonlySet<ColumnMeta>,
): Promise<number> {
  const written = await together(target, async (tx) => {
    const all: Written[] = [];
    for (const part of parts) all.push(...await write(tx, part));
    return all;
  });
  // only now: until all was written, none was
  for (const { row, wire } of written) {
    absorbWritten(row, stateOf(row), wire, kept, target.using);
  }
  return written.length;
}

/** A row that was written, and what the server has of it now. */
interface Written {
  readonly row: object;
  readonly wire: readonly Param[];
}

/**
 * Leaves out what is given twice.
 *
 * @throws {ValidationError} two objects stand for one row
 */
function distinctRows(meta: ModelMeta, rows: readonly object[]): readonly object[] {
  const once = [...new Set(rows)];
  const keys = once.map((row) =>
    JSON.stringify(meta.primaryKey.map((one) => loadedText(row, one)))
  );
  if (new Set(keys).size === once.length) return once;
  throw new ValidationError(`Two of the objects stand for one row of ${meta.label}`, {
    code: "repeated_row",
    hint: "Give each row once: nobody can tell which of its values are meant",
  });
}

async function updatePart(
  target: BulkTarget,
  rows: readonly object[],
  columns: readonly ColumnMeta[],
  options: RunOptions,
  marks = false,
): Promise<Written[]> {
  const { meta } = target.model;
  const { version } = meta;
  const written = columns.filter((one) => one !== version);
  const tied = version === null ? meta.primaryKey : [...meta.primaryKey, version];
  const all = [...tied, ...written];
  const values = rows.map((row) => [
    ...tied.map((one) => loadedText(row, one)),
    ...written.map((one) => encodedValue(row, one)),
  ]);
  const set: SetItem[] = written.map((one, index) => ({
    column: one.name,
    value: batchValue(one, tied.length + index),
  }));
  if (marks) set.push(...markItems(meta, true, ROOT));
  else if (version !== null) set.push({ column: version.name, value: nextVersion(version, ROOT) });
  const where = tie(tied);
  const found = await run(
    target,
    {
      kind: "update",
      table: tableNode(meta, ROOT),
      set,
      from: batchSource(all, byColumn(all.length, values)),
      where: marks ? andThere(where, meta, ROOT) : where,
      returning: [
        ...columnItems(ROOT, meta.columns),
        { expression: column(BATCH, "ordinality"), alias: null },
      ],
    },
    options,
    () => touchUpdate(meta, keysOf(rows), set.map((one) => one.column)),
  );
  checkTypes(wholeRows(target.model), found.columns);
  if (version !== null && found.rows.length < rows.length) throw staleRows(meta, rows, found);
  return found.rows.map((wire) => ({
    row: rows[Number(wire[meta.columns.length]) - 1]!,
    wire: wire.slice(0, meta.columns.length),
  }));
}

/** Deletes rows that were loaded, or marks them as deleted. Gives how many were still there. */
export async function bulkDelete(
  model: ModelRef,
  rows: readonly object[],
  options: DeleteOptions = {},
): Promise<number> {
  checkRun("bulkDelete()", options, ["hard"]);
  const { hard, ...run } = options;
  const { meta } = model;
  checkList(rows, "bulkDelete()", "a list of rows");
  const [firstRow] = rows;
  requireKey(meta, "delete");
  if (firstRow === undefined) return 0;
  const target = { model, using: writerOf(stateOf(firstRow)), operation: "bulkDelete" };
  const once = distinctRows(meta, rows);
  if (markOf(meta, hard) !== null) {
    return await writeAll(
      target,
      chunks(once, BATCH_SIZE),
      (tx, part) => updatePart({ ...target, using: tx }, part, [], run, true),
      new Set(),
    );
  }
  const remove = async (using: Using | null): Promise<number> => {
    let deleted = 0;
    for (const part of chunks(once, BATCH_SIZE)) {
      deleted += await deletePart({ ...target, using }, part, run);
    }
    return deleted;
  };
  return rows.length <= BATCH_SIZE && meta.version === null
    ? await remove(target.using)
    : await together(target, remove);
}

async function deletePart(
  target: BulkTarget,
  rows: readonly object[],
  options: RunOptions,
): Promise<number> {
  const { meta } = target.model;
  const tied = meta.version === null ? meta.primaryKey : [...meta.primaryKey, meta.version];
  const values = rows.map((row) => tied.map((one) => loadedText(row, one)));
  const keys = select({
    columns: batchItems(tied),
    from: batchSource(tied, byColumn(tied.length, values)),
  });
  const item: Expression = {
    kind: "row",
    items: tied.map(({ name }) => column(ROOT, name)),
  };
  const found = await run(
    target,
    {
      kind: "delete",
      from: tableNode(meta, ROOT),
      where: { kind: "inQuery", item, query: keys },
      returning: [],
    },
    options,
    () => touchDelete(meta, keysOf(rows)),
  );
  if (meta.version !== null && found.affected < rows.length) throw staleRows(meta, rows, found);
  return found.affected;
}

function tie(columns: readonly ColumnMeta[]): Expression {
  return and(
    columns.map((one, index) => binary("eq", column(ROOT, one.name), batchValue(one, index))),
  );
}

/** The keys under which others may have cached the rows. */
function keysOf(rows: readonly object[]): KeyTexts[] {
  return rows.map((row) => {
    const { model, wire } = stateOf(row);
    return keyOfWire(model.meta, wire!);
  });
}

function loadedText(row: object, one: ColumnMeta): Param {
  const { wire, model } = stateOf(row);
  if (wire !== null) return wire[model.meta.columns.indexOf(one)] ?? null;
  throw new QueryError(`Cannot write a row of ${model.meta.label} that was never saved`, {
    code: "row_not_saved",
    hint: "Insert it with bulkCreate() first",
  });
}

function requireKey(meta: ModelMeta, verb: string): void {
  if (meta.primaryKey.length > 0) return;
  throw new QueryError(`Cannot ${verb} rows of ${meta.label}: it has no primary key`, {
    code: "no_primary_key",
    hint: "Declare the key, or write with a filter over the table",
  });
}

function staleRows(
  meta: ModelMeta,
  rows: readonly object[],
  found: Pick<Rows, "affected">,
): OptimisticLockError {
  return new OptimisticLockError(
    `${rows.length - found.affected} of ${rows.length} rows of ${meta.label} were changed or ` +
      "deleted since they were read; none was written",
    {
      code: "stale_row",
      hint: "Call refresh(), apply the changes again and write them",
      context: { model: meta.label },
    },
  );
}
