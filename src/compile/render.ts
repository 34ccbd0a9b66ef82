/** How each kind of node is written as SQL: one function per kind in a table that must be complete. */
import type { BinaryOperator, Expression, Node, NodeOf, SelectNode } from "../ast/nodes.ts";
import type { SelectItem, TableNode } from "../ast/nodes.ts";
import type { Output } from "./output.ts";
import { quoteName } from "./output.ts";
import { typeName } from "./type_name.ts";

type Renderers = { readonly [Kind in Node["kind"]]: (node: NodeOf<Kind>, out: Output) => void };

const operators: Readonly<Record<BinaryOperator, string>> = {
  eq: "=",
  ne: "<>",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
  distinct: "is distinct from",
  like: "like",
  ilike: "ilike",
  regex: "~",
  iregex: "~*",
  contains: "@>",
  containedBy: "<@",
  overlaps: "&&",
  hasKey: "?",
  hasAnyKey: "?|",
  hasAllKeys: "?&",
  networkContains: ">>=",
  networkContainedBy: "<<=",
  matches: "@@",
  eqAny: "= any",
  cosine: "<=>",
  l2: "<->",
  inner: "<#>",
  l1: "<+>",
  hamming: "<~>",
  jaccard: "<%>",
};

const renderers: Renderers = {
  column(node, out) {
    if (node.table !== null) out.name(node.table).write(".");
    out.name(node.name);
  },
  param(node, out) {
    out.param(node.value);
  },
  cast(node, out) {
    out.write("(");
    render(node.item, out);
    out.write(`)::${typeName(node.type)}`);
  },
  fragment(node, out) {
    node.texts.forEach((text, index) => {
      out.write(text);
      const value = node.items[index];
      if (value !== undefined) render(value, out);
    });
  },
  identifier(node, out) {
    out.write(node.path.map(quoteName).join("."));
  },
  binary(node, out) {
    operand(node.left, out);
    out.write(` ${operators[node.operator]} `);
    if (node.operator === "eqAny") {
      out.write("(");
      render(node.right, out);
      out.write(")");
    } else operand(node.right, out);
  },
  group(node, out) {
    if (node.items.length === 0) {
      out.write(node.operator === "and" ? "true" : "false");
      return;
    }
    out.list(node.items, (part) => member(part, out), ` ${node.operator} `);
  },
  not(node, out) {
    operand(node.item, out);
    out.write(" is not true");
  },
  isNull(node, out) {
    operand(node.item, out);
    out.write(node.negated ? " is not null" : " is null");
  },
  call(node, out) {
    out.name("pg_catalog").write(".").name(node.name).write("(");
    out.list(node.args, (argument) => render(argument, out));
    out.write(")");
  },
  exists(node, out) {
    out.write("exists (");
    render(node.query, out);
    out.write(")");
  },
  constant(node, out) {
    out.write(String(node.value));
  },
  count(_node, out) {
    out.write("count(*)");
  },
  default(_node, out) {
    out.write("default");
  },
  add(node, out) {
    operand(node.left, out);
    out.write(" + ");
    operand(node.right, out);
  },
  row(node, out) {
    out.write("(");
    out.list(node.items, (part) => render(part, out));
    out.write(")");
  },
  table(node, out) {
    tableName(node, out);
    if (node.alias !== null) out.write(" as ").name(node.alias);
  },
  unnest(node, out) {
    out.write("unnest(");
    out.list(node.arrays, (array) => {
      out.param(array.value).write(`::${typeName({ ...array.type, dimensions: 1 })}`);
    });
    out.write(") with ordinality as ").name(node.alias).write("(");
    out.list([...node.columns, "ordinality"], (name) => out.name(name));
    out.write(")");
  },
  join(node, out) {
    out.write(` ${node.type} join `);
    render(node.source, out);
    out.write(" on ");
    render(node.on, out);
  },
  order(node, out) {
    render(node.expression, out);
    if (node.descending) out.write(" desc");
    if (node.nulls !== null) out.write(` nulls ${node.nulls}`);
  },
  select(node, out) {
    for (const clause of SELECT_CLAUSES) clauses[clause](node, out);
  },
  insert(node, out) {
    out.write("insert into ");
    tableName(node.into, out);
    if (node.into.alias !== null) out.write(" as ").name(node.into.alias);
    if (node.columns.length > 0) {
      out.write(" (").list(node.columns, (name) => out.name(name)).write(")");
    }
    if (node.query !== null) {
      out.write(" ");
      render(node.query, out);
    } else if (node.columns.length === 0) out.write(" default values");
    else {
      out.write(" values ").list(node.rows, (row) => {
        out.write("(").list(row, (value) => render(value, out)).write(")");
      });
    }
    if (node.onConflict === "nothing") out.write(" on conflict do nothing");
    returning(node.returning, out);
  },
  update(node, out) {
    out.write("update ");
    render(node.table, out);
    out.write(" set ").list(node.set, (part) => {
      out.name(part.column).write(" = ");
      render(part.value, out);
    });
    where(node.where, out);
    returning(node.returning, out);
  },
  delete(node, out) {
    out.write("delete from ");
    render(node.from, out);
    where(node.where, out);
    returning(node.returning, out);
  },
  refresh(node, out) {
    out.write("refresh materialized view ");
    if (node.concurrently) out.write("concurrently ");
    tableName(node.view, out);
  },
};

