/** The writes of one row as they run while somebody listens. */
import type { ColumnMeta } from "../schema/meta.ts";
import { blankRow } from "./hydrate.ts";
import { about, type Listening, type Told } from "./listeners.ts";
import { setValue, stateOf, track, valueOf, writerOf } from "./row_state.ts";
import type { SignalName } from "./signal_types.ts";
import { markOf } from "./soft_delete.ts";
import { changedColumns, refuseUndefined, withDefaults } from "./values.ts";
import { type InsertTarget, plainWrites, type Writes } from "./writes.ts";

type Values = Record<string, unknown>;

type RowWrites = Pick<
  Writes,
  "create" | "insertUnlessThere" | "save" | "update" | "deleteRow" | "restoreRow"
>;

/** The writes of one row, which listeners are told of. */
export function heardRowWrites(listening: Listening): RowWrites {
  const { tell } = listening;
  return {
    async create(target, values, options) {
      const row = newRow(target, values);
      await tellOfSave(listening, row, aboutInsert(target), async () => {
        await plainWrites.save(row, options, target.operation);
        return row;
      });
      return row;
    },
    async insertUnlessThere(target, values, options) {
      const row = newRow(target, values);
      return await tellOfSave(
        listening,
        row,
        aboutInsert(target),
        (written) => plainWrites.insertUnlessThere(target, written, options),
      );
    },
    async save(row, options) {
      const state = stateOf(row);
      const base = about(state.model, writerOf(state), "save");
      await tellOfSave(listening, row, base, async () => {
        await plainWrites.save(row, options);
        return row;
      });
    },
    async update(row, given, options) {
      refuseUndefined(given);
      const values = { ...given };
      const state = stateOf(row);
      if (state.wire === null || isEmpty(values)) {
        return await plainWrites.update(row, values, options);
      }
      const base = { ...about(state.model, writerOf(state), "update"), row, created: false };
      await tell(before(false), { ...base, values });
      await plainWrites.update(row, values, options);
      if (!isEmpty(values)) await tell(after(false), { ...base, values: Object.freeze(values) });
    },
    async deleteRow(row, options) {
      const state = stateOf(row);
      const hard = markOf(state.model.meta, options?.hard) === null;
      const event = { ...about(state.model, writerOf(state), "delete"), row, hard };
      await tell(["preDelete"], event);
      const done = await plainWrites.deleteRow(row, options);
      if (done) await tell(["postDelete"], event);
      return done;
    },
    async restoreRow(row, options) {
      const state = stateOf(row);
      const { softDelete } = state.model.meta;
      if (softDelete === null) return await plainWrites.restoreRow(row, options);
      const values = Object.freeze({ [softDelete.property]: null });
      const base = about(state.model, writerOf(state), "restore");
      const event = { ...base, row, values, created: false };
      await tell(before(false), event);
      const done = await plainWrites.restoreRow(row, options);
      if (done) await tell(after(false), event);
      return done;
    },
  };
}

function aboutInsert({ model, using, operation }: InsertTarget): Told {
  return about(model, using, operation);
}

function before(created: boolean): readonly SignalName[] {
  return ["preSave", created ? "preCreate" : "preUpdate"];
}

function after(created: boolean): readonly SignalName[] {
  return [created ? "postCreate" : "postUpdate", "postSave"];
}

function isEmpty(values: Values): boolean {
  return Object.keys(values).length === 0;
}

/** The row that a call will insert, with the defaults that the client makes. */
function newRow({ model, using }: InsertTarget, values: Readonly<Values>): object {
  const row = blankRow(model);
  for (const [property, value] of Object.entries(withDefaults(model.meta, values))) {
    setValue(row, model.meta.column(property).property, value);
  }
  track(row, { model, using, wire: null, related: null });
  return row;
}

/**
 * Tells of a row that is saved as it stands. What the listeners make of its values is on the row when it
 * is written, and off again when that fails. `write` gives the row that was written, or null.
 */
async function tellOfSave(
  { tell }: Listening,
  row: object,
  base: Told,
  write: (written: Values) => Promise<object | null>,
): Promise<object | null> {
  const created = stateOf(row).wire === null;
  const given = toWrite(row);
  if (!created && isEmpty(given)) return row;
  const values = { ...given };
  await tell(before(created), { ...base, row, values, created });
  const takeBack = putOn(row, given, values);
  let written: Values = {};
  let made: object | null;
  try {
    written = toWrite(row);
    made = await write(written);
  } catch (error) {
    takeBack();
    throw error;
  }
  if (made !== null && (created || !isEmpty(written))) {
    await tell(after(created), { ...base, row: made, values: Object.freeze(written), created });
  }
  return made;
}

/** What saving a row would write, by property. */
function toWrite(row: object): Values {
  const state = stateOf(row);
  const columns = state.wire === null
    ? state.model.meta.columns.filter(({ property }) => valueOf(row, property) !== undefined)
    : changedColumns(row, state);
  return Object.fromEntries(columns.map(({ property }) => [property, valueOf(row, property)]));
}

/** Puts the values that differ from those given on a row; gives a function that takes them back. */
function putOn(row: object, given: Values, values: Values): () => void {
  const state = stateOf(row);
  const { meta } = state.model;
  const names = new Set([...Object.keys(given), ...Object.keys(values)]);
  const changed = [...names].filter((name) =>
    !Object.hasOwn(values, name) || values[name] !== given[name]
  ).map((name) => meta.column(name));
  const before = changed.map(({ property }) => valueOf(row, property));
  for (const column of changed) {
    const { property } = column;
    const left = !Object.hasOwn(values, property);
    setValue(row, property, left ? loaded(row, column) : values[property]);
  }
  return () => changed.forEach(({ property }, index) => setValue(row, property, before[index]));
}

/** The value of a column as it was loaded; undefined where the row is new. */
function loaded(row: object, column: ColumnMeta): unknown {
  const { wire, model: { meta } } = stateOf(row);
  const text = wire?.[meta.columns.indexOf(column)] ?? null;
  if (wire === null) return undefined;
  return text === null ? null : column.codec.decode(text);
}
