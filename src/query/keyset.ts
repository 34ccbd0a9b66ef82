/** Rows behind or before a cursor: the key of an order, and the conditions that compare it. */
import { and, binary, constant, item, or, param } from "../ast/make.ts";
import type { ColumnNode, Expression, OrderNode } from "../ast/nodes.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { QueryError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { stableJson } from "../util/stable_json.ts";
import { orderName, orderTerm } from "./clauses.ts";
import { type CursorKey, invalidCursor, markOf, readCursor } from "./cursor.ts";
import { isExpr } from "./expr/computed.ts";
import type { Scope } from "./expr/scope.ts";
import { type JoinAliases, relatedOrder } from "./related_order.ts";
import type { OrderClause, PlanSeek, QueryState } from "./state.ts";

/** One term of an order whose rows have keys. */
interface KeyTerm {
  readonly node: OrderNode;
  /** What reads its values; null where the server alone knows. */
  readonly codec: AnyCodec | null;
  /** Whether it can be NULL. */
  readonly nullable: boolean;
}

/** An order whose rows have keys. */
interface Keyset {
  readonly terms: readonly KeyTerm[];
  /** What tells its cursors from those of other orders. */
  readonly mark: string;
}

/**
 * Lets a query with cursors be planned.
 *
 * @throws {QueryError} its rows have no order that tells every two of them apart
 */
export function placed(state: QueryState): QueryState {
  const { seek } = state;
  if (seek === null || seek.plan !== null) return state;
  return { ...totalOrder(state), seek: { ...seek, plan } };
}

const plan: PlanSeek = (state, scope, { items, columns, aliases }, given) => {
  const seek = state.seek!;
  const keyset = keysetOf(state, scope, aliases);
  const parts = [given, seekCondition(keyset, seek)].filter((part) => part !== null);
  const add = (expression: Expression): number => items.push(item(expression)) - 1;
  return {
    where: parts.length === 0 ? null : and(parts),
    ...(seek.shown
      ? { key: { mark: keyset.mark, positions: keyPositions(keyset, scope, columns, add) } }
      : {}),
  };
};

/**
 * Adds the primary key to an order that does not tell every two rows apart.
 *
 * @throws {QueryError} the rows of the query have no such order
 */
function totalOrder(state: QueryState): QueryState {
  const { model: { meta }, groupBy, distinct, origin, columns } = state;
  if (groupBy !== null || distinct !== false) {
    throw noKeyset(meta, "its rows are groups, or distinct ones");
  }
  if (isTotal(state)) return state;
  const named = namedColumns(state);
  const ties = meta.primaryKey.filter((one) => !named.includes(one));
  if (meta.primaryKey.length === 0) throw noKeyset(meta, "it has no primary key");
  if (origin?.kind === "query" && columns !== null && !ties.every((one) => columns.includes(one))) {
    throw noKeyset(meta, "the rows that are combined do not show its primary key");
  }
  const added = ties.map(({ property }): OrderClause => ({ input: property, node: null }));
  return { ...state, order: [...state.order, ...added] };
}

/** Whether an order tells every two rows apart by one of its columns. */
export function isTotal(state: QueryState): boolean {
  const { meta } = state.model;
  return namedColumns(state).some((one) => one !== undefined && isUnique(one, meta));
}

function namedColumns({ model: { meta }, order }: QueryState): (ColumnMeta | undefined)[] {
  return order.map(({ input }) => meta.findColumn(orderName(input)));
}

/** Whether no two rows have the same value in a column. */
function isUnique(column: ColumnMeta, { primaryKey }: ModelMeta): boolean {
  if (primaryKey.length === 1 && primaryKey[0] === column) return true;
  return column.spec.unique && !column.spec.nullable;
}

function noKeyset(meta: ModelMeta, why: string): QueryError {
  return new QueryError(`Cannot make pages by key of the query over ${meta.label}: ${why}`, {
    code: "no_keyset",
    hint: "Order by a column that tells rows apart, or use a Paginator",
  });
}

/** Reads the order of a query that has a total one; `aliases` are those of its joins. */
function keysetOf(state: QueryState, scope: Scope, aliases: JoinAliases): Keyset {
  const terms = state.order.map(({ input }) => keyTerm(scope, input, aliases));
  if (terms.some(({ node }) => hasWindow(node.expression))) {
    throw noKeyset(scope.meta, "it is ordered by a window function");
  }
  const { schema, table } = scope.meta;
  const mark = markOf(stableJson([schema, table, ...terms.map(({ node }) => node)]));
  return { terms: state.reversed ? terms.map(turned) : terms, mark };
}

