import type { AnyCodec } from "../codec/codec.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";
import type { ValuesList } from "./state.ts";

/** What one row of a result becomes. */
export interface RowShape {
  readonly model: ModelRef;
  readonly columns: readonly ColumnMeta[];
  /** Where its values start among those of the result. */
  readonly start: number;
  /** Whether the row is plain data that cannot be written back. */
  readonly partial: boolean;
  /** The values that stand for the row as a list, or alone; null = an object. */
  readonly list: ValuesList | null;
  /** Rows that are joined, by the relation that gives them. */
  readonly joined: readonly JoinedShape[];
  /** Values beside the columns. */
  readonly extras: readonly ExtraShape[];
}

/** A value beside the columns. */
export interface ExtraShape {
  readonly property: string;
  readonly position: number;
  readonly codec: AnyCodec;
  /** Whether it is a column of the model's table and nothing more: its type is the declared one. */
  readonly isColumn: boolean;
}

/** A joined row: absent when its referenced column came back NULL. */
export interface JoinedShape {
  readonly relation: string;
  readonly shape: RowShape;
  /** The position of the referenced column, which a row that exists never has NULL. */
  readonly presence: number;
}

const shapes = new WeakMap<ModelRef, RowShape>();

/** The shape of whole rows of a model, and nothing else. */
export function wholeRows(model: ModelRef): RowShape {
  let shape = shapes.get(model);
  if (shape === undefined) {
    const { columns } = model.meta;
    shape = { model, columns, start: 0, list: null, partial: false, joined: [], extras: [] };
    shapes.set(model, shape);
  }
  return shape;
}
