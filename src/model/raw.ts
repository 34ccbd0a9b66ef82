/** Statements written by hand. */
import { isSql } from "../ast/fragment.ts";
import type { Sql } from "../ast/sql.ts";
import { readerOf } from "../codec/codec.ts";
import { compile } from "../compile/compile.ts";
import type { Param, Rows, RunOptions } from "../driver/port.ts";
import { checkList } from "../errors/argument.ts";
import { QueryError, ValidationError } from "../errors/base.ts";
import { readerFor, sessionFor, type Using } from "../execute/session.ts";
import { wholeRows } from "../query/shape.ts";
import { metaOf, type ModelMeta, type ModelRef } from "../schema/meta.ts";
import { runWrite } from "./cache/gate.ts";
import { touchAny } from "./cache/touch.ts";
import { hydrate } from "./hydrate.ts";

/** Options of a statement written by hand. */
export interface RawOptions extends RunOptions {
  /** The models whose tables the statement writes, so that nothing old of them stays cached. */
  readonly touches?: readonly ModelRef[] | undefined;
}

/** Runs a statement whose rows are whole rows of a model, matched by column name. */
export async function raw(
  model: ModelRef,
  statement: Sql,
  using: Using | null,
  options?: RawOptions,
): Promise<object[]> {
  const rows = await run(model, statement, using, "raw", options);
  const positions = positionsOf(model.meta, rows);
  const inOrder = (wire: readonly Param[]) => positions.map((position) => wire[position]!);
  const plan = { shape: wholeRows(model) };
  const columns = positions.map((position) => rows.columns[position]!);
  return hydrate(plan, { columns, rows: rows.rows.map(inOrder) }, using);
}

/** Runs any statement; its rows become plain objects. */
export async function rawSql(
  model: ModelRef,
  statement: Sql,
  using: Using | null,
  options?: RawOptions,
): Promise<object[]> {
  const rows = await run(model, statement, using, "rawSql", options);
  const columns = rows.columns.map(({ name, typeOid }) => ({
    name,
    codec: readerOf(statement.codec, typeOid),
  }));
  return rows.rows.map((wire) =>
    // not by assignment: a column may be called __proto__
    Object.fromEntries(columns.map(({ name, codec }, index) => {
      const text = wire[index] ?? null;
      return [name, text === null ? null : codec.decode(text)];
    }))
  );
}

function run(
  model: ModelRef,
  statement: Sql,
  using: Using | null,
  operation: string,
  given?: RawOptions,
): Promise<Rows> {
  if (isSql(statement)) {
    const text = compile(statement.toNode());
    const caller = { model, operation };
    const { touches, ...options } = given ?? {};
    if (touches === undefined) {
      const run = given === undefined ? undefined : options;
      return readerFor(model.meta.database, using, "own").run(text, run, caller);
    }
    const metas = checkList(touches, "touches", "a list of models").map(metaOf);
    // a statement that says what it writes belongs where it can
    const session = sessionFor(model.meta.database, using);
    return runWrite(session, text, options, caller, () => metas.map(touchAny));
  }
  throw new ValidationError("The statement is not an SQL fragment", {
    code: "not_a_fragment",
    hint: "Write it with the sql tag: sql`select ...`",
  });
}

function positionsOf(meta: ModelMeta, rows: Rows): number[] {
  const byName = new Map(rows.columns.map(({ name }, index) => [name, index]));
  const missing = meta.columns.filter(({ name }) => !byName.has(name));
  if (missing.length === 0) return meta.columns.map(({ name }) => byName.get(name)!);
  throw new QueryError(
    `The statement does not give whole rows of ${meta.label}: it lacks ${
      missing.map(({ name }) => `"${name}"`).join(", ")
    }`,
    { code: "incomplete_rows", hint: "Select every column, or use rawSql() for plain objects" },
  );
}
