/** Loads a relation for many rows with one statement. */
import { and, binary, column, item, param } from "../ast/make.ts";
import type { JoinNode, UnnestNode } from "../ast/nodes.ts";
import { keySource } from "./batch.ts";
import { compile } from "../compile/compile.ts";
import type { Rows, RunOptions } from "../driver/port.ts";
import { QueryError } from "../errors/base.ts";
import { Coalescer } from "../execute/coalesce.ts";
import type { Caller } from "../execute/origin.ts";
import { sessionFor, type Using } from "../execute/session.ts";
import { sessionOf } from "../query/actions.ts";
import { ROOT } from "../query/expr/scope.ts";
import { planRead, type ReadPlan } from "../query/plan.ts";
import { emptyState, type QueryState } from "../query/state.ts";
import { tableNode } from "../query/where.ts";
import type { ColumnMeta } from "../schema/meta.ts";
import type { RelationMeta } from "../schema/relation_meta.ts";
import { hydrate } from "./hydrate.ts";
import { isLimited, limitedPlan } from "./limited_plan.ts";
import { metaOfRow, stateOf } from "./row_state.ts";
import { encodedValue } from "./values.ts";

/** The alias of the keys that a relation is loaded for. */
const KEYS = "k";
/** The alias of a junction table. */
const JUNCTION = "j";

/** Rows of a relation, for each of the rows that it was loaded for, in their order. */
export type RelatedRows = readonly (readonly object[])[];

/** The values of the columns by which related rows are found. */
export type Key = readonly string[];

