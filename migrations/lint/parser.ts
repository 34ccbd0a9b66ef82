import { MigrationError } from "../../src/errors/base.ts";
import type { Tree } from "./tree.ts";

/** What parses one command of SQL. */
export interface SqlParser {
  /** Gives the syntax tree of each command; a text of comments alone has none. */
  parse(sql: string): readonly Tree[];
}

/** Why a text is no SQL. */
export interface SyntaxFault {
  /** What the parser says. */
  readonly message: string;
  /** The place in the text, from 0. */
  readonly at: number;
}

/**
 * Loads PostgreSQL's own parser, as WebAssembly; once for the process.
 *
 * @throws {MigrationError} the package is not installed, or may not be read
 */
export async function loadParser(): Promise<SqlParser> {
  let library: typeof import("npm:libpg-query@18.1.5");
  try {
    library = await import("npm:libpg-query@18.1.5");
    await library.loadModule();
  } catch (cause) {
    throw new MigrationError("Cannot load the parser of SQL that lint needs", {
      code: "sql_parser_missing",
      hint: "Run npm install libpg-query, or allow reading its files; see the cause",
      cause,
    });
  }
  return {
    parse: (sql) => {
      const { stmts = [] } = library.parseSync(sql) as { stmts?: readonly { stmt?: Tree }[] };
      return stmts.flatMap(({ stmt }) => stmt === undefined ? [] : [stmt]);
    },
  };
}

/** Reads an error of the parser; undefined where it is another one. */
export function syntaxFault(error: unknown): SyntaxFault | undefined {
  const details = (error as { sqlDetails?: { message?: unknown; cursorPosition?: unknown } })
    .sqlDetails;
  if (details === undefined) return undefined;
  return { message: String(details.message), at: Number(details.cursorPosition ?? 0) };
}
