/** State becomes a statement and the shape of its rows. */
import { and, binary, column, constant, item, param, select } from "../ast/make.ts";
import type { JoinNode, OrderNode, SelectItem, SelectNode } from "../ast/nodes.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { QueryError } from "../errors/base.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { relationOf } from "../schema/relation_meta.ts";
import type { QueryState } from "./state.ts";
import { ROOT, tableNode } from "./where.ts";

/** What one row of a result becomes. */
export interface RowShape {
  readonly model: ModelRef;
  readonly columns: readonly ColumnMeta[];
  /** Where its values start among those of the result. */
  readonly start: number;
  /** Whether columns are left out, so that the row cannot be written back. */
  readonly partial: boolean;
  /** Rows that are joined, by the relation that gives them. */
  readonly joined: readonly JoinedShape[];
  /** Values beside the columns. */
  readonly extras: readonly ExtraShape[];
}

/** A value beside the columns. */
export interface ExtraShape {
  readonly property: string;
  readonly position: number;
  readonly codec: AnyCodec;
}

/** A joined row: absent when its referenced column came back NULL. */
export interface JoinedShape {
  readonly relation: string;
  readonly shape: RowShape;
  /** The position of the referenced column, which a row that exists never has NULL. */
  readonly presence: number;
}

/** A select and what its rows become. */
export interface ReadPlan {
  readonly node: SelectNode;
  readonly shape: RowShape;
}

/** The columns of a table as items of a select list. */
export function columnItems(alias: string | null, columns: readonly ColumnMeta[]): SelectItem[] {
  return columns.map((one) => item(column(alias, one.name)));
}

/** Makes the select of a query. */
export function planRead(state: QueryState): ReadPlan {
  const { meta } = state.model;
  const columns = state.columns ?? meta.columns;
  const items = columnItems(ROOT, columns);
  const joins: JoinNode[] = [];
  const joined: JoinedShape[] = [];
  for (const [index, name] of state.joined.entries()) {
    const relation = relationOf(meta, name);
    const alias = `j${index}`;
    const target = relation.target.meta;
    const on = relation.local.map((local, part) =>
      binary("eq", column(alias, relation.remote[part]!.name), column(ROOT, local.name))
    );
    joins.push({ kind: "join", type: "left", source: tableNode(target, alias), on: and(on) });
    joined.push({
      relation: name,
      presence: items.length + target.columns.indexOf(relation.remote[0]!),
      shape: {
        model: relation.target,
        columns: target.columns,
        start: items.length,
        partial: false,
        joined: [],
        extras: [],
      },
    });
    items.push(...columnItems(alias, target.columns));
  }
  const extras = state.extras.map(({ property, expression, codec }) => {
    items.push(item(expression, property));
    return { property, codec, position: items.length - 1 };
  });
  return {
    node: select({
      columns: items,
      from: tableNode(meta, ROOT),
      joins,
      where: state.where,
      order: state.order,
      limit: state.limit === null ? null : param(String(state.limit)),
      offset: state.offset === null ? null : param(String(state.offset)),
    }),
    shape: {
      model: state.model,
      columns,
      start: 0,
      partial: state.columns !== null,
      joined,
      extras,
    },
  };
}

/** What of a query decides which rows it gives. */
function bare(state: QueryState): QueryState {
  return { ...state, columns: [], joined: [], order: [], extras: [] };
}

/** Makes the select that counts a query's rows; limit and offset count too. */
export function planCount(state: QueryState): SelectNode {
  const { meta } = state.model;
  const columns = [item({ kind: "count" } as const)];
  if (state.limit === null && state.offset === null) {
    return select({ columns, from: tableNode(meta, ROOT), where: state.where });
  }
  const inner = planRead(bare(state)).node;
  const counted = { ...inner, columns: [item(constant(1))] };
  return select({ columns, from: counted, fromAlias: "rows" });
}

/** Makes the select that tells whether a query gives a row. */
export function planExists(state: QueryState): SelectNode {
  const inner = planRead(bare(state)).node;
  const one = { ...inner, columns: [item(constant(1))] };
  return select({ columns: [item({ kind: "exists", query: one })], from: null });
}

/** The order by primary key, for `first` and `last` of a query without an order. */
export function keyOrder(meta: ModelMeta): OrderNode[] {
  return meta.primaryKey.map((key) => ({
    kind: "order",
    expression: column(ROOT, key.name),
    descending: false,
    nulls: null,
  }));
}

/** The opposite of an order: NULLs go to the other end as well. */
export function reversed(meta: ModelMeta, order: readonly OrderNode[]): OrderNode[] {
  const terms = order.length > 0 ? order : keyOrder(meta);
  if (terms.length === 0) {
    throw new QueryError(`Cannot take the last row of ${meta.label}: it has no order and no key`, {
      code: "no_order",
      hint: 'Add orderBy("...")',
    });
  }
  return terms.map((term) => ({
    ...term,
    descending: !term.descending,
    nulls: term.nulls === null ? null : term.nulls === "first" ? "last" : "first",
  }));
}
