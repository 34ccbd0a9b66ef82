/** Reads the arguments of the builder's clauses. */
import type { OrderNode } from "../ast/nodes.ts";
import { wrongArgument } from "../errors/argument.ts";
import { RelationError, ValidationError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { relationInDatabase, relationOf } from "../schema/relation_meta.ts";
import { meant } from "../util/nearest.ts";
import { computedNode, ExprOrder, nullsWord } from "./expr/computed.ts";
import { fieldOf, type Scope, scopeOf } from "./expr/scope.ts";
import { type JoinAliases, pathKey, relatedOrder } from "./related_order.ts";
import type { JoinTree, PrefetchTree } from "./state.ts";

/** One term of an order with its options. */
interface OrderOptions {
  readonly field: string;
  readonly descending?: boolean;
  readonly nulls?: "first" | "last";
}

/**
 * Reads a term of an order: `"name"`, `"-name"`, an expression, a fragment, one with options, or one over
 * a related row, whose table has one of the aliases.
 */
export function orderTerm(
  scope: Scope,
  term: unknown,
  aliases: JoinAliases | null = null,
): OrderNode {
  const related = relatedOrder(scope.meta, term);
  if (related === undefined) return ownTerm(scope, term);
  const alias = aliases?.get(pathKey(related.path));
  if (alias === undefined) {
    throw new ValidationError("Only the order of a query can follow a foreign key", {
      code: "invalid_order",
      hint: "Name the value with annotate({ name: subquery(...) }) and order by its name",
    });
  }
  return ownTerm({ ...scopeOf(related.meta, scope.outer), alias }, related.term);
}

/** Checks a term of an order; gives its node unless a join has to be there first. */
export function checkedTerm(scope: Scope, term: unknown): OrderNode | null {
  const related = relatedOrder(scope.meta, term);
  if (related === undefined) return ownTerm(scope, term);
  ownTerm(scopeOf(related.meta, scope.outer), related.term);
  return null;
}

function ownTerm(scope: Scope, term: unknown): OrderNode {
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
  checkTerm(scope.meta, options);
  return {
    kind: "order",
    expression: fieldOf(scope, options.field).node,
    descending: options.descending ?? false,
    nulls: nullsWord(options.nulls),
  };
}

const TERM_OPTIONS = ["field", "descending", "nulls"];

/** A misspelled option must not pass for the usual order. */
function checkTerm(meta: ModelMeta, options: OrderOptions): void {
  const wrong = Object.keys(options).find((name) => !TERM_OPTIONS.includes(name));
  if (wrong === undefined && typeof (options.descending ?? false) === "boolean") return;
  throw new ValidationError(
    wrong === undefined
      ? `"descending" in an order of ${meta.label} is neither true nor false`
      : `A term of an order of ${meta.label} has no option "${wrong}"`,
    {
      code: "invalid_order",
      hint: meant(wrong, TERM_OPTIONS, `Its options are ${TERM_OPTIONS.join(", ")}`),
    },
  );
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

/** Gives back a cursor; null stands for none. */
export function checkCursor(call: string, cursor: unknown): string | null {
  if (cursor === null || typeof cursor === "string") return cursor;
  throw wrongArgument(call, "the cursor of a page, or null");
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
