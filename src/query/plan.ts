/** State becomes a statement and the shape of its rows. */
import { and, column, constant, item, param, select } from "../ast/make.ts";
import type {
  Expression,
  JoinNode,
  OrderNode,
  QueryNode,
  SelectNode,
  SourceNode,
} from "../ast/nodes.ts";
import { QueryError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { orderName, orderTerm } from "./clauses.ts";
import { visibility } from "./deleted.ts";
import { Computed } from "./expr/computed.ts";
import { fieldOf, type Scope, scopeOf, type Typed } from "./expr/scope.ts";
import { columnItems } from "./items.ts";
import { planJoins } from "./joins.ts";
import { type JoinAliases, orderedJoins } from "./related_order.ts";
import { type ExtraShape, type RowShape, wholeRows } from "./shape.ts";
import type {
  Clause,
  Extra,
  KeyPlace,
  OrderClause,
  QueryState,
  SeekParts,
  SeekPlan,
} from "./state.ts";
import { parseWhere, tableNode } from "./where.ts";

/** A select and what its rows become. */
export interface ReadPlan {
  readonly node: SelectNode;
  readonly shape: RowShape;
  /** Where the keys of its rows stand, where they are asked for. */
  readonly key?: KeyPlace | undefined;
}

/** The scopes of queries by themselves, by what they gave names to: each clause asks for its query's. */
const scopes = new WeakMap<readonly Extra[], Scope>();

/** The scope of a query: its model, and the expressions that it gave names to. */
export function queryScope(
  model: ModelRef,
  extras: readonly Extra[],
  outer: Scope | null = null,
): Scope {
  if (extras.length === 0) return scopeOf(model.meta, outer);
  const kept = outer === null ? scopes.get(extras) : undefined;
  if (kept !== undefined && kept.meta === model.meta) return kept;
  const named = new Map<string, Typed>();
  const scope = scopeOf(model.meta, outer, named);
  // in order: a later expression may use the names of earlier ones
  extras.forEach((extra, index) => {
    const seen = { ...scope, named: seenBy(extra, extras.slice(0, index), named, model.meta) };
    named.set(extra.property, resolved(extra, seen));
  });
  if (outer === null) scopes.set(extras, scope);
  return scope;
}

/** The names that an expression may use. In the call that gives a name, the column of that name wins. */
function seenBy(
  extra: Extra,
  earlier: readonly Extra[],
  named: ReadonlyMap<string, Typed>,
  meta: ModelMeta,
): ReadonlyMap<string, Typed> {
  const visible = earlier.filter(({ property }, index) =>
    index < extra.before || meta.findColumn(property) === undefined
  );
  return new Map(visible.map(({ property }) => [property, named.get(property)!]));
}

const known = new WeakMap<Extra, Typed>();

/** Resolves an expression once, so that the server sees that all its places mean the same. */
function resolved(extra: Extra, scope: Scope): Typed {
  if (scope.outer !== null) return extra.expr.resolve(scope);
  const typed = known.get(extra) ?? extra.expr.resolve(scope);
  known.set(extra, typed);
  return typed;
}

/** Makes the select of a query; `outer` is the scope around a sub-query. */
export function planRead(state: QueryState, outer: Scope | null = null): ReadPlan {
  const scope = queryScope(state.model, state.extras, outer);
  const columns = readColumns(state);
  const own = columnItems(scope.alias, columns);
  const items = [...own];
  const joins: JoinNode[] = [];
  const tree = orderedJoins(state.model.meta, state.order, state.joined);
  const aliases = new Map<string, string>();
  const joined = planJoins(scope, tree, state.joined, { items, joins, aliases, path: [] });
  const extras = shownExtras(state).map(({ property }) => {
    const { node, codec } = scope.named.get(property)!;
    items.push(item(node, property));
    const isColumn = node.kind === "column" && node.table === scope.alias && state.origin === null;
    return { property, codec, position: items.length - 1, isColumn };
  });
  const seek = state.seek === null ? null : planSeek(state, scope, { items, columns, aliases });
  const partial = state.columns !== null || state.groupBy !== null;
  const plain = items.length === own.length && joined.length === 0;
  return {
    node: select({
      with: state.with.map((cte) => cte.toNode(outer)),
      distinct: distinctOf(state, scope),
      columns: plain ? own : items,
      ...source(state, scope, outer),
      joins,
      where: seek === null ? rowConditions(state, scope) : seek.where,
      groupBy: (state.groupBy ?? []).map((name) => groupNode(name, scope, extras)),
      having: conditions(state.having, scope),
      order: orderOf(state, scope, extras, aliases),
      limit: state.limit === null ? null : limitNode(state.limit),
      offset: state.offset === null ? null : param(String(state.offset)),
      // a sub-query has an alias of its own
      lock: state.lock === null
        ? null
        : { ...state.lock, of: scope.alias === null ? [] : [scope.alias] },
    }),
    shape: plain && !partial ? wholeRows(state.model) : {
      model: state.model,
      columns,
      start: 0,
      list: state.list,
      partial,
      joined,
      extras,
    },
    ...(seek === null ? {} : { key: seek.key }),
  };
}

/** Which rows of a query with cursors stand between them. */
function planSeek(state: QueryState, scope: Scope, parts: SeekParts): SeekPlan {
  const { plan } = state.seek!;
  if (plan !== null) return plan(state, scope, parts, rowConditions(state, scope));
  throw new QueryError(`A query over ${state.model.meta.label} with a cursor gives rows alone`, {
    code: "invalid_cursor_query",
    hint: "Use page(), pages(), all(), first(), get(), stream() or explain() of it",
  });
}

/** Limits up to this are said in the text. */
const SMALL_LIMIT = 100;

/**
 * A small limit is part of the statement: the server then plans for few rows, and keeps the plan. A large
 * one is bound, so that not every number makes a statement of its own.
 */
function limitNode(limit: number): Expression {
  return limit <= SMALL_LIMIT ? constant(limit) : param(String(limit));
}

/** The columns of the model that the rows show. */
export function readColumns(state: QueryState): readonly ColumnMeta[] {
  const { meta } = state.model;
  if (state.columns !== null) return state.columns;
  if (state.groupBy === null) return meta.columns;
  return state.groupBy.map((name) => meta.findColumn(name)).filter((one) => one !== undefined);
}

/** The named expressions that the rows show. */
export function shownExtras(state: QueryState): readonly Extra[] {
  const { shown } = state;
  return shown === null
    ? state.extras
    : state.extras.filter(({ property }) => shown.includes(property));
}

function distinctOf(state: QueryState, scope: Scope): boolean | readonly Expression[] {
  const { distinct } = state;
  return typeof distinct === "boolean"
    ? distinct
    : distinct.map((name) => fieldOf(scope, name).node);
}

function source(
  state: QueryState,
  scope: Scope,
  outer: Scope | null,
): Pick<SelectNode, "from" | "fromAlias" | "sample"> {
  const { origin, sample } = state;
  if (origin?.kind === "query") {
    return { from: origin.make(outer), fromAlias: scope.alias, sample: null };
  }
  const from: SourceNode = origin === null
    ? tableNode(scope.meta, scope.alias)
    : { kind: "table", schema: null, name: origin.name, alias: scope.alias };
  return {
    from,
    fromAlias: null,
    sample: sample === null ? null : {
      method: sample.method,
      percent: param(String(sample.percent)),
      seed: sample.seed === null ? null : param(String(sample.seed)),
    },
  };
}

/** Which rows of its table a query is about; null = all. */
export function rowConditions(state: QueryState, scope: Scope): Expression | null {
  const given = conditions(state.where, scope);
  const seen = visibility(state, scope.alias);
  if (given === null || seen === null) return given ?? seen;
  return and([given, seen]);
}

/** The conditions of a query as one; null when there is none. */
export function conditions(clauses: readonly Clause[], scope: Scope): Expression | null {
  const nodes = clauses.map((clause) => clauseNode(clause, scope)).filter(saysSomething);
  return nodes.length === 0 ? null : and(nodes);
}

function clauseNode({ input, negated, node }: Clause, scope: Scope): Expression {
  if (node !== null && scope.outer === null) return node;
  const item = parseWhere(scope, input);
  return negated ? { kind: "not", item } : item;
}

function saysSomething(node: Expression): boolean {
  return !(node.kind === "group" && node.operator === "and" && node.items.length === 0);
}

/**
 * What is grouped by. A named expression is said by its position: said again, its parameters would be
 * others, and the server could not know that they are equal.
 */
function groupNode(name: string, scope: Scope, extras: readonly ExtraShape[]): Expression {
  const shown = extras.find(({ property }) => property === name);
  return shown === undefined ? fieldOf(scope, name).node : constant(shown.position + 1);
}

function orderOf(
  state: QueryState,
  scope: Scope,
  extras: readonly ExtraShape[],
  aliases: JoinAliases,
): OrderNode[] {
  const given = state.order.map((clause) =>
    byPosition(orderNode(clause, scope, aliases), clause, extras)
  );
  return state.reversed ? reversed(scope, given, state.groupBy !== null) : given;
}

function orderNode(
  { input, node }: OrderClause,
  scope: Scope,
  aliases: JoinAliases,
): OrderNode {
  return node !== null && scope.outer === null ? node : orderTerm(scope, input, aliases);
}

/** A named expression that the rows show is ordered by its position, for the reason of `groupNode`. */
function byPosition(
  node: OrderNode,
  { input }: OrderClause,
  extras: readonly ExtraShape[],
): OrderNode {
  const name = orderName(input);
  const shown = extras.find(({ property }) => property === name);
  if (shown === undefined) return node;
  return { ...node, expression: constant(shown.position + 1) };
}

/** The query as a node, whatever stands around it. */
export function planQuery(state: QueryState, outer: Scope | null): QueryNode {
  return planRead(state, outer).node;
}

/** What of a query decides which rows it gives. */
function bare(state: QueryState): QueryState {
  return { ...state, joined: {}, lock: null, reversed: state.reversed && state.limit !== null };
}

/** Whether counting the rows needs more than the table and the conditions. */
function needsWrap(state: QueryState): boolean {
  return state.limit !== null || state.offset !== null || state.distinct !== false ||
    state.groupBy !== null;
}

/** Makes the select that counts a query's rows; limit and offset count too. */
export function planCount(state: QueryState): SelectNode {
  const columns = [item({ kind: "count" } as const)];
  if (!needsWrap(state)) {
    const { node } = planRead({ ...bare(state), columns: [], shown: [], order: [] });
    return { ...node, columns };
  }
  return select({ columns, from: wrapped(state), fromAlias: "rows" });
}

/** The rows of a query without what only shows. */
function wrapped(state: QueryState): SelectNode {
  const keepsColumns = state.distinct !== false || state.groupBy !== null;
  const { node } = planRead({ ...bare(state), order: [], reversed: false });
  return keepsColumns ? node : { ...node, columns: [item(constant(1))] };
}

/** Makes the select that tells whether a query gives a row. */
export function planExists(state: QueryState): SelectNode {
  const { node } = planRead({ ...bare(state), order: [], reversed: false });
  if (state.distinct !== false && state.offset !== null) {
    return select({ columns: [item({ kind: "exists", query: node })], from: null });
  }
  const plain = { ...node, distinct: false, columns: [item(constant(1))] };
  const query = state.groupBy === null ? plain : node;
  return select({ columns: [item({ kind: "exists", query })], from: null });
}

/** Makes the select of aggregates over a query's rows. */
export function planAggregate(state: QueryState, extras: readonly Extra[]): ReadPlan {
  const { model } = state;
  const wraps = needsWrap(state) || state.extras.length > 0;
  const given = wraps ? outerNames(state) : [];
  const inner: QueryState = wraps
    ? {
      ...state,
      extras: given,
      origin: { kind: "query", make: (outer) => planQuery(bare(state), outer) },
      with: [],
      sample: null,
      distinct: false,
      where: [],
      groupBy: null,
      having: [],
      limit: null,
      offset: null,
      columns: null,
    }
    : state;
  return planRead({
    ...inner,
    model,
    columns: [],
    list: null,
    joined: {},
    order: [],
    reversed: false,
    // copies: by themselves they meant the names of the query, here those of its rows
    extras: [...given, ...extras.map((one) => ({ ...one, before: given.length }))],
    shown: extras.map(({ property }) => property),
    lock: null,
  });
}

/** The names that a query gave, as columns of the query as a whole. */
export function outerNames(state: QueryState): Extra[] {
  const extras = shownExtras(state);
  return extras.map(({ property }) => ({
    property,
    expr: new Computed(({ alias, outer }) => ({
      node: column(alias, property),
      codec: queryScope(state.model, state.extras, outer).named.get(property)!.codec,
    })),
    before: extras.length,
  }));
}

/** The order by primary key, for `first` and `last` of a query without an order. */
export function keyOrder(scope: Scope): OrderNode[] {
  return scope.meta.primaryKey.map((key) => ({
    kind: "order",
    expression: column(scope.alias, key.name),
    descending: false,
    nulls: null,
  }));
}

/** The opposite of an order: NULLs go to the other end as well. */
function reversed(scope: Scope, order: readonly OrderNode[], grouped: boolean): OrderNode[] {
  const terms = order.length > 0 || grouped ? order : keyOrder(scope);
  if (terms.length === 0) {
    throw new QueryError(
      `Cannot turn the order of ${scope.meta.label} around: it has no order and no key`,
      { code: "no_order", hint: 'Add orderBy("...")' },
    );
  }
  return terms.map((term) => ({
    ...term,
    descending: !term.descending,
    nulls: term.nulls === null ? null : term.nulls === "first" ? "last" : "first",
  }));
}
