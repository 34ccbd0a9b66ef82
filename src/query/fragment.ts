import { param } from "../ast/make.ts";
import type { Expression, FragmentNode } from "../ast/nodes.ts";
import { isSql, type Sql, SqlIdentifier, SqlValue } from "../ast/sql.ts";
import { nativeParam } from "../codec/native.ts";
import { ValidationError } from "../errors/base.ts";

/** Turns an `sql` fragment into a node: values become bound parameters, names are quoted. */
export function fragment(sql: Sql): FragmentNode {
  if (!isSql(sql)) {
    throw new ValidationError("The statement is not an SQL fragment", {
      code: "not_a_fragment",
      hint: "Write it with the sql tag: sql`select ...`",
    });
  }
  return { kind: "fragment", texts: sql.texts, items: sql.values.map(fragmentItem) };
}

function fragmentItem(value: unknown): Expression {
  if (isSql(value)) return fragment(value);
  if (value instanceof SqlIdentifier) return { kind: "identifier", path: value.path };
  if (value instanceof SqlValue) {
    return param(value.value === null ? null : value.codec.encode(value.value));
  }
  return param(nativeParam(value));
}
