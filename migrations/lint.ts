/** The doors of lint, which is loaded when it is called. */
import type { LintedFile, LintOptions, LintResult } from "./lint/lint.ts";

/**
 * Judges migrations by the SQL that they send: what locks, rewrites, loses, breaks or fails.
 *
 * SQL files are read, modules are run without a database that they could change. A comment
 * `-- matrx: lint-ignore KIND reason` before a statement (`//` in a module) accepts a hazard there.
 *
 * @throws {MigrationError} a file is wrong, the folder cannot be read, or the parser is not installed
 *
 * @example
 * ```ts
 * import { lint } from "@matrx/orm/migrations";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 *
 * const { files, counts } = await lint({ folder });
 * for (const { file, hazards } of files) {
 *   for (const { line, kind, what, instead } of hazards) console.log(file, line, kind, what, instead);
 * }
 * if (counts.error > 0) throw new Error("there are hazards");
 * ```
 */
export async function lint(options: LintOptions = {}): Promise<LintResult> {
  return await (await import("./lint/lint.ts")).lint(options);
}

/**
 * Judges SQL text as a script by itself; `transaction: true` takes it as a part of a transaction.
 *
 * @throws {MigrationError} the text holds a command of psql or data of COPY, or the parser is not installed
 *
 * @example
 * ```ts
 * import { lintSql } from "@matrx/orm/migrations";
 *
 * const { statements } = await lintSql("create index on orders (status)");
 * for (const { hazards } of statements) console.log(hazards.map(({ kind }) => kind));
 * ```
 */
export async function lintSql(
  sql: string,
  options: { readonly transaction?: boolean | undefined; readonly file?: string | undefined } = {},
): Promise<LintedFile> {
  return await (await import("./lint/lint.ts")).lintSql(sql, options);
}
