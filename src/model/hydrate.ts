import type { Param, Rows } from "../driver/port.ts";
import { type AnyCodec, readerOf } from "../codec/codec.ts";
import type { Using } from "../execute/session.ts";
import type { ReadPlan } from "../query/plan.ts";
import { type RowShape, wholeRows } from "../query/shape.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";
import { checkType, checkTypes, unreadableField, unreadableValue } from "./column_types.ts";
import { type RowState, setValue, track, valueOf } from "./row_state.ts";

type MakeRow = (wire: readonly Param[], using: Using | null) => object;

/** Makes the rows of a plan into instances or, for partial plans, plain objects. */
export function hydrate(
  { shape }: Pick<ReadPlan, "shape">,
  { columns, rows }: Pick<Rows, "columns" | "rows">,
  using: Using | null,
): object[] {
  checkTypes(shape, columns);
  const make = makerOf(shape);
  const made = new Array<object>(rows.length);
  try {
    for (let index = 0; index < rows.length; index++) made[index] = make(rows[index]!, using);
  } catch (error) {
    throw unreadableField(error, shape, rows);
  }
  if (shape.extras.length > 0) addExtras(made, shape, columns, rows);
  const { list } = shape;
  if (list === null) return made;
  return made.map((row) => {
    const values = list.names.map((name) => valueOf(row, name));
    // a flat list has no objects: its query is typed by its values
    return list.flat ? values[0] as object : values;
  });
}

/** The makers of shapes: those of whole rows are met again and again. */
const makers = new WeakMap<RowShape, MakeRow>();

function makerOf(shape: RowShape): MakeRow {
  let make = makers.get(shape);
  if (make === undefined) {
    make = shape.partial ? partialMaker(shape) : instanceMaker(shape);
    makers.set(shape, make);
  }
  return make;
}

function addExtras(
  made: readonly object[],
  { model, extras }: RowShape,
  columns: Rows["columns"],
  rows: Rows["rows"],
): void {
  for (const extra of extras) {
    const { property, position, codec } = extra;
    if (extra.isColumn) checkType(model, extra, columns[position]!.typeOid);
    const reader = readerOf(codec, columns[position]!.typeOid);
    try {
      made.forEach((row, index) => {
        const text = rows[index]![position] ?? null;
        setValue(row, property, text === null ? null : reader.decode(text));
      });
    } catch (error) {
      throw unreadableValue(error, reader, property, model);
    }
  }
}

function partialMaker(shape: RowShape): MakeRow {
  const fill = filler(shape.columns, 0);
  return (wire) => fill({}, wire);
}

function instanceMaker(shape: RowShape): MakeRow {
  const Row = rowConstructor(shape.model);
  const { start, model, columns } = shape;
  const end = start + columns.length;
  const fill = filler(columns, start);
  const joined = relatedMaker(shape);
  return (wire, using) => {
    const row = fill(new Row(), wire);
    // one value more, such as the number of a key, is not worth a copy
    const own = start === 0 && wire.length <= end + 1 ? wire : wire.slice(start, end);
    track(row, { model, using, wire: own, related: joined?.(wire, using) ?? null });
    return row;
  };
}

/** Makes the rows that are joined to a row, by relation; null when none are. */
function relatedMaker(
  shape: RowShape,
): ((wire: readonly Param[], using: Using | null) => Map<string, unknown>) | null {
  if (shape.joined.length === 0) return null;
  const joined = shape.joined.map((one) => ({ ...one, make: instanceMaker(one.shape) }));
  return (wire, using) => {
    const related = new Map<string, unknown>();
    for (const { relation, presence, make } of joined) {
      related.set(relation, wire[presence] === null ? null : make(wire, using));
    }
    return related;
  };
}

/** One constructor for each prototype: rows made by another one would have another hidden class. */
const constructors = new WeakMap<object, new () => object>();

/** Makes an instance that has no values yet, without running any of the user's code. */
export function blankRow(model: ModelRef): object {
  return new (rowConstructor(model))();
}

/** A constructor that makes instances of the model without running any of the user's code. */
function rowConstructor({ prototype }: ModelRef): new () => object {
  const known = constructors.get(prototype);
  if (known !== undefined) return known;
  const Row = function () {} as unknown as new () => object;
  Row.prototype = prototype;
  constructors.set(prototype, Row);
  return Row;
}

function filler(
  columns: readonly ColumnMeta[],
  start: number,
): (row: object, wire: readonly Param[]) => object {
  const { properties, decoders } = readers(columns);
  return (row, wire) => {
    for (let index = 0; index < properties.length; index++) {
      const text = wire[start + index] ?? null;
      setValue(row, properties[index]!, text === null ? null : decoders[index]!.decode(text));
    }
    return row;
  };
}

interface Readers {
  readonly properties: readonly string[];
  readonly decoders: readonly AnyCodec[];
}

const readersOf = new WeakMap<readonly ColumnMeta[], Readers>();

/** The properties and codecs of a list of columns, looked up once. */
function readers(columns: readonly ColumnMeta[]): Readers {
  let known = readersOf.get(columns);
  if (known === undefined) {
    known = {
      properties: columns.map((column) => column.property),
      decoders: columns.map((column) => column.codec),
    };
    readersOf.set(columns, known);
  }
  return known;
}

/** Takes over what the server sent for a row: all its columns and the state. Loaded relations are dropped. */
export function absorb(row: object, state: RowState, wire: readonly Param[]): void {
  try {
    filler(state.model.meta.columns, 0)(row, wire);
  } catch (error) {
    throw unreadableField(error, wholeRows(state.model), [wire]);
  }
  state.wire = wire;
  state.related = null;
}