function keyTerm(scope: Scope, input: unknown, aliases: JoinAliases): KeyTerm {
  const node = orderTerm(scope, input, aliases);
  const related = relatedOrder(scope.meta, input);
  if (related !== undefined) {
    const found = related.meta.findColumn(orderName(related.term));
    // there may be no such row
    return { node, codec: found?.codec ?? null, nullable: true };
  }
  const name = orderName(input);
  const found = scope.named.has(name) ? undefined : scope.meta.findColumn(name);
  if (found !== undefined) {
    const nullable = found.spec.nullable && !scope.meta.primaryKey.includes(found);
    return { node, codec: found.codec, nullable };
  }
  const codec = isExpr(input) ? input.resolve(scope).codec : scope.named.get(name)?.codec;
  return { node, codec: codec ?? null, nullable: true };
}

/** Whether an expression looks at other rows, which no condition can. */
function hasWindow(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return ("over" in node && node.over !== null) || Object.values(node).some(hasWindow);
}

function turned({ node, ...rest }: KeyTerm): KeyTerm {
  const nulls = node.nulls === null ? null : nullsFirst(node) ? "last" : "first";
  return { ...rest, node: { ...node, descending: !node.descending, nulls } };
}

function nullsFirst({ nulls, descending }: OrderNode): boolean {
  return nulls === null ? descending : nulls === "first";
}

/** The condition of rows behind one cursor and before another. */
function seekCondition(
  { terms, mark }: Keyset,
  { after, before }: { readonly after: string | null; readonly before: string | null },
): Expression | null {
  const parts = [];
  if (after !== null) parts.push(behind(terms, keyIn(after, terms, mark)));
  if (before !== null) parts.push(behind(terms.map(turned), keyIn(before, terms, mark)));
  return parts.length === 0 ? null : and(parts);
}

/** Reads a cursor; what its values can be is checked before anything is sent. */
function keyIn(text: string, terms: readonly KeyTerm[], mark: string): CursorKey {
  const key = readCursor(text, mark, terms.length);
  try {
    key.forEach((value, index) => {
      const codec = terms[index]!.codec;
      // of some types the server alone knows how its values look
      if (value !== null && codec !== null && !("byOid" in codec)) {
        codec.encode(codec.decode(value));
      }
    });
  } catch (cause) {
    throw invalidCursor(cause);
  }
  return key;
}

/**
 * The condition of rows behind a key. Where all terms go one way and none can be NULL, the rows are
 * compared as a whole, which an index over the columns answers; else term by term.
 */
function behind(terms: readonly KeyTerm[], key: CursorKey): Expression {
  const [first] = terms;
  const plain = terms.every(({ nullable, node }, index) =>
    !nullable && key[index] !== null && node.descending === first!.node.descending
  );
  if (plain) {
    return binary(
      first!.node.descending ? "lt" : "gt",
      rowOf(terms.map(({ node }) => node.expression)),
      rowOf(key.map((value) => param(value))),
    );
  }
  const whole = behindFrom(terms, key, 0);
  if (first!.nullable || key[0] === null || terms.length === 1) return whole;
  // said beside the alternatives, so that an index over the first column can start there
  const { descending, expression } = first!.node;
  return and([binary(descending ? "lte" : "gte", expression, param(key[0]!)), whole]);
}

function rowOf(items: readonly Expression[]): Expression {
  return items.length === 1 ? items[0]! : { kind: "row", items };
}

/** Behind in this term, or equal in it and behind in those that follow. */
function behindFrom(terms: readonly KeyTerm[], key: CursorKey, index: number): Expression {
  const { node, nullable } = terms[index]!;
  const { expression, descending } = node;
  const value = key[index]!;
  const isNull = (negated: boolean): Expression => ({ kind: "isNull", negated, item: expression });
  const first = nullsFirst(node);
  const further = value === null
    ? first ? isNull(true) : constant(false)
    : binary(descending ? "lt" : "gt", expression, param(value));
  const beyond = value !== null && nullable && !first ? or([further, isNull(false)]) : further;
  if (index === terms.length - 1) return beyond;
  const equal = value === null ? isNull(false) : binary("eq", expression, param(value));
  return or([beyond, and([equal, behindFrom(terms, key, index + 1)])]);
}

/** Where the values of a key stand in a row: those of columns that are shown, else new ones. */
function keyPositions(
  { terms }: Keyset,
  scope: Scope,
  columns: readonly ColumnMeta[],
  add: (expression: Expression) => number,
): readonly number[] {
  return terms.map(({ node: { expression } }) => {
    const isOwn = expression.kind === "column" && expression.table === scope.alias;
    const shown = isOwn
      ? columns.findIndex(({ name }) => name === (expression as ColumnNode).name)
      : -1;
    return shown >= 0 ? shown : add(expression);
  });
}
