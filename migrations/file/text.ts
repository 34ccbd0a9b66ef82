import { lineComment, stringList, templateLiteral } from "../../generator/emit/literal.ts";
import { docComment } from "../../generator/emit/literal.ts";
import type { MigrationFile } from "./folder.ts";
import { writeHeader } from "./sql_file.ts";

/** The forms that a migration can be written in. */
export type MigrationFormat = "ts" | "sql";

/** One statement of a migration that is written, and what a reader should know of it. */
export interface WrittenStep {
  /** The SQL text, of one command. */
  readonly sql: string;
  /** What it does and which locks it takes, a line each. */
  readonly notes?: readonly string[] | undefined;
}

/** A migration before it becomes text. */
export interface MigrationDraft {
  /** Its name. */
  readonly name: string;
  /** What it does, a line each. */
  readonly summary: readonly string[];
  /** The migrations that must have run. */
  readonly dependencies: readonly string[];
  /** Whether all of it runs in one transaction. */
  readonly transaction: boolean;
  /** The migrations that it stands for. */
  readonly replaces?: readonly string[] | undefined;
  /** What changes the database. */
  readonly up: readonly WrittenStep[];
  /** What takes the change back; null where nothing can. */
  readonly down: readonly WrittenStep[] | null;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
}

/** Writes the files of a migration. Any SQL text comes through to the character. */
export function writeMigration(draft: MigrationDraft, format: MigrationFormat): MigrationFile[] {
  return WRITERS[format](draft);
}

const WRITERS: Readonly<Record<MigrationFormat, (draft: MigrationDraft) => MigrationFile[]>> = {
  ts: writeModule,
  sql: writeSql,
};

function writeModule(draft: MigrationDraft): MigrationFile[] {
  const { name, dependencies, replaces = [], transaction, up, down } = draft;
  const importFrom = draft.importFrom ?? "@matrx/orm/migrations";
  const parts = [
    `import type { MigrationDb } from ${JSON.stringify(importFrom)};\n`,
    docComment(draft.summary.join("\n")) +
    `export const dependencies: readonly string[] = ${stringList(dependencies)};\n` +
    (replaces.length === 0
      ? ""
      : `export const replaces: readonly string[] = ${stringList(replaces)};\n`) +
    (transaction ? "" : "export const transaction: boolean = false;\n"),
    writeFunction("up", up),
    ...(down === null ? [] : [writeFunction("down", down)]),
  ];
  return [{ name: `${name}.ts`, text: parts.join("\n") }];
}

function writeFunction(name: "up" | "down", steps: readonly WrittenStep[]): string {
  const body = steps.map(({ sql, notes = [] }) => {
    const comments = notes.map((note) => `  ${lineComment(note)}\n`).join("");
    return `${comments}  await db.execute(${templateLiteral(sql)});\n`;
  });
  const db = steps.length === 0 ? "_db" : "db";
  return `export async function ${name}(${db}: MigrationDb): Promise<void> {\n${body.join("")}}\n`;
}

function writeSql(draft: MigrationDraft): MigrationFile[] {
  const { name, dependencies, replaces = [], transaction, up, down } = draft;
  const header = writeHeader({ dependencies, transaction, replaces });
  const summary = draft.summary.map((line) => `${sqlComment(line)}\n`).join("");
  return [
    { name: `${name}.up.sql`, text: header + summary + sqlSteps(up) },
    ...(down === null ? [] : [{ name: `${name}.down.sql`, text: sqlSteps(down) }]),
  ];
}

function sqlSteps(steps: readonly WrittenStep[]): string {
  return steps.map(({ sql, notes = [] }) =>
    // the semicolon on a line of its own where a comment could swallow it
    `\n${notes.map((note) => `${sqlComment(note)}\n`).join("")}${sql}${
      /--[^\n]*$/.test(sql) ? "\n" : ""
    };\n`
  ).join("");
}

function sqlComment(line: string): string {
  return lineComment(line).replace(/^\/\//, "--").trimEnd();
}
