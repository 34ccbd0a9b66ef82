/** What a write sends: values checked against the declaration and encoded. */
import { checkObject } from "../errors/argument.ts";
import { column, constant, param } from "../ast/make.ts";
import type { Expression } from "../ast/nodes.ts";
import { isSql } from "../ast/fragment.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import { computedNode, isExpr } from "../query/expr/computed.ts";
import { type Scope, scopeOf } from "../query/expr/scope.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { isRow, type RowState, stateOf, valueOf } from "./row_state.ts";

/** One column and what is written to it. */
export interface Assignment {
  readonly column: ColumnMeta;
  readonly value: Expression;
}

/**
 * Checks values by property and encodes them; nothing is sent yet. `alias` is that of the written table;
 * `proposed` says that expressions may name the row that an upsert proposes.
 */
export function assignments(
  meta: ModelMeta,
  values: Readonly<Record<string, unknown>>,
  alias: string | null = null,
  proposed = false,
): Assignment[] {
  const scope: Scope = { ...scopeOf(meta), alias, ...(proposed ? { proposed } : {}) };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([property, value]) => {
      const column = writableColumn(meta, property);
      return { column, value: written(column, value, scope) };
    });
}

/**
 * Gives back the values of a row.
 *
 * @throws {ValidationError} they are no object
 */
export function checkValues<Values>(values: Values): Values {
  return checkObject(values, "A row", "an object of its values");
}

/** An update says what to write: a forgotten variable must not pass for nothing to do. */
export function refuseUndefined(values: Readonly<Record<string, unknown>>): void {
  checkValues(values);
  const forgotten = Object.entries(values).find(([, value]) => value === undefined);
  if (forgotten === undefined) return;
  throw new ValidationError(`Cannot update: the value of "${forgotten[0]}" is undefined`, {
    code: "undefined_value",
    hint: "Give a value, null for NULL, or leave the entry out",
  });
}

/** The text of a value of one of many rows, or of the default that the client makes for it. */
export function plainText(column: ColumnMeta, value: unknown): string | null {
  const plain = value === undefined ? defaultOf(column) : value;
  if (!isSql(plain) && !isExpr(plain)) return column.write(plain);
  throw new ValidationError(`The value of "${column.property}" of many rows is an expression`, {
    code: "computed_value_in_batch",
    hint: "Give plain values, or write the row with create()",
  });
}

/** The columns that a row leaves out and that get a default of the client's. */
export function defaulted(
  meta: ModelMeta,
  values: Readonly<Record<string, unknown>>,
): ColumnMeta[] {
  return meta.columns.filter((column) =>
    valueOf(values, column.property) === undefined && hasClientDefault(column)
  );
}

function hasClientDefault({ spec }: ColumnMeta): boolean {
  return spec.default !== null && spec.default.kind !== "sql";
}

/** The default that the client makes; never shared between rows. */
function defaultOf({ spec }: ColumnMeta): unknown {
  if (spec.default?.kind === "function") return spec.default.make();
  return spec.default?.kind === "value" ? copied(spec.default.value) : undefined;
}

/** The column behind a property that a write may name. */
export function writableColumn(meta: ModelMeta, property: string): ColumnMeta {
  const column = meta.column(property);
  if (column.writable) return column;
  throw generatedColumn(meta, property);
}

/**
 * Checks that a change leaves a version counter alone: a number of the caller's would be lost.
 *
 * @throws {FieldError} it names the counter
 */
export function refuseVersion(meta: ModelMeta, names: Iterable<string>): void {
  const { version } = meta;
  if (version === null || ![...names].includes(version.property)) return;
  throw new FieldError(`Cannot write "${version.property}" of ${meta.label}: it counts updates`, {
    code: "generated_column",
    hint: "Leave it out; the library counts it up with each update",
  });
}

/** The next number of a version counter. */
export function nextVersion(version: ColumnMeta, alias: string | null): Expression {
  return {
    kind: "arithmetic",
    operator: "plus",
    left: column(alias, version.name),
    right: constant(1),
  };
}

function generatedColumn(meta: ModelMeta, property: string): FieldError {
  return new FieldError(`Cannot write "${property}" of ${meta.label}: the server makes its value`, {
    code: "generated_column",
    hint: "Leave it out; it is read back after the write",
  });
}

function written(column: ColumnMeta, value: unknown, scope: Scope): Expression {
  return computedNode(value, scope) ?? param(column.write(value));
}

/** The values of a new row: what was given, and the defaults that the client makes. */
export function withDefaults(
  meta: ModelMeta,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...checkValues(values) };
  for (const column of defaulted(meta, values)) filled[column.property] = defaultOf(column);
  return filled;
}

/** Copies a default that could be changed in place, so that rows never share one. */
function copied(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}

/**
 * The columns of a saved row whose values are no longer what the server sent.
 *
 * @throws {FieldError} one of them is made by the server, or counts updates
 */
export function changedColumns(row: object, state: RowState): ColumnMeta[] {
  const { wire, model: { meta } } = state;
  if (wire === null) return [];
  const changed = meta.columns.filter((column, index) =>
    hasChanged(row, column, wire[index] ?? null)
  );
  const made = changed.find((column) => !column.writable);
  if (made !== undefined) throw generatedColumn(meta, made.property);
  refuseVersion(meta, changed.map(({ property }) => property));
  return changed;
}

function hasChanged(row: object, column: ColumnMeta, wire: string | null): boolean {
  const value = valueOf(row, column.property);
  if (value === undefined) throw undefinedColumn(column);
  if (isSql(value) || isExpr(value)) return true;
  if (value === null || wire === null) return value !== wire;
  const text = column.encode(value);
  // the server may word a value otherwise than we do, so compare what both words mean
  return text !== wire && text !== column.encode(column.codec.decode(wire));
}

function undefinedColumn(column: ColumnMeta): ValidationError {
  return new ValidationError(`The row's "${column.property}" is undefined`, {
    code: "undefined_value",
    hint: "Set a value, or null for NULL",
  });
}

/** The key of another row: a row itself, or its key's value. */
export function keyTexts(
  meta: ModelMeta,
  columns: readonly ColumnMeta[],
  input: unknown,
): (string | null)[] {
  if (isRow(input) && stateOf(input).model.meta === meta) {
    return columns.map((column) => encodedValue(input, column));
  }
  const [column] = columns;
  if (columns.length === 1 && column !== undefined) return [column.encode(input)];
  if (typeof input !== "object" || input === null) {
    throw new ValidationError(`The key of ${meta.label} has ${columns.length} columns`, {
      code: "invalid_key",
      hint: `Give a row or an object with ${columns.map((one) => one.property).join(", ")}`,
    });
  }
  return columns.map((one) => encodedValue(input, one));
}

/** The types of which the server's text says more than the value that is read from it. */
const FINER: ReadonlySet<string> = new Set(["timestamp", "timestamptz"]);

/** The value of a row's column as it is sent; of one that was not changed, the server's own text. */
export function encodedValue(row: object, column: ColumnMeta): string | null {
  const value = valueOf(row, column.property);
  if (value === undefined) throw undefinedColumn(column);
  const text = column.write(value);
  if (text === null || !FINER.has(column.codec.name)) return text;
  const { model: { meta }, wire } = stateOf(row);
  const sent = wire?.[meta.columns.indexOf(column)] ?? null;
  return sent !== null && column.encode(column.codec.decode(sent)) === text ? sent : text;
}
