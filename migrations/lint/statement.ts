import { splitScript } from "../script/split.ts";
import { tokensOf } from "../script/tokens.ts";
import { type Ignore, ignoresIn } from "./ignore.ts";

/** A statement of a script, with what the comments before it and in it accept. */
export interface LintStatement {
  /** Its text, without the semicolon. */
  readonly sql: string;
  /** The line on which it starts, from 1. */
  readonly line: number;
  /** The comments that speak of it. */
  readonly ignores: readonly Ignore[];
}

/** A script, statement by statement. */
export interface LintScript {
  readonly statements: readonly LintStatement[];
  /** The comments that hold for all of it, and those behind the last statement. */
  readonly ignores: readonly Ignore[];
}

/**
 * Splits a script as the runner does, and finds the comments that accept hazards.
 *
 * @throws {MigrationError} the script holds a command of psql, or data of COPY
 */
export function readScript(text: string): LintScript {
  const comments = [...tokensOf(text)].filter(({ kind }) => kind === "comment");
  const ignores = ignoresIn(text, comments);
  const own = ignores.filter(({ whole }) => !whole);
  let from = 0;
  const statements = splitScript(text).map(({ text: sql, line }) => {
    const last = line + sql.split("\n").length - 1;
    const mine = own.filter((one) => one.line > from && one.line <= last);
    from = last;
    return { sql, line, ignores: mine };
  });
  const behind = own.filter((one) => one.line > from);
  return { statements, ignores: [...ignores.filter(({ whole }) => whole), ...behind] };
}
