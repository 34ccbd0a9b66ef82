/** Writes of many rows at once. */
import { and, binary, column, select } from "../ast/make.ts";
import type { ConflictSpec, Expression, SetItem, StatementNode } from "../ast/nodes.ts";
import { compile } from "../compile/compile.ts";
import type { Param, Rows, RunOptions } from "../driver/port.ts";
import { OptimisticLockError, QueryError, ValidationError } from "../errors/base.ts";
import { sessionFor, type Transaction, type Using } from "../execute/session.ts";
import { transaction } from "../execute/transaction.ts";
import { ROOT } from "../query/expr/expr.ts";
import { columnItems, planRead } from "../query/plan.ts";
import { emptyState } from "../query/state.ts";
import { tableNode } from "../query/where.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { BATCH, batchItems, batchSource, batchValue, chunks } from "./batch.ts";
import { absorb, hydrate } from "./hydrate.ts";
import { stateOf, usingOf } from "./row_state.ts";
import {
  encodedValue,
  nextVersion,
  plainAssignments,
  withDefaults,
  writableColumn,
} from "./values.ts";

/** How many rows go out in one statement. */
const BATCH_SIZE = 5_000;

/** Options of `bulkCreate`. */
export interface BulkCreateOptions extends RunOptions {
  /** Leaves out rows that break a unique constraint; they are not given back. */
  readonly ignoreConflicts?: boolean;
  /** How many rows go out in one statement; default 5,000. */
  readonly batchSize?: number;
}

/** Options of `upsert`. Names are properties. */
export interface UpsertOptions extends RunOptions {
  /** The columns of the unique constraint that decides. */
  readonly conflict: readonly string[];
  /** The columns that a row that is there gets; default: all that are given, but for `conflict`. */
  readonly update?: readonly string[];
}

/** Options of `bulkUpsert`. */
export interface BulkUpsertOptions extends UpsertOptions {
  /** How many rows go out in one statement; default 5,000. */
  readonly batchSize?: number;
}

type Values = Readonly<Record<string, unknown>>;

/** Where a bulk write goes. */
export interface BulkTarget {
  readonly model: ModelRef;
  readonly using: Using | null;
}

/** Rows that give the same columns, with their places among all rows. */
interface Group {
  readonly columns: readonly ColumnMeta[];
  readonly rows: { readonly place: number; readonly values: readonly (string | null)[] }[];
}

/** Inserts rows; those of different columns go out in statements of their own. Gives them in their order. */
export async function bulkCreate(
  target: BulkTarget,
  rows: readonly Values[],
  options: BulkCreateOptions = {},
): Promise<object[]> {
  const conflict: ConflictSpec | null = options.ignoreConflicts
    ? { action: "nothing", target: [] }
    : null;
  return await insertAll(target, rows, () => conflict, options);
}

/** Inserts rows, or updates those that are there. Gives them in their order. */
export async function bulkUpsert(
  target: BulkTarget,
  rows: readonly Values[],
  options: BulkUpsertOptions,
): Promise<object[]> {
  const { meta } = target.model;
  return await insertAll(target, rows, (columns) => upsertSpec(meta, columns, options), options);
}

async function insertAll(
  target: BulkTarget,
  rows: readonly Values[],
  conflict: (columns: readonly ColumnMeta[]) => ConflictSpec | null,
  options: RunOptions & { readonly batchSize?: number },
): Promise<object[]> {
  const { batchSize, ...run } = options;
  const size = checkSize(batchSize ?? BATCH_SIZE);
  const groups = groupRows(target.model.meta, rows);
  const pieces = groups.flatMap(({ columns, rows }) =>
    chunks(rows, size).map((part) => ({ columns, rows: part }))
  );
  if (pieces.length === 0) return [];
  const insert = async (using: Using | null): Promise<object[]> => {
    const placed: { readonly place: number; readonly row: object }[] = [];
    for (const piece of pieces) {
      const made = await insertGroup({ ...target, using }, piece, conflict(piece.columns), run);
      // with conflicts left out nobody can tell which rows are missing: the rest keeps its order
      made.forEach((row, index) => placed.push({ place: piece.rows[index]!.place, row }));
    }
    return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
  };
  return pieces.length === 1 ? await insert(target.using) : await together(target, insert);
}

/** Runs several statements so that all or none of them count. */
export async function together<Result>(
  target: BulkTarget,
  write: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const session = sessionFor(target.model.meta.database, target.using);
  if (session.transaction !== null) return await session.transaction.savepoint(write);
  return await transaction(write, { database: session.database });
}

function groupRows(meta: ModelMeta, rows: readonly Values[]): Group[] {
  const groups = new Map<string, Group>();
  rows.forEach((row, place) => {
    const given = plainAssignments(meta, withDefaults(meta, row));
    const columns = given.map(({ column }) => column);
    const id = JSON.stringify(columns.map(({ property }) => property));
    const group = groups.get(id) ?? { columns, rows: [] };
    groups.set(id, group);
    group.rows.push({ place, values: given.map(({ text }) => text) });
  });
  return [...groups.values()];
}

