import { ConfigurationError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "./meta.ts";

/** The property that `softDelete: true` means. */
const USUAL = "deletedAt";

const TIMES: ReadonlySet<string> = new Set(["timestamptz", "timestamp"]);

/**
 * The column that tells when a row was deleted; null when the model deletes its rows for good.
 *
 * @throws {FieldError} the model has no such field
 * @throws {ConfigurationError} the field is no timestamp that may be NULL
 */
export function softDeleteColumn(meta: ModelMeta): ColumnMeta | null {
  const { softDelete } = meta.options;
  if (softDelete === undefined) return null;
  const found = meta.column(softDelete === true ? USUAL : softDelete);
  const { spec: { nullable, type } } = found;
  if (found.writable && nullable && type !== null && TIMES.has(type.name)) return found;
  throw new ConfigurationError(
    `Cannot define ${meta.label}: "${found.property}" cannot tell when a row was deleted`,
    { code: "invalid_model", hint: `Declare it as ${found.property}: timestamptz().nullable()` },
  );
}
