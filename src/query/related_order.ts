/** Orders by columns of rows that foreign keys lead to: `{ customerId: "name" }`. */
import { isSql } from "../ast/fragment.ts";
import { RelationError, ValidationError } from "../errors/base.ts";
import type { ModelMeta } from "../schema/meta.ts";
import { relationInDatabase } from "../schema/relation_meta.ts";
import { ExprOrder, isExpr } from "./expr/computed.ts";
import type { JoinTree, OrderClause } from "./state.ts";

/** A term of an order over a related row, and the foreign keys that lead there. */
export interface RelatedOrder {
  readonly path: readonly string[];
  readonly meta: ModelMeta;
  readonly term: unknown;
}

/** The aliases of joined tables by the path that leads to them. */
export type JoinAliases = ReadonlyMap<string, string>;

/** The key of a path among the aliases. */
export function pathKey(path: readonly string[]): string {
  return path.join("\0");
}

/**
 * Follows a term over a related row; undefined when the term is one over the model itself.
 *
 * @throws {RelationError} what it follows is no foreign key
 */
export function relatedOrder(meta: ModelMeta, term: unknown): RelatedOrder | undefined {
  let followed: RelatedOrder = { path: [], meta, term };
  for (let name = relationIn(followed); name !== undefined; name = relationIn(followed)) {
    const relation = relationInDatabase(followed.meta, name);
    if (relation.kind !== "fk") {
      throw new RelationError(`Cannot order by "${name}" of ${meta.label}: it gives many rows`, {
        code: "relation_not_joinable",
        hint: "Order by a sub-query: annotate({ n: subquery(...) }), then by its name",
      });
    }
    followed = {
      path: [...followed.path, name],
      meta: relation.target.meta,
      term: (followed.term as Readonly<Record<string, unknown>>)[name],
    };
  }
  return followed.path.length === 0 ? undefined : followed;
}

/** The relation that a term names first; undefined when it is a column or an expression. */
function relationIn({ term, meta }: RelatedOrder): string | undefined {
  if (typeof term !== "object" || term === null || Array.isArray(term)) return undefined;
  if (isSql(term) || isExpr(term) || term instanceof ExprOrder) return undefined;
  // { field: "name" } is a term with options, unless a relation has that name
  if (
    "field" in term && (typeof term.field === "string" || !meta.relationNames().includes("field"))
  ) {
    return undefined;
  }
  const [name, ...more] = Object.keys(term);
  if (name !== undefined && more.length === 0) return name;
  throw new ValidationError(`An order of ${meta.label} has a term that is not a field`, {
    code: "invalid_order",
    hint: 'Give one foreign key a term: orderBy({ customerId: "name" }, { customerId: "-id" })',
  });
}

/** The foreign keys that an order has to join, beside those that are joined to be shown. */
export function orderedJoins(
  meta: ModelMeta,
  order: readonly OrderClause[],
  shown: JoinTree,
): JoinTree {
  return order.reduce<JoinTree>((tree, { input, node }) => {
    // a term that has its node asked for no join
    const related = node === null ? relatedOrder(meta, input) : undefined;
    return related === undefined ? tree : withPath(tree, related.path);
  }, shown);
}

function withPath(tree: JoinTree, [name, ...rest]: readonly string[]): JoinTree {
  if (name === undefined) return tree;
  const nested = new Map(Object.entries(tree)).get(name);
  const below = withPath(typeof nested === "object" ? nested : {}, rest);
  return Object.fromEntries([
    ...Object.entries(tree),
    [name, Object.keys(below).length === 0 ? true : below],
  ]);
}
