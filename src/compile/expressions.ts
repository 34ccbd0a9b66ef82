/** How expressions are written. */
import type { Expression, NodeOf } from "../ast/nodes.ts";
import type { BinaryOperator } from "../ast/operators.ts";
import { member, operand } from "./operand.ts";
import { quoteName } from "./output.ts";
import type { Renderers } from "./renderers.ts";
import { typeName } from "./type_name.ts";
import { call } from "./call.ts";

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
  adjacent: "-|-",
  strictlyLeft: "<<",
  strictlyRight: ">>",
  notRightOf: "&<",
  notLeftOf: "&>",
  at: "#>",
  textAt: "#>>",
  jsonPath: "@?",
  hasKey: "?",
  hasAnyKey: "?|",
  hasAllKeys: "?&",
  networkContains: ">>=",
  networkContainedBy: "<<=",
  networkAbove: ">>",
  networkBelow: "<<",
  matches: "@@",
  eqAny: "= any",
  cosine: "<=>",
  l2: "<->",
  inner: "<#>",
  l1: "<+>",
  hamming: "<~>",
  jaccard: "<%>",
};

const arithmetic: Readonly<Record<NodeOf<"arithmetic">["operator"], string>> = {
  plus: "+",
  minus: "-",
  times: "*",
  dividedBy: "/",
  modulo: "%",
};

/** Expressions, by kind. */
export const expressions: Renderers<Expression["kind"]> = {
  column(node, out) {
    if (node.table !== null) out.name(node.table).write(".");
    out.name(node.name);
  },
  param(node, out) {
    out.boundOnce(node);
  },
  cast(node, out) {
    out.write("(");
    out.node(node.item);
    out.write(`)::${typeName(node.type)}`);
  },
  fragment(node, out) {
    node.texts.forEach((text, index) => {
      out.write(text);
      const value = node.items[index];
      if (value !== undefined) out.node(value);
    });
  },
  identifier(node, out) {
    const path = node.path.length === 0 ? [""] : node.path;
    out.write(path.map(quoteName).join("."));
  },
  binary(node, out) {
    operand(node.left, out);
    out.write(` ${operators[node.operator]} `);
    if (node.operator === "eqAny") {
      out.write("(");
      out.node(node.right);
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
    // never NULL, and the planner makes an anti-join of this form alone
    const isNeverNull = node.item.kind === "exists";
    if (isNeverNull) out.write("not ");
    operand(node.item, out);
    if (!isNeverNull) out.write(" is not true");
  },
  isNull(node, out) {
    operand(node.item, out);
    out.write(node.negated ? " is not null" : " is null");
  },
  call(node, out) {
    call(node, out);
  },
  case(node, out) {
    out.write("case");
    for (const { condition, value } of node.when) {
      out.write(" when ");
      out.node(condition);
      out.write(" then ");
      out.node(value);
    }
    if (node.otherwise !== null) {
      out.write(" else ");
      out.node(node.otherwise);
    }
    out.write(" end");
  },
  extract(node, out) {
    out.write(`extract(${node.part} from `);
    out.node(node.item);
    out.write(")");
  },
  subquery(node, out) {
    out.write("(");
    out.node(node.query);
    out.write(")");
  },
  inQuery(node, out) {
    operand(node.item, out);
    out.write(" in (");
    out.node(node.query);
    out.write(")");
  },
  exists(node, out) {
    out.write("exists (");
    out.node(node.query);
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
  arithmetic(node, out) {
    operand(node.left, out);
    out.write(` ${arithmetic[node.operator]} `);
    operand(node.right, out);
  },
  row(node, out) {
    out.write("(");
    out.list(node.items, (part) => out.node(part));
    out.write(")");
  },
};
