/** How queries and their sources are written. */
import type { SampleSpec, SelectNode } from "../ast/nodes.ts";
import { selectList, tableName, where } from "./parts.ts";
import type { Output } from "./output.ts";
import type { Renderers } from "./renderers.ts";
import { typeName } from "./type_name.ts";

const SELECT_CLAUSES = [
  "with",
  "columns",
  "from",
  "joins",
  "where",
  "groupBy",
  "having",
  "order",
  "limit",
  "offset",
  "lock",
] as const;

const clauses: Readonly<
  Record<typeof SELECT_CLAUSES[number], (node: SelectNode, out: Output) => void>
> = {
  with(node, out) {
    if (node.with.length === 0) return;
    out.write(node.with.some((one) => one.recursive) ? "with recursive " : "with ");
    out.list(node.with, (one) => out.node(one)).write(" ");
  },
  columns(node, out) {
    out.write("select ");
    if (node.distinct === true) out.write("distinct ");
    else if (node.distinct !== false) {
      out.write("distinct on (").list(node.distinct, (one) => out.node(one)).write(") ");
    }
    selectList(node.columns, out);
  },
  from(node, out) {
    if (node.from === null) return;
    out.write(" from ");
    if (node.fromAlias === null) out.node(node.from);
    else {
      out.write("(");
      out.node(node.from);
      out.write(") as ").name(node.fromAlias);
    }
    if (node.sample !== null) sample(node.sample, out);
  },
  joins(node, out) {
    for (const join of node.joins) out.node(join);
  },
  where(node, out) {
    where(node.where, out);
  },
  groupBy(node, out) {
    if (node.groupBy.length === 0) return;
    out.write(" group by ").list(node.groupBy, (one) => out.node(one));
  },
  having(node, out) {
    if (node.having === null) return;
    out.write(" having ");
    out.node(node.having);
  },
  order(node, out) {
    if (node.order.length === 0) return;
    out.write(" order by ").list(node.order, (term) => out.node(term));
  },
  limit(node, out) {
    if (node.limit === null) return;
    out.write(" limit ");
    out.node(node.limit);
  },
  offset(node, out) {
    if (node.offset === null) return;
    out.write(" offset ");
    out.node(node.offset);
  },
  lock(node, out) {
    if (node.lock === null) return;
    out.write(` for ${node.lock.strength}`);
    if (node.lock.of.length > 0) {
      out.write(" of ").list(node.lock.of, (alias) => out.name(alias));
    }
    if (node.lock.wait !== "wait") out.write(` ${node.lock.wait}`);
  },
};

/** Queries, sources and their parts, by kind. */
export const queries: Renderers<
  "table" | "unnest" | "lateral" | "join" | "order" | "cte" | "set" | "explain" | "select"
> = {
  table(node, out) {
    tableName(node, out);
    if (node.alias !== null) out.write(" as ").name(node.alias);
  },
  // without modifiers: a cast to a length would cut in silence what the column refuses
  unnest(node, out) {
    out.write("unnest(");
    out.list(node.arrays, (array) => {
      out.param(array.value).write(
        `::${typeName({ ...array.type, modifiers: [], dimensions: 1 })}`,
      );
    });
    out.write(") with ordinality as ").name(node.alias).write("(");
    out.list([...node.columns, "ordinality"], (name) => out.name(name));
    out.write(")");
  },
  lateral(node, out) {
    out.write("lateral (");
    out.node(node.query);
    out.write(") as ").name(node.alias);
  },
  join(node, out) {
    out.write(` ${node.type} join `);
    out.node(node.source);
    out.write(" on ");
    out.node(node.on);
  },
  order(node, out) {
    out.node(node.expression);
    if (node.descending) out.write(" desc");
    if (node.nulls !== null) out.write(` nulls ${node.nulls}`);
  },
  cte(node, out) {
    out.name(node.name);
    if (node.columns.length > 0) {
      out.write(" (").list(node.columns, (name) => out.name(name)).write(")");
    }
    out.write(" as ");
    if (node.materialized !== null) {
      out.write(node.materialized ? "materialized " : "not materialized ");
    }
    out.write("(");
    out.node(node.query);
    out.write(")");
  },
  set(node, out) {
    out.write("(");
    out.node(node.left);
    out.write(`) ${node.operator}${node.all ? " all" : ""} (`);
    out.node(node.right);
    out.write(")");
  },
  explain(node, out) {
    out.write(`explain (analyze ${node.analyze}, format ${node.format}) `);
    out.node(node.query);
  },
  select(node, out) {
    for (const clause of SELECT_CLAUSES) clauses[clause](node, out);
  },
};

function sample(spec: SampleSpec, out: Output): void {
  out.write(` tablesample ${spec.method} (`);
  out.node(spec.percent);
  out.write(")");
  if (spec.seed === null) return;
  out.write(" repeatable (");
  out.node(spec.seed);
  out.write(")");
}
