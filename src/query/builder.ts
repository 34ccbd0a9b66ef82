import { checkObject, shownName } from "../errors/argument.ts";
import type { QueryNode } from "../ast/nodes.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { FieldError, ValidationError } from "../errors/base.ts";
import { checkOptions } from "../schema/known_options.ts";
import { checkUsing, type Using } from "../execute/session.ts";
import {
  checkCursor,
  checkedTerm,
  deferColumns,
  mergeJoins,
  mergePrefetch,
  onlyColumns,
  rowCount,
} from "./clauses.ts";
import { Q } from "./condition.ts";
import { seeing } from "./deleted.ts";
import { isExpr, isSubquery, SubqueryBase } from "./expr/computed.ts";
import { fieldOf, type Scope } from "./expr/scope.ts";
import type { Loader } from "./loader.ts";
import { lockSpec } from "./lock.ts";
import { nearest } from "./nearest.ts";
import { planQuery, planRead, queryScope, readColumns, shownExtras } from "./plan.ts";
import {
  type Clause,
  type Extra,
  type JoinTree,
  NamedQuery,
  type PrefetchTree,
  type QueryState,
  type Seek,
} from "./state.ts";
import type { LockOptions, NearestOptions, SampleOptions } from "./types.ts";
import { parseWhere } from "./where.ts";
import { wholeOf } from "./whole.ts";

const OPTIONS = "an object as its options";

/** The part of a query that returns queries; it never touches the database. */
export abstract class QueryBuilder<Self> extends SubqueryBase {
  /** The query as data. */
  override readonly state: QueryState;
  /** What makes its rows. */
  protected readonly loader: Loader;

  /** Makes a query from its state. */
  constructor(state: QueryState, loader: Loader) {
    super();
    this.state = state;
    this.loader = loader;
  }

  /** Makes a query of another state. */
  protected abstract derive(state: QueryState): Self;

  override toNode(outer: Scope | null): QueryNode {
    // what is loaded beside the rows belongs to no other query
    return planQuery({ ...this.state, joined: {}, prefetch: {} }, outer);
  }

  override valueCodec(outer: Scope | null): AnyCodec | undefined {
    const { columns, extras } = planRead(this.state, outer).shape;
    return [...columns, ...extras][0]?.codec;
  }

