/** Puts the values of a row together so that it keeps its checks. */
import { isSql } from "../ast/fragment.ts";
import { ValidationError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { isOptional } from "../validate/row.ts";
import { type Answer, evaluate, UNKNOWN } from "./check/evaluate.ts";
import { type Pair, type Wishes, wishesOf } from "./check/hints.ts";
import { columnsOf, parseCheck } from "./check/parse.ts";
import type { Facts } from "./facts.ts";
import type { Random } from "./random.ts";
import { NO_VALUE, toType, valueOfType } from "./values.ts";

/** The values of a row by column. */
export type RowValues = Map<ColumnMeta, unknown>;

/** What a row is put together from. */
export interface Recipe {
  readonly meta: ModelMeta;
  readonly facts: Facts;
  /** What is given: by the caller, or because of foreign keys. */
  readonly given: ReadonlyMap<ColumnMeta, unknown>;
  /** Columns that stay NULL. */
  readonly left: ReadonlySet<ColumnMeta>;
  /** Whether columns that may be left out get values too. */
  readonly fill: boolean;
  readonly number: number;
  readonly random: Random;
}

/** How often other values are tried for checks that are not kept. */
const ATTEMPTS = 60;

/**
 * Makes the values of a row.
 *
 * @throws {ValidationError} a column must have a value and its type is not known
 */
export function compose(recipe: Recipe): RowValues {
  const { facts } = recipe;
  const checks = facts.checks.map(({ node }) => node);
  const needed = new Set<string>();
  let values = new Map<ColumnMeta, unknown>();
  for (let turn = 0; turn < ATTEMPTS; turn++) {
    const wishes = wishesOf(checks, turn);
    values = fillIn(recipe, wishes, needed);
    arrange(recipe, values, wishes.pairs);
    const broken = checks.filter((node) =>
      evaluate(node, (name) => plainOf(recipe.meta, values, name)) === false
    );
    if (broken.length === 0) return values;
    // what was left out may be what the check asks for
    if (turn % 4 === 3) {
      for (const node of broken) columnsOf(node).forEach((one) => needed.add(one));
    }
  }
  return values;
}

function fillIn(recipe: Recipe, { hints }: Wishes, needed: ReadonlySet<string>): RowValues {
  const { meta, facts, given, left, fill, number, random } = recipe;
  const values: RowValues = new Map(given);
  const unique = new Set(facts.unique.flat());
  for (const column of meta.columns) {
    if (values.has(column) || left.has(column) || !column.writable) continue;
    const hint = hints.get(column.name) ?? {};
    const isNeeded = !isOptional(column) || hint.required === true || needed.has(column.name) ||
      (fill && column.spec.nullable);
    if (!isNeeded) continue;
    const place = { property: column.property, number, unique: unique.has(column), hint, random };
    const value = valueOfType(column.values, place);
    if (value !== NO_VALUE) values.set(column, value);
    else if (!isOptional(column)) throw noValue(meta, column);
  }
  return values;
}

function noValue(meta: ModelMeta, column: ColumnMeta): ValidationError {
  return new ValidationError(
    `The factory of ${meta.label} cannot make a value of type ${column.type.name} for "${column.property}"`,
    {
      code: "factory_value_missing",
      hint: `Give one: factory(Model, { ${column.property}: ... })`,
      context: { model: meta.label, field: column.property },
    },
  );
}

/** The value of a column as checks compare it. */
function plainOf(meta: ModelMeta, values: RowValues, name: string): Answer {
  const column = meta.columns.find((one) => one.name === name);
  if (column === undefined) return UNKNOWN;
  if (!values.has(column)) {
    const { spec } = column;
    if (spec.default !== null) return defaultOf(column);
    return spec.identity === null && spec.generated === null ? null : UNKNOWN;
  }
  return plain(values.get(column), column.values.codec?.name ?? "");
}

/** The value of a column that is left out, where its default is a plain one. */
function defaultOf({ spec, values }: ColumnMeta): Answer {
  const made = spec.default;
  const type = values.codec?.name ?? "";
  if (made?.kind === "value") return plain(made.value, type);
  if (made?.kind !== "sql" || made.sql.values.length > 0) return UNKNOWN;
  const node = parseCheck(made.sql.texts.join(""));
  if (node?.kind === "literal") return plain(node.value, type);
  return node?.kind === "call" && node.name === "now" ? evaluate(node, () => UNKNOWN) : UNKNOWN;
}

function plain(value: unknown, type: string): Answer {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return type === "numeric" ? Number(value) : value;
  return value instanceof Date && !isSql(value) ? value.toISOString() : UNKNOWN;
}

/** Puts two columns into the order that a check asks for. */
function arrange({ meta, given }: Recipe, values: RowValues, pairs: readonly Pair[]): void {
  const find = (name: string): ColumnMeta | undefined =>
    meta.columns.find((column) => column.name === name);
  for (const { left, right, operator } of pairs) {
    const [one, other] = [find(left), find(right)];
    if (one === undefined || other === undefined) continue;
    const [a, b] = [plainOf(meta, values, left), plainOf(meta, values, right)];
    if (a === UNKNOWN || b === UNKNOWN || a === null || b === null) continue;
    const isUpward = operator === "<" || operator === "<=";
    if (!isUpward && operator !== ">" && operator !== ">=" && operator !== "=") continue;
    const step = operator === "=" ? 0 : isUpward ? 1 : -1;
    // the value of a default that is a time is known by its text alone
    const from = (column: ColumnMeta, text: Answer | symbol): unknown =>
      values.has(column) ? values.get(column) : new Date(String(text));
    if (values.has(other) && !given.has(other)) values.set(other, moved(from(one, a), other, step));
    else if (!given.has(one)) values.set(one, moved(from(other, b), one, -step));
  }
}

function moved(value: unknown, column: ColumnMeta, step: number): unknown {
  if (value instanceof Date) return new Date(value.getTime() + step * 86_400_000);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return new Date(Date.parse(value) + step * 86_400_000).toISOString().slice(0, 10);
  }
  const number = Number(value);
  if (Number.isNaN(number)) return value;
  return toType(column.values, number + step);
}
