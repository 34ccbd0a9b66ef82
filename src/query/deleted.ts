/** Which rows of a model with soft delete a query sees. */
import { and, column } from "../ast/make.ts";
import type { Expression } from "../ast/nodes.ts";
import { QueryError, ValidationError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import type { QueryState } from "./state.ts";

/** Whether a row of a table is deleted, or that it is not; null where nothing marks it. */
export function deletion(
  meta: ModelMeta,
  alias: string | null,
  deleted: boolean,
): Expression | null {
  const { softDelete } = meta;
  if (softDelete === null) return null;
  return { kind: "isNull", negated: deleted, item: column(alias, softDelete.name) };
}

/** A condition, and that the row is not deleted. */
export function andThere(
  condition: Expression,
  meta: ModelMeta,
  alias: string | null,
): Expression {
  const there = deletion(meta, alias, false);
  return there === null ? condition : and([condition, there]);
}

/** What a query asks of its rows beside its conditions; the rows of a query as origin have been asked. */
export function visibility(state: QueryState, alias: string | null): Expression | null {
  const { model: { meta }, deleted, origin } = state;
  if (deleted === "with" || origin?.kind === "query") return null;
  return deletion(meta, alias, deleted === "only");
}

/** Lets a query see deleted rows as well, or those alone. */
export function seeing(state: QueryState, deleted: "with" | "only"): QueryState {
  requireSoftDelete(state.model.meta);
  if (state.origin?.kind !== "query") return { ...state, deleted };
  throw new ValidationError("A union of queries cannot be asked for deleted rows", {
    code: "invalid_set_operation",
    hint: "Ask the queries themselves, before they are combined",
  });
}

/**
 * The column that marks deleted rows.
 *
 * @throws {QueryError} the model has none
 */
export function requireSoftDelete(meta: ModelMeta): ColumnMeta {
  if (meta.softDelete !== null) return meta.softDelete;
  throw new QueryError(`${meta.label} has no soft delete`, {
    code: "no_soft_delete",
    hint: 'Declare it in the model\'s options: { softDelete: "deletedAt" }',
    context: { model: meta.label },
  });
}
