import { shownName } from "../../errors/argument.ts";
import type { CteNode } from "../../ast/nodes.ts";
import { isSql } from "../../ast/fragment.ts";
import type { Sql } from "../../ast/sql.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { checkOptions } from "../../schema/known_options.ts";
import { isSubquery, NamedQuery } from "./computed.ts";
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
export class CTE extends NamedQuery {
  /** Its name in the statement. */
  readonly name: string;
  /** The query behind it. */
  readonly query: Sql | Subqueryable;
  /** Its options. */
  readonly options: CteOptions;
  /** Whether it is SQL of the caller's, which may do more than read. */
  readonly byHand: boolean;

  /** Names a query. */
  constructor(name: string, query: Sql | Subqueryable, options: CteOptions = {}) {
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
