import { shownName } from "../../errors/argument.ts";
import type { CteNode } from "../../ast/nodes.ts";
import { isSql } from "../../ast/fragment.ts";
import type { Sql } from "../../ast/sql.ts";
import { ConfigurationError, ValidationError } from "../../errors/base.ts";
import { checkOptions } from "../../schema/known_options.ts";
import { emptyState, NamedQuery, type QueryState } from "../state.ts";
import { wholeOf } from "../whole.ts";
import { isSubquery } from "./computed.ts";
import type { Subqueryable } from "./expr.ts";
import type { Scope } from "./scope.ts";

/** Options of a common table expression. */
export interface CteOptions {
  /** Whether the query may name itself. */
  readonly recursive?: boolean;
  /** The names of its columns; default: the query's own. */
  readonly columns?: readonly string[];
  /** MATERIALIZED or NOT MATERIALIZED; default: the planner decides. */
  readonly materialized?: boolean;
}

/**
 * A named query that others read from, in SQL or as a query over a model.
 *
 * `from("name")` reads it as rows of the reading query's model, whose columns it must have. `from(cte)`
 * reads what its own query gives, groups and named values too.
 *
 * @example
 * ```ts
 * import { CTE, sql } from "@matrx/orm";
 *
 * const tree = new CTE("tree", sql`
 *   select * from categories where id = ${1}
 *   union all
 *   select c.* from categories c join tree on c.parent_id = tree.id
 * `, { recursive: true });
 * ```
 */
export class CTE<Source extends Subqueryable = Subqueryable> extends NamedQuery {
  /** Its name in the statement. */
  readonly name: string;
  /** The query behind it. */
  readonly query: Sql | Source;
  /** Its options. */
  readonly options: CteOptions;
  /** Whether it is SQL of the caller's, which may do more than read. */
  readonly byHand: boolean;

  /** Names a query. */
  constructor(name: string, query: Sql | Source, options: CteOptions = {}) {
    super();
    if (name === "") {
      throw new ConfigurationError("A common table expression has no name", {
        code: "invalid_cte",
        hint: 'Give a name first: new CTE("recent", query)',
      });
    }
    checkOptions("CTE", options, ["recursive", "columns", "materialized"]);
    this.name = name;
    this.query = query;
    this.options = options;
    this.byHand = isSql(query);
  }

  /**
   * Gives it its node.
   *
   * @internal
   */
  toNode(outer: Scope | null): CteNode {
    return cteNode(this, outer);
  }

  /**
   * Gives the state of a query that reads the rows of this one's own.
   *
   * @internal
   */
  rowsFor(state: QueryState): QueryState {
    return rowsOfCte(state, this);
  }
}

function cteNode(cte: CTE, outer: Scope | null): CteNode {
  const { name, query, options } = cte;
  if (!isSql(query) && !isSubquery(query)) {
    throw new ConfigurationError(`The common table expression "${shownName(name)}" has no query`, {
      code: "invalid_cte",
      hint: "Give a query over a model or an sql`` fragment",
    });
  }
  return {
    kind: "cte",
    name,
    columns: options.columns ?? [],
    query: isSql(query) ? query.toNode() : query.toNode(outer),
    recursive: options.recursive ?? false,
    materialized: options.materialized ?? null,
  };
}

/** The rows of a named query as those of a query by itself: what follows works on the whole. */
function rowsOfCte(state: QueryState, cte: CTE): QueryState {
  const { with: present, using } = state;
  const { name, query } = cte;
  const isFirst = isBare(state);
  if (!isSubquery(query) || !isFirst) {
    throw new ValidationError(`Cannot read the rows of the common table expression "${name}"`, {
      code: "invalid_cte",
      hint: isFirst
        ? 'One of SQL is read by its name, as rows of a model: withCte(cte).from("name")'
        : "Say from(cte) first, then filter() and the rest",
    });
  }
  if (present.some((one) => one !== cte && one.name === name)) {
    throw new ValidationError("Two common table expressions of a query have one name", {
      code: "invalid_cte",
      hint: "Give each a name of its own",
    });
  }
  return {
    // every query has one
    ...wholeOf(query.state as QueryState),
    using,
    with: present.includes(cte) ? present : [...present, cte],
    // its own query has asked for them
    deleted: "with",
    origin: { kind: "cte", name },
  };
}

/** Whether a query has no clauses but common table expressions yet. */
function isBare(state: QueryState): boolean {
  const bare = { ...emptyState(state.model, state.using), with: state.with };
  return Object.entries(bare).every(([name, empty]) => {
    const given = state[name as keyof QueryState];
    return given === empty || (name !== "using" && isEmpty(given) && isEmpty(empty));
  });
}

/** Whether a clause is a list or an object of nothing. */
function isEmpty(clause: unknown): boolean {
  return typeof clause === "object" && clause !== null && Object.keys(clause).length === 0;
}
