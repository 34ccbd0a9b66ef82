/** Inserts of many rows at once. */
import { checkList, checkObject } from "../errors/argument.ts";
import { column, param, select } from "../ast/make.ts";
import type { ConflictSpec, SetItem, StatementNode } from "../ast/nodes.ts";
import { compile } from "../compile/compile.ts";
import type { Rows, RunOptions } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import { sessionFor, type Transaction, type Using } from "../execute/session.ts";
import { transaction } from "../execute/transaction.ts";
import { columnItems } from "../query/items.ts";
import { deletion } from "../query/deleted.ts";
import { checkRun } from "../query/run_options.ts";
import { wholeRows } from "../query/shape.ts";
import { tableNode } from "../query/where.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { BATCH, batchItems, batchSource } from "./batch.ts";
import type { Touch } from "./cache/contract.ts";
import { runWrite } from "./cache/gate.ts";
import { keysOfRows, touchNew, touchUpdate } from "./cache/touch.ts";
import { hydrate } from "./hydrate.ts";
import { valueOf } from "./row_state.ts";
import { newAgainOnRollback } from "./undo.ts";
import {
  assignments,
  checkValues,
  defaulted,
  nextVersion,
  plainText,
  refuseUndefined,
  refuseVersion,
  writableColumn,
} from "./values.ts";

/** How many rows go out in one statement. */
export const BATCH_SIZE = 5_000;

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
  /**
   * The columns that a row that is there gets, or values and expressions for them; default: all columns
   * that are given, but for `conflict`.
   */
  readonly update?: readonly string[] | Values;
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
  /** The call, for `onQuery`. */
  readonly operation: string;
}

/** Rows that give the same columns, with their places among all rows. */
interface Group {
  readonly columns: readonly ColumnMeta[];
  /** Those of the columns that the caller gave; the others have defaults that the client makes. */
  readonly given: readonly ColumnMeta[];
  readonly places: readonly number[];
  /** The encoded values, column by column. */
  readonly texts: readonly (readonly (string | null)[])[];
}

/** Inserts rows; those of different columns go out in statements of their own. Gives them in their order. */
export async function bulkCreate(
  target: BulkTarget,
  rows: readonly Values[],
  options: BulkCreateOptions = {},
): Promise<object[]> {
  checkRun("bulkCreate()", options, ["ignoreConflicts", "batchSize"]);
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
  checkRun("upsert()", options, ["conflict", "update", "batchSize"]);
  if (!Array.isArray(options?.conflict)) throw noConflict(meta);
  const { update } = options;
  if (update !== undefined) {
    checkObject(update, "An upsert", "a list of columns, or an object of values, as update");
    if (!Array.isArray(update)) refuseUndefined(update as Values);
  }
  return await insertAll(target, rows, (columns) => upsertSpec(meta, columns, options), options);
}

async function insertAll(
  target: BulkTarget,
  rows: readonly Values[],
  conflict: (columns: readonly ColumnMeta[]) => ConflictSpec | null,
  options: RunOptions & { readonly batchSize?: number },
): Promise<object[]> {
  const { batchSize } = options;
  const run = runOptions(options);
  const size = checkSize(batchSize ?? BATCH_SIZE);
  checkList(rows, "A bulk insert", "a list of rows");
  const pieces = groupRows(target.model.meta, rows).flatMap((group) => cut(group, size));
  if (pieces.length === 0) return [];
  const insert = async (using: Using | null): Promise<object[]> => {
    const placed = new Array<object | undefined>(rows.length);
    const place = async (piece: Group, answer: Promise<object[]>): Promise<void> => {
      const made = await answer;
      newAgainOnRollback(made, piece.given, using);
      // with conflicts left out nobody can tell which rows are missing: the rest keeps its order
      made.forEach((row, index) => placed[piece.places[index]!] = row);
    };
    let before = Promise.resolve();
    for (const piece of pieces) {
      const answer = insertGroup({ ...target, using }, piece, conflict(piece.given), run);
      // while the server is at work the next piece is made; its own failure is heard below
      answer.catch(() => {});
      await before;
      before = place(piece, answer);
      before.catch(() => {});
    }
    await before;
    return placed.filter((row) => row !== undefined);
  };
  return pieces.length === 1 ? await insert(target.using) : await together(target, insert);
}