/** The key of a row by which its related rows are found; null when a part of it is NULL. */
function keyOf(row: object, columns: readonly ColumnMeta[]): readonly string[] | null {
  const texts: string[] = [];
  for (const one of columns) {
    const text = encodedValue(row, one);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

/**
 * Loads a relation for all rows in one statement.
 *
 * The keys go out as one array for each column and come back by their position, so that the database
 * alone decides which keys are equal. `refined` narrows and orders the relation's rows.
 */
export async function loadRelated(
  rows: readonly object[],
  relation: RelationMeta,
  using: Using | null,
  caller: Caller,
  options?: RunOptions,
  refined?: QueryState,
): Promise<RelatedRows> {
  const keys = new Map<string, { readonly key: readonly string[]; readonly position: number }>();
  const positions = rows.map((row) => {
    const key = keyOf(row, relation.local);
    if (key === null) return null;
    const id = JSON.stringify(key);
    const known = keys.get(id) ?? { key, position: keys.size };
    keys.set(id, known);
    return known.position;
  });
  if (keys.size === 0) return rows.map(() => []);
  const where = sameDatabase(rows, relation) ? using : null;
  const found = await fetchByKeys(
    [...keys.values()].map(({ key }) => key),
    relation,
    ordered(relation, refined ?? emptyState(relation.target, where)),
    caller,
    options,
  );
  return positions.map((position) => position === null ? [] : found[position] ?? []);
}

/** A transaction of one database never takes over another database's rows. */
export function sameDatabase(rows: readonly object[], relation: RelationMeta): boolean {
  const [row] = rows;
  if (row === undefined) return true;
  const [here, there] = [metaOfRow(row).database, relation.target.meta.database];
  if (here === there) return true;
  const byDefault = sessionFor(null).database;
  return (here ?? byDefault) === (there ?? byDefault);
}

/** Every row of a relation, lists in the order of their keys. */
function keyOrdered(relation: RelationMeta, using: Using | null): QueryState {
  return ordered(relation, emptyState(relation.target, using));
}

/** A list that has no order of its own has that of its keys. */
function ordered(relation: RelationMeta, state: QueryState): QueryState {
  if (relation.kind === "fk" || state.order.length > 0 || state.distinct !== false) return state;
  const { primaryKey } = relation.target.meta;
  return { ...state, order: primaryKey.map(({ property }) => ({ input: property, node: null })) };
}

async function fetchByKeys(
  keys: readonly Key[],
  relation: RelationMeta,
  state: QueryState,
  caller: Caller,
  options: RunOptions | undefined,
): Promise<object[][]> {
  const { plan, rows, places } = await fetchRows(keys, relation, state, caller, options);
  const loaded = hydrate(plan, rows, state.using);
  return places.map((indexes) => indexes.map((index) => loaded[index]!));
}

/** The rows of a relation as they came, and for each key the indexes of its rows. */
interface FoundRows {
  readonly plan: ReadPlan;
  readonly rows: Rows;
  readonly places: readonly (readonly number[])[];
}

async function fetchRows(
  keys: readonly Key[],
  relation: RelationMeta,
  state: QueryState,
  caller: Caller,
  options?: RunOptions,
): Promise<FoundRows> {
  const session = sessionOf(state);
  const [only] = keys;
  if (only !== undefined && keys.length === 1 && relation.kind !== "m2m") {
    const plan = singlePlan(relation, only, state);
    const rows = await session.run(compile(plan.node), options, caller);
    return { plan, rows, places: [rows.rows.map((_, index) => index)] };
  }
  const plan = relatedPlan(relation, keySource(relation.local, keys), state);
  const rows = await session.run(compile(plan.node), options, caller);
  const ordinal = plan.node.columns.length - 1;
  const places: number[][] = keys.map(() => []);
  // the ordinal stands after the columns and counts from 1
  rows.rows.forEach((wire, index) => places[Number(wire[ordinal]) - 1]!.push(index));
  return { plan, rows, places };
}

const coalescer = new Coalescer<Key, object[]>();

/**
 * Loads a relation for one key. Callers of the same turn share a statement; each gets rows of its own.
 */
export function loadByKey(
  key: Key,
  relation: RelationMeta,
  using: Using | null,
  caller: Caller,
): Promise<object[]> {
  const state = keyOrdered(relation, using);
  const session = sessionOf(state);
  return coalescer.ask(session, relation, key, async (keys) => {
    const positions = new Map<string, number>();
    const distinct: Key[] = [];
    const asked = keys.map((one) => {
      const id = JSON.stringify(one);
      const known = positions.get(id) ?? distinct.push(one) - 1;
      positions.set(id, known);
      return known;
    });
    const { plan, rows, places } = await fetchRows(distinct, relation, state, caller);
    const lists = asked.map((position) => places[position]!);
    // all at once, a row for each caller: what they do with it is their own
    const wires = lists.flatMap((indexes) => indexes.map((index) => rows.rows[index]!));
    const loaded = hydrate(plan, { ...rows, rows: wires }, using);
    let next = 0;
    return lists.map(({ length }) => loaded.slice(next, next += length));
  });
}

/** Loads a relation of one row; empty when its key is NULL. */
export async function loadOne(
  row: object,
  relation: RelationMeta,
  using: Using | null,
  options: RunOptions | undefined,
): Promise<readonly object[]> {
  const caller = { model: stateOf(row).model, operation: `fetch.${relation.name}` };
  if (options !== undefined) {
    const [found = []] = await loadRelated([row], relation, using, caller, options);
    return found;
  }
  const key = keyOf(row, relation.local);
  if (key === null) return [];
  return await loadByKey(key, relation, sameDatabase([row], relation) ? using : null, caller);
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
    on: and(
      relation.remote.map((remote, index) =>
        binary("eq", column(ROOT, remote.name), column(KEYS, `key${index}`))
      ),
    ),
  };
}

function junctionJoins(
  relation: Extract<RelationMeta, { readonly kind: "m2m" }>,
): JoinNode[] {
  const { through } = relation;
  const junction: JoinNode = {
    kind: "join",
    type: "inner",
    source: { kind: "table", schema: through.schema, name: through.table, alias: JUNCTION },
    on: and(
      through.source.map((name, index) =>
        binary("eq", column(JUNCTION, name), column(KEYS, `key${index}`))
      ),
    ),
  };
  const target: JoinNode = {
    kind: "join",
    type: "inner",
    source: tableNode(relation.target.meta, ROOT),
    on: and(
      through.target.map((name, index) =>
        binary("eq", column(ROOT, relation.remote[index]!.name), column(JUNCTION, name))
      ),
    ),
  };
  return [junction, target];
}
