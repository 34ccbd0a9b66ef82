import type { Param } from "../driver/port.ts";
import { sessionFor, type Using } from "../execute/session.ts";
import type { ColumnMeta } from "../schema/meta.ts";
import { absorb } from "./hydrate.ts";
import { type RowState, setValue, stateOf, valueOf } from "./row_state.ts";

/**
 * Takes over what the server sent for a row that was written. When the transaction is rolled back, the
 * row is again what it was: `kept` are the columns whose values are the user's own and stay, so that the
 * next `save()` writes them.
 */
export function absorbWritten(
  row: object,
  state: RowState,
  wire: readonly Param[],
  kept: ReadonlySet<ColumnMeta>,
  using: Using | null,
): void {
  const { meta } = state.model;
  const { transaction } = sessionFor(meta.database, using);
  if (transaction === null) return absorb(row, state, wire);
  const before = { wire: state.wire, related: state.related };
  const others = meta.columns.filter((column) => !kept.has(column));
  const values = others.map(({ property }) => valueOf(row, property));
  absorb(row, state, wire);
  const sent = others.map(({ property }) => valueOf(row, property));
  transaction.afterRollback(() => {
    state.wire = before.wire;
    state.related = before.related;
    others.forEach(({ property }, index) => {
      // what was set since then is the user's own
      if (valueOf(row, property) === sent[index]) setValue(row, property, values[index]);
    });
  });
}

/** Makes rows that a transaction made be new again when it is rolled back; `kept` are the user's own columns. */
export function newAgainOnRollback(
  rows: readonly object[],
  kept: readonly ColumnMeta[],
  using: Using | null,
): void {
  const [first] = rows;
  if (first === undefined) return;
  const { meta } = stateOf(first).model;
  const { transaction } = sessionFor(meta.database, using);
  if (transaction === null) return;
  const made = meta.columns.filter((column) => !kept.includes(column));
  const sent = made.map(({ property }) => rows.map((row) => valueOf(row, property)));
  transaction.afterRollback(() => {
    rows.forEach((row, place) => {
      stateOf(row).wire = null;
      made.forEach(({ property }, index) => {
        if (valueOf(row, property) === sent[index]![place]) setValue(row, property, undefined);
      });
    });
  });
}
