/** The operators of filters: what a kind of column has, and how one becomes an expression. */
import type { Expression } from "../../ast/nodes.ts";
import type { TypeRef } from "../../catalog/type_ref.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { FieldError, ValidationError } from "../../errors/base.ts";
import { meant } from "../../util/nearest.ts";

/** What a lookup needs to know of its column. */
export interface LookedUp {
  /** The property, for messages. */
  readonly property: string;
  /** The type. */
  readonly type: TypeRef;
  /** Reads and writes its values. */
  readonly codec: AnyCodec;
  /** Writes a value as the text that is sent; null stays null. */
  encode(value: unknown): string | null;
}

/** Makes the expression of one operator over a column. */
export type Lookup = (column: Expression, value: unknown, meta: LookedUp) => Expression;

/** The operators of a kind of column. */
export interface Lookups {
  /** What each of them makes. */
  readonly operators: Readonly<Record<string, Lookup>>;
  /** Reads a filter with a path into the column's value, where values have an inside. */
  readonly atPath?: (
    column: Expression,
    filter: Readonly<Record<string, unknown>>,
    meta: LookedUp,
  ) => Expression;
}

/** A column with the operators of its kind, made when they are first asked for. */
export interface Filtered extends LookedUp {
  /** What its declaration says. */
  readonly spec: { readonly lookups: () => Lookups };
}

/**
 * Makes the expression of one operator over a column.
 *
 * @throws {FieldError} the column has no such operator
 * @throws {ValidationError} the value does not fit the operator or the column's type
 */
export function lookup(
  operator: string,
  column: Expression,
  value: unknown,
  meta: Filtered,
): Expression {
  const { operators } = meta.spec.lookups();
  // not by what an object inherits
  if (!Object.hasOwn(operators, operator)) {
    throw unknownOperator(meta, operator, Object.keys(operators));
  }
  if (value === undefined) throw undefinedValue(`${meta.property}.${operator}`);
  return operators[operator]!(comparable(column, meta), value, meta);
}

/** `json` has no equality; `jsonb` compares what it means. */
export function comparable(column: Expression, meta: LookedUp): Expression {
  return meta.codec.name === "json" ? castTo(column, "jsonb") : column;
}

/** Says an expression's type of `pg_catalog`. */
export function castTo(item: Expression, name: string): Expression {
  const type = { schema: "pg_catalog", name, modifiers: [], dimensions: 0 };
  return { kind: "cast", item, type };
}

/** The error of a filter whose value is undefined: a forgotten variable must not widen a filter. */
export function undefinedValue(path: string): ValidationError {
  return new ValidationError(`The filter's value for "${path}" is undefined`, {
    code: "undefined_filter_value",
    hint: "Give a value, null for `is null`, or leave the entry out",
  });
}

/** The error of a value that an operator does not take. */
export function wrongValue(meta: LookedUp, operator: string, wanted: string): ValidationError {
  return new ValidationError(
    `The operator "${operator}" on "${meta.property}" needs ${wanted}`,
    { code: "invalid_filter_value", context: { field: meta.property, operator } },
  );
}

/** The error of an operator that a column does not have. */
export function unknownOperator(
  meta: LookedUp,
  operator: string,
  known: readonly string[],
): FieldError {
  return new FieldError(`The column "${meta.property}" has no operator "${operator}"`, {
    code: "unknown_operator",
    hint: meant(operator, known, `Its operators are ${known.join(", ")}`),
    context: { field: meta.property, operator },
  });
}
