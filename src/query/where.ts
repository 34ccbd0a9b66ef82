/** Filters as objects become expressions. */
import { and, binary, column, constant, item, select } from "../ast/make.ts";
import type { Expression, JoinNode, SelectNode, TableNode } from "../ast/nodes.ts";
import { isSql } from "../ast/sql.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { type RelationMeta, relationOf } from "../schema/relation_meta.ts";
import { type ConditionTree, isCondition } from "./condition.ts";
import { fragment } from "./fragment.ts";
import { lookup, operatorsOf, undefinedValue } from "./lookup.ts";

/** The alias of the table that a query is about. */
export const ROOT = "t0";

/** A table under an alias. */
export function tableNode(meta: ModelMeta, alias: string | null): TableNode {
  return { kind: "table", schema: meta.schema, name: meta.table, alias };
}

/**
 * Reads a filter over a model's table.
 *
 * @param depth how many sub-queries stand around; it makes aliases that cannot clash
 * @throws {FieldError} an unknown field, relation or operator
 * @throws {ValidationError} `undefined`, or a value that does not fit
 */
export function parseWhere(
  meta: ModelMeta,
  where: unknown,
  alias: string = ROOT,
  depth: number = 0,
): Expression {
  if (isCondition(where)) return parseTree(meta, where.tree, alias, depth);
  if (isSql(where)) return fragment(where);
  if (typeof where !== "object" || where === null || Array.isArray(where)) {
    throw new ValidationError(`A filter over ${meta.label} is not an object`, {
      code: "invalid_filter",
      hint: 'Give an object such as { status: "paid" }, a Q() condition or an sql`` fragment',
    });
  }
  const items: Expression[] = [];
  for (const [property, value] of Object.entries(where)) {
    if (value === undefined) throw undefinedValue(property);
    items.push(parseMember(meta, property, value, alias, depth));
  }
  return and(items);
}

function parseTree(
  meta: ModelMeta,
  tree: ConditionTree,
  alias: string,
  depth: number,
): Expression {
  switch (tree.kind) {
    case "leaf":
      return parseWhere(meta, tree.where, alias, depth);
    case "not":
      return { kind: "not", item: parseTree(meta, tree.item, alias, depth) };
    default: {
      const items = tree.items.map((part) => parseTree(meta, part, alias, depth));
      return { kind: "group", operator: tree.kind, items };
    }
  }
}

function parseMember(
  meta: ModelMeta,
  property: string,
  value: unknown,
  alias: string,
  depth: number,
): Expression {
  const found = meta.findColumn(property);
  if (found === undefined) {
    if (!meta.relations.has(property)) throw meta.unknownField(property);
    return parseRelation(meta, property, value, alias, depth);
  }
  if (found.spec.reference !== null && isRelationFilter(value)) {
    return parseRelation(meta, property, value, alias, depth);
  }
  return parseColumn(found, value, alias);
}

function parseColumn(meta: ColumnMeta, value: unknown, alias: string): Expression {
  const node = column(alias, meta.name);
  if (isSql(value)) return binary("eq", node, fragment(value));
  if (!isOperators(meta, value)) return lookup("eq", node, value, meta);
  const parts = Object.entries(value).map(([operator, operand]) => {
    if (isSql(operand)) return binaryWithFragment(operator, node, operand, meta);
    return lookup(operator, node, operand, meta);
  });
  return and(parts);
}

const FRAGMENT_OPERATORS: ReadonlyMap<string, "eq" | "gt" | "gte" | "lt" | "lte" | "distinct"> =
  new Map([
    ["eq", "eq"],
    ["ne", "distinct"],
    ["gt", "gt"],
    ["gte", "gte"],
    ["lt", "lt"],
    ["lte", "lte"],
  ]);

function binaryWithFragment(
  operator: string,
  node: Expression,
  value: Parameters<typeof fragment>[0],
  meta: ColumnMeta,
): Expression {
  const known = FRAGMENT_OPERATORS.get(operator);
  if (known === undefined) {
    throw new FieldError(
      `The operator "${operator}" on "${meta.property}" does not take an SQL fragment`,
      { code: "unknown_operator", hint: "Use eq, ne, gt, gte, lt or lte with a fragment" },
    );
  }
  return binary(known, node, fragment(value));
}

