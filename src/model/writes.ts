/** The writes of the model layer by name, and who stands in for them while somebody listens. */
import type { RunOptions } from "../driver/port.ts";
import type { Using } from "../execute/session.ts";
import { wholeRows } from "../query/shape.ts";
import type { ModelRef } from "../schema/meta.ts";
import { bulkCreate, bulkUpsert } from "./bulk.ts";
import { bulkDelete, bulkUpdate } from "./bulk_change.ts";
import { hydrate } from "./hydrate.ts";
import { addM2m, clearM2m, removeM2m, setM2m } from "./junction.ts";
import { isRow, stateOf, valueOf } from "./row_state.ts";
import { newAgainOnRollback } from "./undo.ts";
import { deleteQuery, increment, updateQuery } from "./where_write.ts";
import { deleteRow, insertRow, restoreRow, save, update } from "./write.ts";

/** A model, where its row is written, and the call that asks for it. */
export interface InsertTarget {
  readonly model: ModelRef;
  readonly using: Using | null;
  readonly operation: string;
}

/** Inserts a row and makes the instance of it. */
async function create(
  target: InsertTarget,
  values: Readonly<Record<string, unknown>>,
  options?: RunOptions,
): Promise<object> {
  const { model, using } = target;
  const wire = await insertRow(target, values, target.operation, options);
  const row = hydrate({ shape: wholeRows(model) }, { columns: [], rows: [wire] }, using)[0]!;
  const own = model.meta.columns.filter(({ property }) => valueOf(values, property) !== undefined);
  newAgainOnRollback([row], own, using);
  return row;
}

/** Inserts a row unless a unique constraint stands against it; gives null then. */
async function insertUnlessThere(
  target: InsertTarget,
  values: Readonly<Record<string, unknown>>,
  options?: RunOptions,
): Promise<object | null> {
  const [row] = await bulkCreate(target, [values], { ...options, ignoreConflicts: true });
  return row ?? null;
}

/** Every write that models and rows offer. */
export interface Writes {
  readonly create: typeof create;
  readonly insertUnlessThere: typeof insertUnlessThere;
  readonly save: typeof save;
  readonly update: typeof update;
  readonly deleteRow: typeof deleteRow;
  readonly restoreRow: typeof restoreRow;
  readonly bulkCreate: typeof bulkCreate;
  readonly bulkUpsert: typeof bulkUpsert;
  readonly bulkUpdate: typeof bulkUpdate;
  readonly bulkDelete: typeof bulkDelete;
  readonly updateQuery: typeof updateQuery;
  readonly deleteQuery: typeof deleteQuery;
  readonly increment: typeof increment;
  readonly addM2m: typeof addM2m;
  readonly removeM2m: typeof removeM2m;
  readonly setM2m: typeof setM2m;
  readonly clearM2m: typeof clearM2m;
}

/** The writes by themselves, which nobody is told of. */
export const plainWrites: Writes = {
  create,
  insertUnlessThere,
  save,
  update,
  deleteRow,
  restoreRow,
  bulkCreate,
  bulkUpsert,
  bulkUpdate,
  bulkDelete,
  updateQuery,
  deleteQuery,
  increment,
  addM2m,
  removeM2m,
  setM2m,
  clearM2m,
};

/** The writes that listeners of a model are told of; null when it has none. */
type Stand = (model: ModelRef) => Writes | null;

// one for the module: nobody listens until the module of signals is loaded and used
let stand: Stand | null = null;

/** Says who stands in for the writes; null = nobody listens any more. */
export function standIn(chosen: Stand | null): void {
  stand = chosen;
}

/** The writes of a model. */
export function writesOf(model: ModelRef): Writes {
  return stand === null ? plainWrites : stand(model) ?? plainWrites;
}

/** The writes of a row. */
export function writesOfRow(row: object): Writes {
  return stand === null || !isRow(row) ? plainWrites : writesOf(stateOf(row).model);
}