function cut(group: Group, size: number): Group[] {
  const { places, texts } = group;
  if (places.length <= size) return [group];
  const parts: Group[] = [];
  for (let from = 0; from < places.length; from += size) {
    const part = <Item>(items: readonly Item[]): readonly Item[] => items.slice(from, from + size);
    parts.push({ ...group, places: part(places), texts: texts.map(part) });
  }
  return parts;
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

/** A group that rows are still added to. */
interface OpenGroup extends Group {
  readonly names: readonly string[];
  readonly places: number[];
  readonly texts: (string | null)[][];
}

/** Sorts rows by the columns that they give; what a row's names mean is looked up once for all like it. */
function groupRows(meta: ModelMeta, rows: readonly Values[]): Group[] {
  const groups = new Map<string, OpenGroup>();
  let group: OpenGroup | undefined;
  rows.forEach((row, place) => {
    checkValues(row);
    if (group === undefined || !hasNames(row, group.names)) group = groupOf(meta, row, groups);
    const { columns, places, texts } = group;
    places.push(place);
    for (let index = 0; index < columns.length; index++) {
      const one = columns[index]!;
      texts[index]!.push(plainText(one, valueOf(row, one.property)));
    }
  });
  return [...groups.values()];
}

/** Whether a row gives these values, in this order, and no others. */
function hasNames(row: Values, names: readonly string[]): boolean {
  const keys = Object.keys(row);
  if (keys.length !== names.length) return false;
  return keys.every((key, index) => key === names[index] && row[key] !== undefined);
}

function groupOf(meta: ModelMeta, row: Values, groups: Map<string, OpenGroup>): OpenGroup {
  const names = Object.keys(row).filter((name) => row[name] !== undefined);
  const id = names.join("\0");
  let group = groups.get(id);
  if (group === undefined) {
    const given = names.map((name) => writableColumn(meta, name));
    const columns = [...given, ...defaulted(meta, row)];
    group = { names, given, columns, places: [], texts: columns.map(() => []) };
    groups.set(id, group);
  }
  return group;
}

async function insertGroup(
  target: BulkTarget,
  { columns, places, texts }: Group,
  onConflict: ConflictSpec | null,
  options: RunOptions,
): Promise<object[]> {
  const { meta } = target.model;
  const returning = columnItems(null, meta.columns);
  const into = tableNode(meta, null);
  const touch = (): Touch => touchOf(meta, onConflict);
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
    for (const _ of places) {
      made.push(...instances(target, await run(target, single, options, touch)));
    }
    return made;
  }
  const query = select({
    columns: batchItems(columns),
    from: batchSource(columns, texts),
    order: [{
      kind: "order",
      expression: column(BATCH, "ordinality"),
      descending: false,
      nulls: null,
    }],
  });
  const made = await run(
    target,
    {
      kind: "insert",
      into,
      columns: columns.map(({ name }) => name),
      rows: [],
      query,
      onConflict,
      returning,
    },
    options,
    touch,
  );
  return instances(target, made);
}

/** What an insert writes: new rows, or those that are there as well. */
function touchOf(meta: ModelMeta, onConflict: ConflictSpec | null): Touch {
  if (onConflict?.action !== "update") return touchNew(meta);
  return touchUpdate(meta, keysOfRows(meta), onConflict.set.map((one) => one.column));
}

function instances(target: BulkTarget, rows: Rows): object[] {
  return hydrate({ shape: wholeRows(target.model) }, rows, target.using);
}

function upsertSpec(
  meta: ModelMeta,
  given: readonly ColumnMeta[],
  options: UpsertOptions,
): ConflictSpec {
  if (options.conflict.length === 0) throw noConflict(meta);
  const target = options.conflict.map((name) => meta.column(name));
  const set = options.update === undefined
    ? fromProposed(given.filter((one) => !target.includes(one) && one !== meta.version))
    : chosenItems(meta, options.update);
  if (set.length === 0) {
    throw new ValidationError(`An upsert into ${meta.label} has no columns to update`, {
      code: "invalid_upsert",
      hint: "Name some with update, or use bulkCreate with ignoreConflicts",
    });
  }
  if (meta.version !== null) {
    set.push({ column: meta.version.name, value: nextVersion(meta.version, meta.table) });
  }
  // a row that an upsert has written is there
  if (meta.softDelete !== null && !set.some((one) => one.column === meta.softDelete?.name)) {
    set.push({ column: meta.softDelete.name, value: param(null) });
  }
  return {
    action: "update",
    target: target.map(({ name }) => name),
    // fits a unique index of all rows, and one of those that are not deleted
    targetWhere: deletion(meta, null, false),
    set,
    where: null,
  };
}

/** What a row that is there gets, as the options say: columns of the proposed row, or values. */
function chosenItems(meta: ModelMeta, update: readonly string[] | Values): SetItem[] {
  const isList = Array.isArray(update);
  refuseVersion(meta, isList ? update : Object.keys(update));
  if (isList) return fromProposed(update.map((name) => writableColumn(meta, name)));
  const items = assignments(meta, update as Values, meta.table, true);
  return items.map((one) => ({ column: one.column.name, value: one.value }));
}

function fromProposed(columns: readonly ColumnMeta[]): SetItem[] {
  return columns.map(({ name }) => ({ column: name, value: column("excluded", name) }));
}

function noConflict(meta: ModelMeta): ValidationError {
  return new ValidationError(`An upsert into ${meta.label} names no columns that can conflict`, {
    code: "invalid_upsert",
    hint: 'Name those of a unique constraint: { conflict: ["externalId"] }',
  });
}

/** The options of the statements themselves. */
function runOptions({ signal, timeoutMs }: RunOptions): RunOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

/** Checks how many rows go out in one statement. */
export function checkSize(size: number): number {
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new ValidationError("The batch size is not a whole number from 1 up", {
    code: "invalid_batch_size",
  });
}

/** Runs a statement where a bulk write goes. */
export function run(
  target: BulkTarget,
  node: StatementNode,
  options: RunOptions,
  touch: () => Touch,
): Promise<Rows> {
  const session = sessionFor(target.model.meta.database, target.using);
  return runWrite(session, compile(node), options, target, () => [touch()]);
}
