import { type Fragment, isSql } from "../../src/ast/fragment.ts";
import { readerOf } from "../../src/codec/codec.ts";
import { native, nativeParam } from "../../src/codec/native.ts";
import { compile } from "../../src/compile/compile.ts";
import type { Rows, Statement } from "../../src/driver/port.ts";
import { wrongArgument } from "../../src/errors/argument.ts";
import { MigrationError } from "../../src/errors/base.ts";
import type { MigrationValue } from "../file/db.ts";
import { splitScript } from "../script/split.ts";

/** Turns what a migration gives to its handle into statements of one command each. */
export function statementsOf(
  statement: string | Fragment,
  values?: readonly MigrationValue[],
): Statement[] {
  if (isSql(statement)) {
    if (values !== undefined) throw wrongArgument("execute()", "no values beside a fragment");
    const { text, params } = compile(statement.toNode());
    return [{ text, params }];
  }
  if (typeof statement !== "string") {
    throw wrongArgument("The handle of a migration", "SQL text or an sql`` fragment");
  }
  const commands = splitScript(statement);
  if (values === undefined) return commands.map(({ text }) => ({ text, params: [] }));
  if (commands.length === 1) return [{ text: commands[0]!.text, params: values.map(nativeParam) }];
  throw new MigrationError(`Cannot bind values to ${commands.length} commands at once`, {
    code: "values_for_script",
    hint: "Give each command that has values an execute() of its own",
  });
}

/** The one statement of a read. */
export function readOf(
  statement: string | Fragment,
  values?: readonly MigrationValue[],
): Statement {
  const [first, ...others] = statementsOf(statement, values);
  if (first !== undefined && others.length === 0) return first;
  throw wrongArgument("fetch()", "one command");
}

/** Turns rows into plain objects, values by the types that the server names. */
export function objectsOf({ columns, rows }: Rows): Record<string, unknown>[] {
  const readers = columns.map(({ name, typeOid }) => ({ name, codec: readerOf(native, typeOid) }));
  return rows.map((wire) =>
    // not by assignment: a column may be called __proto__
    Object.fromEntries(readers.map(({ name, codec }, at) => {
      const text = wire[at] ?? null;
      return [name, text === null ? null : codec.decode(text)];
    }))
  );
}
