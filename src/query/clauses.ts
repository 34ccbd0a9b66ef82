/** Reads the arguments of the builder's clauses. */
import type { OrderNode } from "../ast/nodes.ts";
import { RelationError, ValidationError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { relationInDatabase, relationOf } from "../schema/relation_meta.ts";
import { computedNode, ExprOrder, nullsWord } from "./expr/computed.ts";
import { fieldOf, type Scope } from "./expr/scope.ts";
import type { JoinTree, PrefetchTree } from "./state.ts";

/** One term of an order with its options. */
interface OrderOptions {
  readonly field: string;
  readonly descending?: boolean;
  readonly nulls?: "first" | "last";
}

/** Reads a term of an order: `"name"`, `"-name"`, an expression, a fragment, or one with options. */
export function orderTerm(scope: Scope, term: unknown): OrderNode {
  if (term instanceof ExprOrder) return term.resolve(scope);
  const expression = computedNode(term, scope);
  if (expression !== undefined) {
    return { kind: "order", expression, descending: false, nulls: null };
  }
  const options: OrderOptions = typeof term === "string"
    ? { field: term.startsWith("-") ? term.slice(1) : term, descending: term.startsWith("-") }
    : term as OrderOptions;
  if (typeof options !== "object" || options === null || typeof options.field !== "string") {
    throw invalidOrder(scope.meta);
  }
  return {
    kind: "order",
    expression: fieldOf(scope, options.field).node,
    descending: options.descending ?? false,
    nulls: nullsWord(options.nulls),
  };
}

/** The name in a term of an order; empty when it is an expression. */
export function orderName(term: unknown): string {
  if (typeof term === "string") return term.startsWith("-") ? term.slice(1) : term;
  if (typeof term !== "object" || term === null || !("field" in term)) return "";
  return typeof term.field === "string" ? term.field : "";
}

function invalidOrder(meta: ModelMeta): ValidationError {
  return new ValidationError(`An order of ${meta.label} has a term that is not a field`, {
    code: "invalid_order",
    hint: 'Use "name", "-name", { field, descending, nulls } or an expression',
  });
}

/** Checks a number of rows. */
export function rowCount(clause: "limit" | "offset", count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new ValidationError(`The ${clause} of a query is not a whole number from 0 up`, {
    code: "invalid_limit",
  });
}

/** The columns that a partial row reads. */
export function onlyColumns(meta: ModelMeta, names: readonly string[]): ColumnMeta[] {
  if (names.length === 0) {
    throw new ValidationError(`Cannot read rows of ${meta.label} without a column`, {
      code: "no_columns",
      hint: "Name at least one field in only()",
    });
  }
  return [...new Set(names)].map((name) => meta.column(name));
}

/** The columns that a partial row reads when some are left out. */
export function deferColumns(meta: ModelMeta, names: readonly string[]): ColumnMeta[] {
  const left = new Set(names.map((name) => meta.column(name)));
  return onlyColumns(
    meta,
    meta.columns.filter((one) => !left.has(one)).map((one) => one.property),
  );
}

/** Merges foreign keys to join, checking every name down to the last level. */
export function mergeJoins(meta: ModelMeta, one: JoinTree, other: JoinTree): JoinTree {
  if (!isTree(other)) {
    throw new RelationError(`What is joined to ${meta.label} is neither a name nor a tree`, {
      code: "relation_not_joinable",
      hint: "Name foreign keys: selectRelated({ customerId: true })",
    });
  }
  const merged = new Map<string, true | JoinTree>(Object.entries(one));
  for (const [name, nested] of Object.entries(other)) {
    const relation = relationInDatabase(meta, name);
    if (relation.kind !== "fk") {
      throw new RelationError(`Cannot join "${name}" of ${meta.label}: it gives many rows`, {
        code: "relation_not_joinable",
        hint: `Use prefetchRelated({ ${name}: true })`,
      });
    }
    const parts = [merged.get(name), nested].filter((part) => typeof part === "object");
    const tree = parts.reduce<JoinTree>(
      (sum, part) => mergeJoins(relation.target.meta, sum, part),
      {},
    );
    merged.set(name, Object.keys(tree).length === 0 ? true : tree);
  }
  return Object.fromEntries(merged);
}

function isTree(nested: unknown): boolean {
  return typeof nested === "object" && nested !== null && !Array.isArray(nested);
}

/** Merges what to load after the rows, checking every name down to the last level. */
export function mergePrefetch(
  meta: ModelMeta,
  one: PrefetchTree,
  other: PrefetchTree,
): PrefetchTree {
  if (!isTree(other)) {
    throw new ValidationError(`The prefetch of ${meta.label} is not a tree of relations`, {
      code: "invalid_prefetch",
      hint: "Name relations: prefetchRelated({ lineItems: true })",
    });
  }
  const merged = new Map(Object.entries(one));
  for (const [name, nested] of Object.entries(other)) {
    const target = relationOf(meta, name).target.meta;
    if (nested !== true && typeof nested !== "function" && !isTree(nested)) {
      throw new ValidationError(`The prefetch of "${name}" of ${meta.label} is none`, {
        code: "invalid_prefetch",
        hint: "Say true, a tree of relations, or a function that refines the query",
      });
    }
    if (typeof nested === "function") {
      merged.set(name, nested);
      continue;
    }
    const parts = [merged.get(name), nested].filter((part) => typeof part === "object");
    const tree = parts.reduce<PrefetchTree>((sum, part) => mergePrefetch(target, sum, part), {});
    merged.set(name, Object.keys(tree).length === 0 ? true : tree);
  }
  return Object.fromEntries(merged);
}