  #with(change: Partial<QueryState>): Self {
    return this.derive({ ...this.state, ...change });
  }

  #scope(): Scope {
    return queryScope(this.state.model, this.state.extras);
  }

  #clause(scope: Scope, input: unknown, negated: boolean): Clause {
    const node = unlessOuter(() => {
      const item = parseWhere(scope, input);
      return negated ? { kind: "not" as const, item } : item;
    });
    return { input, negated, node };
  }

  /** Tells the columns among some names from the expressions that the query named. */
  #showing(names: readonly string[]): Pick<QueryState, "columns" | "shown"> {
    const scope = this.#scope();
    for (const name of names) fieldOf(scope, name);
    const { meta } = this.state.model;
    return {
      columns: names.filter((name) => !scope.named.has(name)).map((name) => meta.column(name)),
      shown: names.filter((name) => scope.named.has(name)),
    };
  }

  filter(...where: readonly unknown[]): Self {
    const scope = this.#scope();
    const added = where.map((input) => this.#clause(scope, input, false));
    return this.#with({ where: [...this.state.where, ...added] });
  }

  exclude(...where: readonly unknown[]): Self {
    if (where.length === 0) return this.derive(this.state);
    const input = where.length === 1 ? where[0] : Q(...(where as readonly never[]));
    return this.#with({
      where: [...this.state.where, this.#clause(this.#scope(), input, true)],
    });
  }

  withDeleted(): Self {
    return this.derive(seeing(this.state, "with"));
  }

  onlyDeleted(): Self {
    return this.derive(seeing(this.state, "only"));
  }

  having(...where: readonly unknown[]): Self {
    const scope = this.#scope();
    const added = where.map((input) => this.#clause(scope, input, false));
    return this.#with({ having: [...this.state.having, ...added] });
  }

  orderBy(...terms: readonly unknown[]): Self {
    const scope = this.#scope();
    const added = terms.map((input) => ({
      input,
      node: unlessOuter(() => checkedTerm(scope, input)),
    }));
    return this.#with({ order: [...this.state.order, ...added] });
  }

  reverse(): Self {
    return this.#with({ reversed: !this.state.reversed });
  }

  limit(count: number): Self {
    return this.#with({ limit: rowCount("limit", count) });
  }

  offset(count: number): Self {
    return this.#with({ offset: rowCount("offset", count) });
  }

  after(cursor: string | null): Self {
    return this.#seek({ after: checkCursor("after()", cursor) });
  }

  before(cursor: string | null): Self {
    return this.#seek({ before: checkCursor("before()", cursor) });
  }

  #seek(change: Pick<Seek, "after"> | Pick<Seek, "before">): Self {
    const { after, before } = { after: null, before: null, ...this.state.seek, ...change };
    const seek = after === null && before === null
      ? null
      : { after, before, shown: false, plan: null };
    return this.#with({ seek });
  }

  only(...names: readonly string[]): Self {
    return this.#with({ columns: onlyColumns(this.state.model.meta, names) });
  }

  defer(...names: readonly string[]): Self {
    return this.#with({ columns: deferColumns(this.state.model.meta, names) });
  }

  values(...names: readonly string[]): Self {
    const { columns } = this.state.model.meta;
    if (names.length === 0) return this.#with({ columns, list: null });
    return this.#with({ ...this.#showing(names), list: null });
  }

  valuesList(...given: readonly (string | { readonly flat?: boolean })[]): Self {
    const names = given.filter((one) => typeof one === "string");
    const options = given.find((one) => typeof one !== "string") ?? {};
    checkOptions("valuesList()", options, ["flat"]);
    const flat = options.flat === true;
    if (names.length === 0 || (flat && names.length > 1)) {
      throw new ValidationError(
        flat ? "A flat list of values names one field" : "A list of values names no field",
        {
          code: "no_columns",
          hint: 'Say valuesList("id", "status") or valuesList("id", { flat: true })',
        },
      );
    }
    return this.#with({ ...this.#showing(names), list: { names, flat } });
  }

  annotate(expressions: Readonly<Record<string, unknown>>): Self {
    const shown = this.state.groupBy ?? this.state.model.meta.columns.map((one) => one.property);
    const extras = extrasOf(this.state, expressions, shown);
    return this.#with({ extras: [...this.state.extras, ...extras] });
  }

  groupBy(...names: readonly string[]): Self {
    const scope = this.#scope();
    if (names.length === 0) {
      throw new ValidationError(`A grouping of ${scope.meta.label} names no column`, {
        code: "no_columns",
        hint: "Name what to group by, or use aggregate() for one row of all",
      });
    }
    for (const name of names) fieldOf(scope, name);
    return this.#with({ groupBy: [...(this.state.groupBy ?? []), ...names] });
  }

  distinct(...names: readonly string[]): Self {
    for (const name of names) fieldOf(this.#scope(), name);
    return this.#with({ distinct: names.length === 0 ? true : names });
  }

  selectRelated(...trees: readonly (string | JoinTree)[]): Self {
    const { meta } = this.state.model;
    const joined = trees.reduce<JoinTree>(
      (sum, tree) => mergeJoins(meta, sum, typeof tree === "string" ? { [tree]: true } : tree),
      this.state.joined,
    );
    return this.#with({ joined });
  }

  prefetchRelated(tree: PrefetchTree): Self {
    const { meta } = this.state.model;
    return this.#with({ prefetch: mergePrefetch(meta, this.state.prefetch, tree) });
  }

  nearest(name: string, vector: unknown, options: NearestOptions = {}): Self {
    return this.derive(
      nearest(this.state, name, vector, checkObject(options, "nearest()", OPTIONS)),
    );
  }

  withCte(...ctes: readonly NamedQuery[]): Self {
    if (ctes.some((cte) => !(cte instanceof NamedQuery))) {
      throw new ValidationError("withCte() takes common table expressions", {
        code: "invalid_cte",
        hint: "Make one with new CTE(name, query)",
      });
    }
    const all = [...this.state.with, ...ctes];
    if (new Set(all.map(({ name }) => name)).size < all.length) {
      throw new ValidationError("Two common table expressions of a query have one name", {
        code: "invalid_cte",
        hint: "Give each a name of its own",
      });
    }
    return this.#with({ with: all });
  }

  from(name: string | NamedQuery): Self {
    if (name instanceof NamedQuery) return this.derive(name.rowsFor(this.state));
    if (this.state.with.some((cte) => cte.name === name)) {
      return this.#with({ origin: { kind: "cte", name } });
    }
    throw new ValidationError(`The query has no common table expression "${shownName(name)}"`, {
      code: "invalid_cte",
      hint: "Add it with withCte() first",
    });
  }

  union(other: unknown, options: { readonly all?: boolean } = {}): Self {
    return this.#combine("union", other, options);
  }

  intersect(other: unknown, options: { readonly all?: boolean } = {}): Self {
    return this.#combine("intersect", other, options);
  }

  except(other: unknown, options: { readonly all?: boolean } = {}): Self {
    return this.#combine("except", other, options);
  }

  /** The rows of two queries become the origin of a third: what follows works on the whole. */
  #combine(
    operator: "union" | "intersect" | "except",
    other: unknown,
    options: { readonly all?: boolean },
  ): Self {
    checkOptions(`${operator}()`, options, ["all"]);
    const { model } = this.state;
    const shown = shownNames(this.state);
    if (
      !isSubquery(other) || !(other instanceof QueryBuilder) || other.state.model !== model ||
      shownNames(other.state).join() !== shown.join()
    ) {
      throw new ValidationError(`${operator}() takes a query over ${model.meta.label}`, {
        code: "invalid_set_operation",
        hint: "Both queries must be over one model and show the same columns",
      });
    }
    const left: QueryState = { ...this.state, prefetch: {}, joined: {} };
    const right: QueryState = { ...other.state, prefetch: {}, joined: {} };
    const make = (outer: Scope | null): QueryNode => ({
      kind: "set",
      operator,
      all: options.all ?? false,
      left: planQuery(left, outer),
      right: planQuery(right, outer),
    });
    return this.derive({
      ...wholeOf(this.state),
      origin: { kind: "query", make },
    });
  }

  forUpdate(options: LockOptions = {}): Self {
    checkObject(options, "forUpdate()", OPTIONS);
    return this.#with({ lock: lockSpec(options.noKey ? "no key update" : "update", options) });
  }

  forShare(options: LockOptions = {}): Self {
    checkObject(options, "forShare()", OPTIONS);
    return this.#with({ lock: lockSpec(options.noKey ? "key share" : "share", options) });
  }

  tablesample(percent: number, options: SampleOptions = {}): Self {
    checkOptions("tablesample()", options, ["method", "seed"]);
    const { method = "bernoulli", seed = null } = options;
    const known = method === "bernoulli" || method === "system";
    const share = typeof percent === "number" && percent >= 0 && percent <= 100;
    if (!share || !known || (seed !== null && !Number.isFinite(seed))) {
      throw new ValidationError("A sample needs a percentage from 0 to 100 and a known method", {
        code: "invalid_sample",
        hint: "The methods are bernoulli and system",
      });
    }
    return this.#with({ sample: { method, percent, seed } });
  }

  using(target: Using): Self {
    return this.#with({ using: checkUsing(target) });
  }
}

