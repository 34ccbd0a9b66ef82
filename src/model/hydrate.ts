import type { Param, Rows } from "../driver/port.ts";
import { QueryError } from "../errors/base.ts";
import type { Using } from "../execute/session.ts";
import type { ReadPlan, RowShape } from "../query/plan.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";
import { type RowState, setValue, stateOf, track } from "./row_state.ts";

type MakeRow = (wire: readonly Param[]) => object;

/** Makes the rows of a plan into instances or, for partial plans, plain objects. */
export function hydrate(plan: ReadPlan, rows: Rows, using: Using | null): object[] {
  const make = rowMaker(plan.shape, using);
  return rows.rows.map(make);
}

function rowMaker(shape: RowShape, using: Using | null): MakeRow {
  const make = shape.partial ? partialMaker(shape) : wholeMaker(shape, using);
  const { extras } = shape;
  if (extras.length === 0) return make;
  return (wire) => {
    const row = make(wire);
    for (const { property, position, codec } of extras) {
      const text = wire[position] ?? null;
      setValue(row, property, text === null ? null : codec.decode(text));
    }
    return row;
  };
}

function wholeMaker(shape: RowShape, using: Using | null): MakeRow {
  const make = instanceMaker(shape, using);
  if (shape.joined.length === 0) return make;
  const joined = shape.joined.map((one) => ({ ...one, make: instanceMaker(one.shape, using) }));
  return (wire) => {
    const row = make(wire);
    const related = new Map<string, unknown>();
    for (const one of joined) {
      related.set(one.relation, wire[one.presence] === null ? null : one.make(wire));
    }
    stateOf(row).related = related;
    return row;
  };
}

function partialMaker(shape: RowShape): MakeRow {
  if (shape.joined.length > 0) {
    throw new QueryError("Cannot join relations to partial rows", {
      code: "partial_rows_without_relations",
      hint: "Leave only() and defer() out, or load the relations in a query of their own",
    });
  }
  const fill = filler(shape.columns, 0);
  return (wire) => fill({}, wire);
}

function instanceMaker(shape: RowShape, using: Using | null): MakeRow {
  const Row = rowConstructor(shape.model);
  const { start, model, columns } = shape;
  const fill = filler(columns, start);
  return (wire) => {
    const row = fill(new Row(), wire);
    const own = start === 0 && wire.length === columns.length
      ? wire
      : wire.slice(start, start + columns.length);
    track(row, { model, using, wire: own, related: null });
    return row;
  };
}

/** A constructor that makes instances of the model without running any of the user's code. */
function rowConstructor(model: ModelRef): new () => object {
  const Row = function () {} as unknown as new () => object;
  Row.prototype = model.prototype;
  return Row;
}

function filler(
  columns: readonly ColumnMeta[],
  start: number,
): (row: object, wire: readonly Param[]) => object {
  const properties = columns.map((column) => column.property);
  const decoders = columns.map((column) => column.codec);
  return (row, wire) => {
    for (let index = 0; index < properties.length; index++) {
      const text = wire[start + index] ?? null;
      setValue(row, properties[index]!, text === null ? null : decoders[index]!.decode(text));
    }
    return row;
  };
}

/** Takes over what the server sent for a row: all its columns and the state. Loaded relations are dropped. */
export function absorb(row: object, state: RowState, wire: readonly Param[]): void {
  filler(state.model.meta.columns, 0)(row, wire);
  state.wire = wire;
  state.related = null;
}
