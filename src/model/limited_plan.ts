/** The rows of a relation by a query that limits them for each key by itself. */
import { and, binary, column, constant, item, select } from "../ast/make.ts";
import type { Expression, SelectItem, UnnestNode } from "../ast/nodes.ts";
import { ROOT } from "../query/expr/scope.ts";
import { planRead, type ReadPlan } from "../query/plan.ts";
import type { QueryState } from "../query/state.ts";
import { junctionJoin } from "../query/where.ts";
import type { RelationMeta } from "../schema/relation_meta.ts";

/** The alias of the rows of one key. */
const EACH = "e";
/** The alias of a junction table. */
export const JUNCTION = "j";

/** Whether a query means other rows for many keys together than for each by itself. */
export function isLimited({ limit, offset, distinct }: QueryState): boolean {
  return limit !== null || offset !== null || distinct !== false;
}

/** The select that runs a query for each key, in the order of the keys. */
export function limitedPlan(
  relation: RelationMeta,
  keys: UnnestNode,
  state: QueryState,
): ReadPlan {
  const { node, shape } = planRead(state);
  const columns = named(node.columns);
  const tie = keyTie(relation, keys.alias);
  const query = {
    ...node,
    columns,
    joins: relation.kind === "m2m"
      ? [junctionJoin(relation, JUNCTION, ROOT), ...node.joins]
      : node.joins,
    where: and(node.where === null ? tie : [...tie, node.where]),
  };
  return {
    shape,
    node: select({
      columns: [
        ...columns.map(({ alias }) => item(column(EACH, alias))),
        item(column(keys.alias, "ordinality")),
      ],
      from: keys,
      joins: [{
        kind: "join",
        type: "inner",
        source: { kind: "lateral", query, alias: EACH },
        on: constant(true),
      }],
    }),
  };
}

/** Gives every item a name: joined tables may have columns of one name. */
function named(
  items: readonly SelectItem[],
): (SelectItem & { readonly alias: string })[] {
  const taken = new Set(items.map(({ alias }) => alias));
  return items.map(({ expression, alias }, index) => {
    let name = alias ?? `c${index}`;
    while (alias === null && taken.has(name)) name = `_${name}`;
    return { expression, alias: name };
  });
}

/** What ties the rows of a relation, or of its junction, to a key among the keys. */
export function keyTie(relation: RelationMeta, keys: string): Expression[] {
  const columns = relation.kind === "m2m"
    ? relation.through.source.map((name) => column(JUNCTION, name))
    : relation.remote.map(({ name }) => column(ROOT, name));
  return columns.map((one, index) => binary("eq", one, column(keys, `key${index}`)));
}
