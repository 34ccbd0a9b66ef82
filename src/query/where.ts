/** Filters as objects become expressions. */
import { and, binary, column, constant, item, select } from "../ast/make.ts";
import type { Expression, JoinNode, QueryNode, SelectNode, TableNode } from "../ast/nodes.ts";
import { isCompositeCodec } from "../codec/composite.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import { fieldSpec } from "../schema/field.ts";
import { lookup, undefinedValue, wrongValue } from "../schema/lookups/lookup.ts";
import { ColumnMeta, type ModelMeta } from "../schema/meta.ts";
import { relationInDatabase, type RelationMeta } from "../schema/relation_meta.ts";
import { type ConditionTree, isCondition } from "./condition.ts";
import { andThere } from "./deleted.ts";
import { computedNode, isSubquery, oneColumn } from "./expr/computed.ts";
import { type Scope, scopeOf, type Typed } from "./expr/scope.ts";

/** A table under an alias. */
export function tableNode(meta: ModelMeta, alias: string | null): TableNode {
  return { kind: "table", schema: meta.schema, name: meta.table, alias };
}

/**
 * Reads a filter over the rows of a scope.
 *
 * @throws {FieldError} an unknown field, relation or operator
 * @throws {ValidationError} `undefined`, or a value that does not fit
 */
export function parseWhere(scope: Scope, where: unknown): Expression {
  const { meta } = scope;
  if (isCondition(where)) return parseTree(scope, where.tree);
  const made = computedNode(where, scope);
  if (made !== undefined) return made;
  if (!isPlainObject(where)) {
    throw new ValidationError(`A filter over ${meta.label} is not a plain object`, {
      code: "invalid_filter",
      hint: 'Give an object such as { status: "paid" }, a Q() condition or an sql`` fragment',
    });
  }
  const items: Expression[] = [];
  for (const [property, value] of Object.entries(where)) {
    if (value === undefined) throw undefinedValue(property);
    items.push(parseMember(scope, property, value));
  }
  return and(items);
}

function parseTree(scope: Scope, tree: ConditionTree): Expression {
  switch (tree.kind) {
    case "leaf":
      return parseWhere(scope, tree.where);
    case "not":
      return { kind: "not", item: parseTree(scope, tree.item) };
    default: {
      const items = tree.items.map((part) => parseTree(scope, part));
      return { kind: "group", operator: tree.kind, items };
    }
  }
}

function parseMember(scope: Scope, property: string, value: unknown): Expression {
  const { meta } = scope;
  const named = scope.named.get(property);
  if (named !== undefined) return parseNamed(scope, property, named, value);
  const found = meta.findColumn(property);
  if (found === undefined) {
    if (!meta.relations.has(property)) throw meta.unknownField(property);
    return parseRelation(scope, property, value);
  }
  if (found.spec.reference !== null && isRelationFilter(value)) {
    return parseRelation(scope, property, value);
  }
  return parseColumn(scope, found, column(scope.alias, found.name), value);
}

/** A filter on an expression that the query named: it has the operators of ordered values. */
function parseNamed(scope: Scope, property: string, named: Typed, value: unknown): Expression {
  const meta = new ColumnMeta(property, fieldSpec("other", UNKNOWN_TYPE, named.codec));
  return parseColumn(scope, meta, named.node, value);
}

const UNKNOWN_TYPE = { schema: null, name: "expression", modifiers: [], dimensions: 0 };

function parseColumn(
  scope: Scope,
  meta: ColumnMeta,
  node: Expression,
  value: unknown,
): Expression {
  const made = computedNode(value, scope);
  if (made !== undefined) return binary("eq", node, made);
  if (!isOperators(meta, value)) return lookup("eq", node, value, meta);
  const { atPath } = meta.spec.lookups();
  if (atPath !== undefined && Object.hasOwn(value, "path")) {
    const wrong = Object.entries(value).find(([, operand]) => computedNode(operand, scope));
    if (wrong !== undefined) throw wrongValue(meta, wrong[0], "a plain value at a path");
    return atPath(node, value, meta);
  }
  const parts = Object.entries(value).map(([operator, operand]) => {
    if (isSubquery(operand)) return inQuery(operator, node, oneColumn(operand.toNode(scope)), meta);
    const other = computedNode(operand, scope);
    if (other !== undefined) return computed(operator, node, other, meta);
    return lookup(operator, node, operand, meta);
  });
  return and(parts);
}

