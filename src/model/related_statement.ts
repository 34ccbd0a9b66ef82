/** The statement that loads a relation's rows for some keys. */
import { and, binary, column, item, param } from "../ast/make.ts";
import type { JoinNode, UnnestNode } from "../ast/nodes.ts";
import { compile } from "../compile/compile.ts";
import type { Statement } from "../driver/port.ts";
import { QueryError } from "../errors/base.ts";
import { ROOT } from "../query/expr/scope.ts";
import { planRead, type ReadPlan } from "../query/plan.ts";
import type { RowShape } from "../query/shape.ts";
import { emptyState, type QueryState } from "../query/state.ts";
import { junctionJoin, tableNode } from "../query/where.ts";
import type { RelationMeta } from "../schema/relation_meta.ts";
import { keyArrays, keySource } from "./batch.ts";
import { isLimited, JUNCTION, keyTie, limitedPlan } from "./limited_plan.ts";

/** The alias of the keys that a relation is loaded for. */
const KEYS = "k";

/** The values of the columns by which related rows are found. */
export type Key = readonly string[];

/** A statement over a relation, and what its rows become. */
export interface RelatedStatement {
  readonly statement: Statement;
  readonly shape: RowShape;
  /** Where a row says the number of its key, counted from 1; null when all are of the only key. */
  readonly ordinal: number | null;
}

/** What stays the same whatever the keys are. */
type Kept = Omit<RelatedStatement, "statement"> & Omit<Statement, "params">;

// a relation as it is declared is compiled once: for one key, and for any number of them
const forOne = new WeakMap<RelationMeta, Kept>();
const forMany = new WeakMap<RelationMeta, Kept>();

/** Makes the statement; `refined` narrows and orders the rows, null takes the relation as it is declared. */
export function relatedStatement(
  relation: RelationMeta,
  keys: readonly Key[],
  refined: QueryState | null,
): RelatedStatement {
  const [only] = keys;
  const single = only !== undefined && keys.length === 1 && relation.kind !== "m2m";
  const kept = single ? forOne : forMany;
  const known = refined === null ? kept.get(relation) : undefined;
  if (known !== undefined) {
    const { text, name, shape, ordinal } = known;
    const params = single ? only : keyArrays(relation.local.length, keys);
    return { statement: { text, name, params }, shape, ordinal };
  }
  const state = ordered(relation, refined ?? emptyState(relation.target, null));
  const plan = single
    ? singlePlan(relation, only, state)
    : relatedPlan(relation, keySource(relation.local, keys), state);
  const statement = compile(plan.node);
  const made = { shape: plan.shape, ordinal: single ? null : plan.node.columns.length - 1 };
  // only where the keys, one parameter for each column, are all that is bound
  if (refined === null && statement.params.length === relation.local.length) {
    kept.set(relation, { ...made, text: statement.text, name: statement.name });
  }
  return { ...made, statement };
}

/** A list that has no order of its own has that of its keys. */
function ordered(relation: RelationMeta, state: QueryState): QueryState {
  if (relation.kind === "fk" || state.order.length > 0 || state.distinct !== false) return state;
  const { primaryKey } = relation.target.meta;
  return { ...state, order: primaryKey.map(({ property }) => ({ input: property, node: null })) };
}

/** The select of a relation's rows for one key. */
function singlePlan(relation: RelationMeta, key: Key, state: QueryState): ReadPlan {
  checkRefined(relation, state);
  const { node, shape } = planRead(state);
  const tie = relation.remote.map((remote, index) =>
    binary("eq", column(ROOT, remote.name), param(key[index]!))
  );
  return { shape, node: { ...node, where: and(node.where === null ? tie : [...tie, node.where]) } };
}

/** The select of a relation's rows: the query over the target, tied to the keys. */
function relatedPlan(relation: RelationMeta, keys: UnnestNode, state: QueryState): ReadPlan {
  checkRefined(relation, state);
  if (isLimited(state)) return limitedPlan(relation, keys, state);
  const { node, shape } = planRead(state);
  return {
    shape,
    node: {
      ...node,
      columns: [...node.columns, item(column(KEYS, "ordinality"))],
      from: keys,
      joins: [
        ...(relation.kind === "m2m" ? junctionJoins(relation) : [directJoin(relation)]),
        ...node.joins,
      ],
    },
  };
}

/** The rows of a relation are rows of its table, and are tied to their keys there. */
function checkRefined(relation: RelationMeta, { groupBy, origin }: QueryState): void {
  if (groupBy === null && origin === null) return;
  throw new QueryError(`Cannot load "${relation.name}" by a query that groups or combines rows`, {
    code: "invalid_relation_query",
    hint: "Use filter(), exclude(), orderBy(), limit(), annotate() and further relations",
  });
}

function directJoin(relation: RelationMeta): JoinNode {
  return {
    kind: "join",
    type: "inner",
    source: tableNode(relation.target.meta, ROOT),
    on: and(keyTie(relation, KEYS)),
  };
}

/** The junction is joined to the keys, and the target to the junction. */
function junctionJoins(
  relation: Extract<RelationMeta, { readonly kind: "m2m" }>,
): JoinNode[] {
  const junction = junctionJoin(relation, JUNCTION, ROOT);
  return [
    { ...junction, on: and(keyTie(relation, KEYS)) },
    { ...junction, source: tableNode(relation.target.meta, ROOT) },
  ];
}