async function insertGroup(
  target: BulkTarget,
  { columns, rows }: Group,
  onConflict: ConflictSpec | null,
  options: RunOptions,
): Promise<object[]> {
  const { meta } = target.model;
  const returning = columnItems(null, meta.columns);
  const into = tableNode(meta, null);
  if (columns.length === 0) {
    const single: StatementNode = {
      kind: "insert",
      into,
      columns: [],
      rows: [[]],
      query: null,
      onConflict,
      returning,
    };
    const made: object[] = [];
    for (const _ of rows) made.push(...instances(target, await run(target, single, options)));
    return made;
  }
  const query = select({
    columns: batchItems(columns),
    from: batchSource(columns, rows.map(({ values }) => values)),
    order: [{
      kind: "order",
      expression: column(BATCH, "ordinality"),
      descending: false,
      nulls: null,
    }],
  });
  const made = await run(target, {
    kind: "insert",
    into,
    columns: columns.map(({ name }) => name),
    rows: [],
    query,
    onConflict,
    returning,
  }, options);
  return instances(target, made);
}

function instances(target: BulkTarget, rows: Rows): object[] {
  return hydrate(planRead(emptyState(target.model, target.using)), rows, target.using);
}

function upsertSpec(
  meta: ModelMeta,
  given: readonly ColumnMeta[],
  options: UpsertOptions,
): ConflictSpec {
  if (options.conflict.length === 0) {
    throw new ValidationError(`An upsert into ${meta.label} names no columns that can conflict`, {
      code: "invalid_upsert",
      hint: 'Name those of a unique constraint: { conflict: ["externalId"] }',
    });
  }
  const target = options.conflict.map((name) => meta.column(name));
  const updated = options.update === undefined
    ? given.filter((one) => !target.includes(one) && one !== meta.version)
    : options.update.map((name) => writableColumn(meta, name));
  if (updated.length === 0) {
    throw new ValidationError(`An upsert into ${meta.label} has no columns to update`, {
      code: "invalid_upsert",
      hint: "Name some with update, or use bulkCreate with ignoreConflicts",
    });
  }
  const set: SetItem[] = updated.map(({ name }) => ({
    column: name,
    value: column("excluded", name),
  }));
  if (meta.version !== null) {
    set.push({ column: meta.version.name, value: nextVersion(meta.version, meta.table) });
  }
  return {
    action: "update",
    target: target.map(({ name }) => name),
    targetWhere: null,
    set,
    where: null,
  };
}

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
  const { batchSize, ...run } = options;
  const size = checkSize(batchSize ?? BATCH_SIZE);
  const { meta } = model;
  const [firstRow] = rows;
  const columns = fields.map((name) => writableColumn(meta, name));
  requireKey(meta, "update");
  if (firstRow === undefined || columns.length === 0) return 0;
  const target = { model, using: usingOf(stateOf(firstRow)) };
  return await together(target, async (tx) => {
    let updated = 0;
    for (const part of chunks(rows, size)) {
      updated += await updatePart({ model, using: tx }, part, columns, run);
    }
    return updated;
  });
}

async function updatePart(
  target: BulkTarget,
  rows: readonly object[],
  columns: readonly ColumnMeta[],
  options: RunOptions,
): Promise<number> {
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
  if (version !== null) set.push({ column: version.name, value: nextVersion(version, ROOT) });
  const found = await run(target, {
    kind: "update",
    table: tableNode(meta, ROOT),
    set,
    from: batchSource(all, values),
    where: tie(tied),
    returning: [
      ...columnItems(ROOT, meta.columns),
      { expression: column(BATCH, "ordinality"), alias: null },
    ],
  }, options);
  if (version !== null && found.rows.length < rows.length) throw staleRows(meta, rows, found);
  for (const wire of found.rows) {
    const row = rows[Number(wire[meta.columns.length]) - 1]!;
    absorb(row, stateOf(row), wire.slice(0, meta.columns.length));
  }
  return found.rows.length;
}

/** Deletes rows that were loaded. Gives how many were still there. */
export async function bulkDelete(
  model: ModelRef,
  rows: readonly object[],
  options: RunOptions = {},
): Promise<number> {
  const { meta } = model;
  const [firstRow] = rows;
  requireKey(meta, "delete");
  if (firstRow === undefined) return 0;
  const target = { model, using: usingOf(stateOf(firstRow)) };
  const remove = async (using: Using | null): Promise<number> => {
    let deleted = 0;
    for (const part of chunks(rows, BATCH_SIZE)) {
      deleted += await deletePart({ model, using }, part, options);
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
  const keys = select({ columns: batchItems(tied), from: batchSource(tied, values) });
  const item: Expression = {
    kind: "row",
    items: tied.map(({ name }) => column(ROOT, name)),
  };
  const found = await run(target, {
    kind: "delete",
    from: tableNode(meta, ROOT),
    where: { kind: "inQuery", item, query: keys },
    returning: [],
  }, options);
  if (meta.version !== null && found.affected < rows.length) throw staleRows(meta, rows, found);
  return found.affected;
}

function tie(columns: readonly ColumnMeta[]): Expression {
  return and(
    columns.map((one, index) => binary("eq", column(ROOT, one.name), batchValue(one, index))),
  );
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

function checkSize(size: number): number {
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new ValidationError("The batch size is not a whole number from 1 up", {
    code: "invalid_batch_size",
  });
}

function run(target: BulkTarget, node: StatementNode, options: RunOptions): Promise<Rows> {
  return sessionFor(target.model.meta.database, target.using).run(compile(node), options);
}