/** One of, or none of, what a query gives. */
function inQuery(
  operator: string,
  item: Expression,
  query: QueryNode,
  meta: ColumnMeta,
): Expression {
  const found: Expression = { kind: "inQuery", item, query };
  if (operator === "in") return found;
  if (operator === "notIn") return { kind: "not", item: found };
  throw new FieldError(`The operator "${operator}" on "${meta.property}" does not take a query`, {
    code: "unknown_operator",
    hint: "Use in or notIn with a query, or subquery() for its only value",
  });
}

const COMPUTED_OPERATORS: ReadonlyMap<string, "eq" | "gt" | "gte" | "lt" | "lte" | "distinct"> =
  new Map([
    ["eq", "eq"],
    ["ne", "distinct"],
    ["gt", "gt"],
    ["gte", "gte"],
    ["lt", "lt"],
    ["lte", "lte"],
  ]);

function computed(
  operator: string,
  node: Expression,
  value: Expression,
  meta: ColumnMeta,
): Expression {
  const known = COMPUTED_OPERATORS.get(operator);
  if (known === undefined) {
    throw new FieldError(
      `The operator "${operator}" on "${meta.property}" does not take an expression`,
      { code: "unknown_operator", hint: "Use eq, ne, gt, gte, lt or lte with an expression" },
    );
  }
  return binary(known, node, value);
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
  if (!takesObjects(meta)) {
    if (names.length > 0) return true;
    throw new ValidationError(`The filter on "${meta.property}" is an empty object`, {
      code: "invalid_filter_value",
      hint: "Give a value or an operator, or leave the entry out",
    });
  }
  const { operators } = meta.spec.lookups();
  return names.length > 0 && names.every((name) => Object.hasOwn(operators, name));
}

/** Whether a value of the column's type may itself be a plain object. */
function takesObjects(meta: ColumnMeta): boolean {
  const { spec: { kind }, codec } = meta;
  return kind === "hstore" || kind === "range" || kind === "vector" ||
    codec.name === "interval" || codec.name === "point" || isCompositeCodec(codec);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // the second test knows the Object.prototype of another realm
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const QUANTIFIERS: ReadonlySet<string> = new Set(["is", "isNot", "some", "none", "every"]);

function isRelationFilter(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).some((name) => QUANTIFIERS.has(name));
}

function parseRelation(scope: Scope, name: string, value: unknown): Expression {
  const relation = relationInDatabase(scope.meta, name);
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
    return quantify(scope, relation, quantifier, where);
  });
  return and(parts);
}

function quantify(
  scope: Scope,
  relation: RelationMeta,
  quantifier: string,
  where: unknown,
): Expression {
  if (quantifier === "is" && where === null) {
    return { kind: "not", item: related(scope, relation, {}, false) };
  }
  if (quantifier === "isNot" && where === null) return related(scope, relation, {}, false);
  const found = related(scope, relation, where, quantifier === "every");
  const positive = quantifier === "is" || quantifier === "some";
  return positive ? found : { kind: "not", item: found };
}

/** Whether a related row exists that matches, or, when negated, that does not. */
function related(
  scope: Scope,
  relation: RelationMeta,
  where: unknown,
  negated: boolean,
): Expression {
  const { meta } = relation.target;
  const within = scopeOf(meta, scope);
  const condition = parseWhere(within, where);
  const wanted = andThere(
    negated ? { kind: "not", item: condition } : condition,
    meta,
    within.alias,
  );
  return { kind: "exists", query: relatedQuery(relation, scope.alias, within.alias, wanted) };
}

function relatedQuery(
  relation: RelationMeta,
  outer: string | null,
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
