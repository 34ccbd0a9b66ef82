import { MigrationError } from "../../src/errors/base.ts";
import { nameOf, tokensOf } from "./tokens.ts";

/** One command of a script. */
export interface ScriptStatement {
  /** Its text, without the semicolon at its end and comments around it. */
  readonly text: string;
  /** The line of the script on which it starts, from 1. */
  readonly line: number;
}

/** The words at the start of a command whose body may hold commands: `BEGIN ATOMIC ... END`. */
const ROUTINE = /^create (?:or replace )?(?:function|procedure) /;

/** How many words decide what a command is. */
const HEAD = 4;

/**
 * Splits a script into its commands, as psql does: a semicolon inside quotes, comments, parentheses or
 * the body of an SQL-standard routine ends none.
 *
 * @throws {MigrationError} the script holds a command of psql, or data of COPY
 */
export function splitScript(script: string): ScriptStatement[] {
  const found: ScriptStatement[] = [];
  const lineAt = lineCounter(script);
  let start = -1;
  let end = 0;
  let [parentheses, blocks] = [0, 0];
  let words: string[] = [];
  const finish = (): void => {
    if (start >= 0) found.push(statementOf(script.slice(start, end), lineAt(start), words));
    [start, parentheses, blocks, words] = [-1, 0, 0, []];
  };
  for (const token of tokensOf(script)) {
    if (token.kind === "comment") continue;
    const symbol = token.kind === "symbol" ? script[token.start] : "";
    if (symbol === ";" && parentheses <= 0 && blocks === 0) {
      finish();
      continue;
    }
    if (symbol === "\\") throw metaCommand(lineAt(token.start));
    if (start < 0) start = token.start;
    end = token.end;
    if (symbol === "(") parentheses++;
    if (symbol === ")") parentheses--;
    if (token.kind !== "word") continue;
    const word = nameOf(script, token);
    if (words.length < HEAD) words.push(word);
    if (word === "begin" && ROUTINE.test(`${words.join(" ")} `)) blocks++;
    else if (blocks > 0 && word === "case") blocks++;
    else if (blocks > 0 && word === "end") blocks--;
  }
  finish();
  return found;
}

function statementOf(text: string, line: number, words: readonly string[]): ScriptStatement {
  if (words[0] === "copy" && /\bfrom\s+stdin\b/i.test(text)) {
    throw new MigrationError(`Cannot run COPY ... FROM STDIN on line ${line}: no data follows it`, {
      code: "copy_in_script",
      hint: "Write INSERT, or dump the data with pg_dump --inserts",
    });
  }
  return { text, line };
}

/** Tells the line of places that are asked for in ascending order, from 1. */
function lineCounter(text: string): (at: number) => number {
  let [line, next] = [1, text.indexOf("\n")];
  return (at) => {
    while (next >= 0 && next < at) {
      line++;
      next = text.indexOf("\n", next + 1);
    }
    return line;
  };
}

function metaCommand(line: number): MigrationError {
  return new MigrationError(
    `Cannot run line ${line} of the script: it is a command of psql, not SQL`,
    { code: "psql_command", hint: "Take lines that start with a backslash out of the script" },
  );
}
