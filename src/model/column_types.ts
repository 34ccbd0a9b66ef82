/** Finds columns that are not what the model says, and values that no codec understands. */
import type { AnyCodec } from "../codec/codec.ts";
import { canRead, typeName } from "../codec/reads.ts";
import type { Param, ResultColumn } from "../driver/port.ts";
import { OrmError, QueryError } from "../errors/base.ts";
import type { RowShape } from "../query/shape.ts";
import type { ColumnMeta, ModelRef } from "../schema/meta.ts";

type Columns = readonly ResultColumn[];

/** What of a shape says where its columns are. */
type Placed = Pick<RowShape, "model" | "columns" | "start" | "joined">;

/** The columns of the last result that was found right, by what was read from it. */
const accepted = new WeakMap<readonly ColumnMeta[], { start: number; columns: Columns }>();

/**
 * Makes sure that the server's types are what the model's codecs read.
 *
 * Looked at once per statement: a driver that keeps the columns of a prepared statement makes this a
 * comparison of references. Columns that the server did not tell of pass.
 *
 * @throws {QueryError} a column is of a type that its field would not read without loss
 */
export function checkTypes(shape: Placed, columns: Columns): void {
  if (columns.length === 0) return;
  const { start } = shape;
  const last = accepted.get(shape.columns);
  if (last?.columns !== columns || last.start !== start) {
    shape.columns.forEach((column, index) => {
      const oid = columns[start + index]?.typeOid ?? 0;
      if (oid !== last?.columns[last.start + index]?.typeOid) checkType(shape.model, column, oid);
    });
    accepted.set(shape.columns, { start, columns });
  }
  for (const one of shape.joined) checkTypes(one.shape, columns);
}

/**
 * Makes sure that a codec reads what the server gives for a field.
 *
 * @throws {QueryError} it would not, or not without loss
 */
export function checkType(model: ModelRef, field: NamedCodec, oid: number): void {
  if (!canRead(field.codec, oid)) throw typeChanged(model, field, oid);
}

/** A field's name and what reads it. */
type NamedCodec = Pick<ColumnMeta, "property" | "codec">;

const HINT = "Correct the field in the model, or generate the models again";

function typeChanged(
  model: ModelRef,
  { property: field, codec: { name: declared } }: NamedCodec,
  oid: number,
): QueryError {
  const { label } = model.meta;
  const actual = typeName(oid);
  return new QueryError(
    `Cannot read the field "${field}" of ${label} as ${declared}: its column is of type ${actual}`,
    {
      code: "column_type_changed",
      hint: HINT,
      context: { model: label, field, declared, actual },
    },
  );
}

/** Says of which field of a model a value could not be read. The message never shows the value. */
export function unreadableValue(
  cause: unknown,
  { name }: AnyCodec,
  field: string,
  { meta: { label } }: ModelRef,
): QueryError {
  // what the runtime throws shows the value
  const known = cause instanceof OrmError ? cause : undefined;
  const what = known?.message ?? `Cannot read a value of type ${name}`;
  return new QueryError(`${what} (field "${field}" of ${label})`, {
    code: known?.code ?? "unreadable_value",
    hint: known?.hint ?? HINT,
    context: { ...known?.context, model: label, field },
    cause: known,
  });
}

/** Says of which column a value could not be read; gives back an error that comes from elsewhere. */
export function unreadableField(
  error: unknown,
  { model, columns, start, joined }: Placed,
  rows: readonly (readonly Param[])[],
): unknown {
  for (const [index, { property, codec }] of columns.entries()) {
    for (const wire of rows) {
      const text = wire[start + index] ?? null;
      try {
        if (text !== null) codec.decode(text);
      } catch (cause) {
        return unreadableValue(cause, codec, property, model);
      }
    }
  }
  return joined.reduce((left, { shape }) => unreadableField(left, shape, rows), error);
}
