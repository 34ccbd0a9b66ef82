import { ConfigurationError } from "../../src/errors/base.ts";
import { splitScript } from "../script/split.ts";
import { sqlText } from "./sql_text.ts";

/** What an object of SQL is given by: a fragment of the `sql` tag, or text. */
export type SqlSource = string | {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
};

/**
 * Something of the database that no model says, declared by the statements that make it.
 *
 * @example
 * ```ts
 * import { sqlObject, SqlObject } from "@matrx/orm/migrations";
 *
 * const extension = sqlObject("search", "create extension pg_trgm");
 * console.log(extension instanceof SqlObject, extension.statements.length); // true 1
 * ```
 */
export class SqlObject {
  /** What messages call it: its name, or its file. */
  readonly origin: string;
  /** The statements that make it, each with the line on which it starts. */
  readonly statements: readonly { readonly sql: string; readonly line: number }[];

  /** Reads a script; use `sqlObject()` or a `.sql` file. */
  constructor(origin: string, script: string) {
    this.origin = origin;
    this.statements = splitScript(script).map(({ text, line }) => ({ sql: text, line }));
    Object.freeze(this);
  }
}

/**
 * Declares what no model says: a function, trigger, view, policy, grant, extension, or anything else.
 *
 * The statements are those that make it in an empty database, in any order: each is run when what it
 * needs is there. Export it beside the models.
 *
 * @throws {ConfigurationError} it holds no statement
 *
 * @example
 * ```ts
 * import { sql } from "@matrx/orm";
 * import { sqlObject } from "@matrx/orm/migrations";
 *
 * export const search = sqlObject("search", sql`create extension pg_trgm`);
 * export const openOrders = sqlObject("open_orders", sql`
 *   create view open_orders as select * from orders where status <> 'closed';
 *   grant select on open_orders to reporting;
 * `);
 * ```
 */
export function sqlObject(name: string, source: SqlSource): SqlObject {
  const script = typeof source === "string" ? source : sqlText(source, `the SQL object ${name}`);
  const object = new SqlObject(name, script);
  if (object.statements.length > 0) return object;
  throw new ConfigurationError(`Cannot declare the SQL object ${name}: it holds no statement`, {
    code: "empty_sql_object",
    hint: "Write the statements that make it",
    context: { object: name },
  });
}

/**
 * The objects of SQL among the exports of a module.
 *
 * @example
 * ```ts
 * import { sqlObject, sqlObjectsIn } from "@matrx/orm/migrations";
 *
 * const module = { search: sqlObject("search", "create extension pg_trgm"), version: 1 };
 * console.log(sqlObjectsIn(module).length); // 1
 * ```
 */
export function sqlObjectsIn(module: Readonly<Record<string, unknown>>): SqlObject[] {
  return Object.values(module).filter((one) => one instanceof SqlObject);
}

/**
 * The models among the exports of a module: what `toCatalog` takes.
 *
 * @example
 * ```ts
 * import { integer, model } from "@matrx/orm";
 * import { modelsIn } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey() }) {}
 * const module = { Note, version: 1 }; // import * as module from "./models/mod.ts"
 * console.log(modelsIn(module).length); // 1
 * ```
 */
export function modelsIn(module: Readonly<Record<string, unknown>>): unknown[] {
  return Object.values(module).filter((one) =>
    typeof one === "function" && "meta" in one && "prototype" in one
  );
}
