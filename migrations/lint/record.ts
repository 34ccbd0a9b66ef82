import { isSql } from "../../src/ast/fragment.ts";
import type { Database } from "../../src/execute/registry.ts";
import { transactionOn } from "../../src/execute/transaction.ts";
import { messageOf } from "../../src/util/reason.ts";
import { handleOf } from "../apply/handle.ts";
import { statementsOf } from "../apply/statements.ts";
import type { MigrationDb, MigrationFunction } from "../file/db.ts";
import { normalised } from "../file/checksum.ts";
import type { MigrationFile } from "../file/folder.ts";
import { ignoresAbove, ignoresOfFile } from "./ignore.ts";
import { noDatabase, offline } from "../apply/offline.ts";
import { type LintScript, type LintStatement, readScript } from "./statement.ts";

/** What a module sends, and why not all of it is known. */
export interface Recorded {
  readonly script: LintScript;
  /** What ended it early; null = it came to its end. */
  readonly stopped: string | null;
}

/**
 * Runs a function of a module without a database that it could change, and writes down what it sends.
 *
 * With a database it reads in a transaction that may not write; without one it ends where it reads.
 */
export async function record(
  file: MigrationFile,
  run: MigrationFunction,
  database: Database | null,
): Promise<Recorded> {
  const source = normalised(file.text);
  const lines = source.split("\n");
  const statements: LintStatement[] = [];
  const note = (given: Parameters<MigrationDb["execute"]>[0]): void => {
    const line = callLine(file.name);
    const above = line === 0 ? [] : ignoresAbove(lines, line);
    const script = isSql(given)
      ? { statements: statementsOf(given).map(fromFragment), ignores: [] }
      : readScript(given);
    const shift = isSql(given) ? null : lineOf(source, given, line);
    for (const one of script.statements) {
      const at = shift === null ? line : one.line + shift;
      statements.push({ ...one, line: at, ignores: [...above, ...one.ignores] });
    }
  };
  const recording = (read: Parameters<typeof handleOf>[0]["read"]): MigrationDb => {
    const handle = handleOf({ change: () => Promise.resolve(0), read });
    return {
      ...handle,
      async execute(statement, values) {
        note(statement);
        return await handle.execute(statement, values);
      },
      async executeMany(statement, rows) {
        if (rows.length > 0) note(statement);
        return await handle.executeMany(statement, rows);
      },
    };
  };
  let stopped: string | null = null;
  try {
    await (database === null
      ? offline(async () => await run(recording(() => Promise.reject(noDatabase()))))
      : transactionOn(database, async (tx) => {
        await run(recording((statement) => tx.run(statement)));
      }, { readOnly: true }));
  } catch (error) {
    stopped = messageOf(error);
  }
  return { script: { statements, ignores: ignoresOfFile(lines) }, stopped };
}

function fromFragment({ text }: { readonly text: string }): LintStatement {
  return { sql: text, line: 1, ignores: [] };
}

/** The line of a file on which the present call was made, from 1; 0 = the stack does not tell. */
function callLine(file: string): number {
  const name = file.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const found = new RegExp(`[/\\\\]${name}(?:\\?[^:)\\s]*)?:(\\d+)`).exec(new Error().stack ?? "");
  return found === null ? 0 : Number(found[1]);
}

/** How many lines of a module come before the text that one of its calls gives; null = it is made, not written. */
function lineOf(source: string, text: string, line: number): number | null {
  const from = source.split("\n").slice(0, Math.max(0, line - 1)).join("\n").length;
  const at = source.indexOf(normalised(text), from);
  return at < 0 ? null : source.slice(0, at).split("\n").length - 1;
}
