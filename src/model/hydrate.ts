import type { Param, Rows } from "../driver/port.ts";
import { type AnyCodec, readerOf } from "../codec/codec.ts";
import type { Using } from "../execute/session.ts";
import type { ReadPlan } from "../query/plan.ts";
import type { RowShape } from "../query/shape.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";
import { type RowState, setValue, track, valueOf } from "./row_state.ts";

type MakeRow = (wire: readonly Param[]) => object;

/** Makes the rows of a plan into instances or, for partial plans, plain objects. */
export function hydrate(plan: ReadPlan, rows: Rows, using: Using | null): object[] {
  const make = rowMaker(plan.shape, rows, using);
  const { list } = plan.shape;
  if (list === null) return rows.rows.map(make);
  return rows.rows.map((wire) => {
    const row = make(wire);
    const values = list.names.map((name) => valueOf(row, name));
    // a flat list has no objects: its query is typed by its values
    return list.flat ? values[0] as object : values;
  });
}

function rowMaker(shape: RowShape, rows: Rows, using: Using | null): MakeRow {
  const make = shape.partial ? partialMaker(shape) : instanceMaker(shape, using);
  if (shape.extras.length === 0) return make;
  const extras = shape.extras.map(({ property, position, codec }) => ({
    property,
    position,
    codec: readerOf(codec, rows.columns[position]!.typeOid),
  }));
  return (wire) => {
    const row = make(wire);
    for (const { property, position, codec } of extras) {
      const text = wire[position] ?? null;
      setValue(row, property, text === null ? null : codec.decode(text));
    }
    return row;
  };
}

function partialMaker(shape: RowShape): MakeRow {
  const fill = filler(shape.columns, 0);
  return (wire) => fill({}, wire);
}

function instanceMaker(shape: RowShape, using: Using | null): MakeRow {
  const Row = rowConstructor(shape.model);
  const { start, model, columns } = shape;
  const fill = filler(columns, start);
  const joined = relatedMaker(shape, using);
  return (wire) => {
    const row = fill(new Row(), wire);
    const own = start === 0 && wire.length === columns.length
      ? wire
      : wire.slice(start, start + columns.length);
    track(row, { model, using, wire: own, related: joined === null ? null : joined(wire) });
    return row;
  };
}

/** Makes the rows that are joined to a row, by relation; null when none are. */
function relatedMaker(
  shape: RowShape,
  using: Using | null,
): ((wire: readonly Param[]) => Map<string, unknown>) | null {
  if (shape.joined.length === 0) return null;
  const joined = shape.joined.map((one) => ({ ...one, make: instanceMaker(one.shape, using) }));
  return (wire) =>
    new Map(joined.map(({ relation, presence, make }) => [
      relation,
      wire[presence] === null ? null : make(wire),
    ]));
}

/** One constructor for each prototype: rows made by another one would have another hidden class. */
const constructors = new WeakMap<object, new () => object>();

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
  filler(state.model.meta.columns, 0)(row, wire);
  state.wire = wire;
  state.related = null;
}
