import { checkList, wrongArgument } from "../errors/argument.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { native, nativeParam } from "../codec/native.ts";
import { Fragment, isSql } from "./fragment.ts";
import { param } from "./make.ts";
import type { Expression, FragmentNode } from "./nodes.ts";

/**
 * An identifier inside a fragment: its path of names, quoted when it is rendered.
 *
 * @example
 * ```ts
 * import { sql, SqlIdentifier } from "@matrx/orm";
 *
 * const table = sql.id("public", "order");
 * console.log(table instanceof SqlIdentifier, table.path); // quoted when the statement is made
 * ```
 */
export class SqlIdentifier {
  /** The names, outermost first: schema, table, column. */
  readonly path: readonly string[];

  /** Makes an identifier from its path. */
  constructor(path: readonly string[]) {
    this.path = path;
  }
}

/**
 * A value inside a fragment that is bound with a codec of the caller's choice.
 *
 * @example
 * ```ts
 * import { jsonb, sql, Sql, SqlValue } from "@matrx/orm";
 *
 * const given = sql.value({ a: 1 }, jsonb().spec.codec!);
 * console.log(given instanceof SqlValue, sql`meta @> ${given}` instanceof Sql);
 * ```
 */
export class SqlValue {
  /** The value to bind. */
  readonly value: unknown;
  /** The codec that writes it. */
  readonly codec: AnyCodec;

  /** Pairs a value with its codec. */
  constructor(value: unknown, codec: AnyCodec) {
    this.value = value;
    this.codec = codec;
  }
}

/**
 * A piece of SQL text with bound values: what the `sql` tag gives.
 *
 * Fragments nest. Everything between `${` and `}` that is not a fragment or an identifier is a bound
 * parameter.
 *
 * @example
 * ```ts
 * import { sql, Sql } from "@matrx/orm";
 *
 * const open = sql`status = ${"open"}`;
 * const query = sql`select count(*) from orders where ${open}`;
 * console.log(open instanceof Sql, query.values.length); // true 1
 * ```
 */
export class Sql extends Fragment {
  /** The literal texts around the values; one more than there are values. */
  readonly texts: readonly string[];
  /** The values between the texts. */
  readonly values: readonly unknown[];

  /** Makes a fragment from its texts and values. */
  constructor(texts: readonly string[], values: readonly unknown[]) {
    super();
    this.texts = texts;
    this.values = values;
  }

  /**
   * Gives the fragment its node: values become bound parameters, names are quoted.
   *
   * @internal
   */
  toNode(): FragmentNode {
    return { kind: "fragment", texts: this.texts, items: this.values.map(itemNode) };
  }

  /**
   * Reads what it gives.
   *
   * @internal
   */
  get codec(): AnyCodec {
    return native;
  }
}

function itemNode(value: unknown): Expression {
  if (isSql(value)) return value.toNode();
  if (value instanceof SqlIdentifier) return { kind: "identifier", path: value.path };
  if (value instanceof SqlValue) {
    return param(value.value === null ? null : value.codec.encode(value.value));
  }
  return param(nativeParam(value));
}

/** The `sql` tag and its helpers. */
export interface SqlTag {
  /** Makes a fragment; every `${}` in it is a bound parameter, a nested fragment, or an identifier. */
  (texts: TemplateStringsArray, ...values: readonly unknown[]): Sql;
  /** Quotes a name, or a path of names such as schema and table. */
  id(...path: readonly string[]): SqlIdentifier;
  /** Takes text as SQL, as it stands. The text must never come from outside the program. */
  raw(text: string): Sql;
  /** Joins fragments and values with a separator, `, ` by default. */
  join(items: readonly unknown[], separator?: Sql): Sql;
  /** Binds a value through a codec instead of by its JavaScript type. */
  value(value: unknown, codec: AnyCodec): SqlValue;
}

function tag(texts: TemplateStringsArray, ...values: readonly unknown[]): Sql {
  // the texts of a template carry `raw`; a list from outside does not
  if (!Array.isArray(texts) || !Array.isArray(texts.raw)) {
    throw wrongArgument("sql", "a template: write sql`select ...`");
  }
  return new Sql(texts.slice(), values);
}

function join(items: readonly unknown[], separator: Sql = new Sql([", "], [])): Sql {
  checkList(items, "sql.join()", "a list");
  if (!isSql(separator)) throw wrongArgument("sql.join()", "an sql`` fragment as separator");
  const texts: string[] = [""];
  const values: unknown[] = [];
  items.forEach((item, index) => {
    if (index > 0) {
      values.push(separator);
      texts.push("");
    }
    values.push(item);
    texts.push("");
  });
  return new Sql(texts, values);
}

/**
 * Writes SQL text with bound values; the only way by which SQL text enters the library.
 *
 * @example
 * ```ts
 * import { sql } from "@matrx/orm";
 *
 * const min = 10;
 * const fragment = sql`total > ${min} and ${sql.id("public", "orders")}.id is not null`;
 * ```
 */
export const sql: SqlTag = /* @__PURE__ */ Object.assign(tag, {
  id: (...path: readonly string[]): SqlIdentifier => new SqlIdentifier(path),
  raw: (text: string): Sql => new Sql([text], []),
  join,
  value: (value: unknown, codec: AnyCodec): SqlValue => new SqlValue(value, codec),
});