const SELECT_CLAUSES = ["columns", "from", "joins", "where", "order", "limit", "offset"] as const;

const clauses: Readonly<
  Record<typeof SELECT_CLAUSES[number], (node: SelectNode, out: Output) => void>
> = {
  columns(node, out) {
    out.write("select ");
    selectList(node.columns, out);
  },
  from(node, out) {
    if (node.from === null) return;
    out.write(" from ");
    if (node.from.kind !== "select") return render(node.from, out);
    out.write("(");
    render(node.from, out);
    out.write(") as ").name(node.fromAlias ?? "q");
  },
  joins(node, out) {
    for (const join of node.joins) render(join, out);
  },
  where(node, out) {
    where(node.where, out);
  },
  order(node, out) {
    if (node.order.length === 0) return;
    out.write(" order by ").list(node.order, (term) => render(term, out));
  },
  limit(node, out) {
    if (node.limit === null) return;
    out.write(" limit ");
    render(node.limit, out);
  },
  offset(node, out) {
    if (node.offset === null) return;
    out.write(" offset ");
    render(node.offset, out);
  },
};

function selectList(items: readonly SelectItem[], out: Output): void {
  out.list(items, (part) => {
    render(part.expression, out);
    if (part.alias !== null) out.write(" as ").name(part.alias);
  });
}

function tableName(node: TableNode, out: Output): void {
  if (node.schema !== null) out.name(node.schema).write(".");
  out.name(node.name);
}

function where(condition: Expression | null, out: Output): void {
  if (condition === null) return;
  out.write(" where ");
  render(condition, out);
}

function returning(items: readonly SelectItem[], out: Output): void {
  if (items.length === 0) return;
  out.write(" returning ");
  selectList(items, out);
}

const ATOMS: ReadonlySet<Expression["kind"]> = new Set(
  [
    "column",
    "param",
    "cast",
    "identifier",
    "call",
    "exists",
    "constant",
    "count",
    "default",
    "row",
  ] as const,
);

/** Writes an expression where precedence could matter: in parentheses unless it is an atom. */
function operand(node: Expression, out: Output): void {
  if (ATOMS.has(node.kind)) return render(node, out);
  out.write("(");
  render(node, out);
  out.write(")");
}

/** Writes an item of and/or: comparisons bind tighter, so only groups and free text need parentheses. */
function member(node: Expression, out: Output): void {
  if (node.kind === "group" || node.kind === "fragment") return operand(node, out);
  render(node, out);
}

/** Writes any node. */
export function render(node: Node, out: Output): void {
  const write = renderers[node.kind] as (node: Node, out: Output) => void;
  write(node, out);
}