/** The names of what the rows of a query show, in their order. */
function shownNames(state: QueryState): string[] {
  return [...readColumns(state), ...shownExtras(state)].map(({ property }) => property);
}

/** Checks the expressions that a query is to name; `shown` are the names that its rows have already. */
export function extrasOf(
  state: QueryState,
  expressions: Readonly<Record<string, unknown>>,
  shown: readonly string[],
): Extra[] {
  const { meta } = state.model;
  if (typeof expressions !== "object" || expressions === null) {
    throw new ValidationError(`What is computed over ${meta.label} is not an object`, {
      code: "invalid_expression",
      hint: 'Name each expression: { total: sum("total") }',
    });
  }
  const taken = new Set([...shown, ...state.extras.map(({ property }) => property)]);
  const extras = Object.entries(expressions).map(([property, expr]): Extra => {
    if (taken.has(property)) {
      throw new FieldError(`${meta.label} has a field "${property}" already`, {
        code: "name_taken",
        hint: "Give the expression another name",
      });
    }
    if (!isExpr(expr)) {
      throw new ValidationError(`The value of "${property}" is not an expression`, {
        code: "invalid_expression",
        hint: 'Use a function such as count() or sum("total"), F("name") or value(1)',
      });
    }
    return { property, expr, before: state.extras.length };
  });
  // an unknown column shows here and not when the query runs
  unlessOuter(() => queryScope(state.model, [...state.extras, ...extras]));
  return extras;
}

/** Null when the input names columns of a query around this one, which is not known yet. */
function unlessOuter<Value>(make: () => Value): Value | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof ValidationError && error.code === "no_outer_query") return null;
    throw error;
  }
}