/** Whether a value is an object of operators and not a value of the column's own. */
function isOperators(meta: ColumnMeta, value: unknown): value is Record<string, unknown> {
  if (!isPlainObject(value)) return false;
  const names = Object.keys(value);
  if (meta.spec.kind === "json") {
    if (names.length > 0) return true;
    throw new ValidationError(`The filter on "${meta.property}" is an empty object`, {
      code: "invalid_filter_value",
      hint: "Say { eq: {} } for equality with an empty object",
    });
  }
  if (!takesObjects(meta)) return true;
  const operators = operatorsOf(meta.spec.kind);
  return names.length > 0 && names.every((name) => operators.has(name));
}

/** Whether a value of the column's type may itself be a plain object. */
function takesObjects(meta: ColumnMeta): boolean {
  const { kind } = meta.spec;
  return kind === "hstore" || kind === "range" || kind === "other" || kind === "vector" ||
    meta.type.name === "interval";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const QUANTIFIERS: ReadonlySet<string> = new Set(["is", "isNot", "some", "none", "every"]);

function isRelationFilter(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).some((name) => QUANTIFIERS.has(name));
}

function parseRelation(
  meta: ModelMeta,
  name: string,
  value: unknown,
  alias: string,
  depth: number,
): Expression {
  const relation = relationOf(meta, name);
  const allowed = relation.kind === "fk" ? ["is", "isNot"] : ["some", "none", "every"];
  if (!isPlainObject(value) || Object.keys(value).length === 0) {
    throw new ValidationError(`The filter on the relation "${name}" is not an object`, {
      code: "invalid_filter_value",
      hint: `Use ${allowed.join(", ")}`,
    });
  }
  const parts = Object.entries(value).map(([quantifier, where]) => {
    if (!allowed.includes(quantifier)) throw unknownQuantifier(name, quantifier, allowed);
    if (where === undefined) throw undefinedValue(`${name}.${quantifier}`);
    return quantify(relation, quantifier, where, alias, depth + 1);
  });
  return and(parts);
}

function quantify(
  relation: RelationMeta,
  quantifier: string,
  where: unknown,
  alias: string,
  depth: number,
): Expression {
  if (quantifier === "is" && where === null) {
    return { kind: "not", item: related(relation, {}, alias, depth, false) };
  }
  if (quantifier === "isNot" && where === null) return related(relation, {}, alias, depth, false);
  const found = related(relation, where, alias, depth, quantifier === "every");
  const positive = quantifier === "is" || quantifier === "some";
  return positive ? found : { kind: "not", item: found };
}

/** Whether a related row exists that matches, or, when negated, that does not. */
function related(
  relation: RelationMeta,
  where: unknown,
  alias: string,
  depth: number,
  negated: boolean,
): Expression {
  const inner = `t${depth}`;
  const target = relation.target.meta;
  const condition = parseWhere(target, where, inner, depth);
  const wanted: Expression = negated ? { kind: "not", item: condition } : condition;
  return { kind: "exists", query: relatedQuery(relation, alias, inner, wanted) };
}

function relatedQuery(
  relation: RelationMeta,
  outer: string,
  inner: string,
  condition: Expression,
): SelectNode {
  const from = tableNode(relation.target.meta, inner);
  const columns = [item(constant(1))];
  if (relation.kind !== "m2m") {
    const tie = relation.local.map((local, index) =>
      binary("eq", column(inner, relation.remote[index]!.name), column(outer, local.name))
    );
    return select({ columns, from, where: and([...tie, condition]) });
  }
  const junction = `${inner}j`;
  const tie = relation.through.source.map((name, index) =>
    binary("eq", column(junction, name), column(outer, relation.local[index]!.name))
  );
  return select({
    columns,
    from,
    joins: [junctionJoin(relation, junction, inner)],
    where: and([...tie, condition]),
  });
}

/** Joins the junction of a many-to-many relation to its target. */
export function junctionJoin(
  relation: Extract<RelationMeta, { readonly kind: "m2m" }>,
  junction: string,
  target: string,
): JoinNode {
  return {
    kind: "join",
    type: "inner",
    source: {
      kind: "table",
      schema: relation.through.schema,
      name: relation.through.table,
      alias: junction,
    },
    on: and(
      relation.through.target.map((name, index) =>
        binary("eq", column(junction, name), column(target, relation.remote[index]!.name))
      ),
    ),
  };
}

function unknownQuantifier(
  name: string,
  quantifier: string,
  allowed: readonly string[],
): FieldError {
  return new FieldError(`The relation "${name}" has no operator "${quantifier}"`, {
    code: "unknown_operator",
    hint: `Use ${allowed.join(", ")}`,
  });
}
