/** What `matrx generate` tells a person at its end. */
import type { GenerateResult } from "../generator/run.ts";
import type { FileAction } from "../generator/plan.ts";

/** How each action is told. */
const ACTIONS: Readonly<Record<FileAction, string>> = {
  "create": "created",
  "write-once": "created for you to edit",
  "replace": "replaced",
  "remove": "removed",
  "keep": "kept",
  "conflict": "changed by hand",
};

/** How many notes are told one by one. */
const MOST_NOTES = 12;

/** The plan of a dry run: what would happen to each file. */
export function planLines({ files }: GenerateResult): string[] {
  const width = Math.max(...files.map(({ action }) => action.length));
  return files.map(({ action, path }) => `${action.padEnd(width)}  ${path}`).concat("");
}

/** What was found and done. */
export function summaryLines(result: GenerateResult): string[] {
  const { counts, files } = result;
  const relations = counts.foreignKeys + counts.inverseForeignKeys + counts.manyToMany;
  const done = (Object.keys(ACTIONS) as FileAction[])
    .map((action) => ({ action, n: files.filter((file) => file.action === action).length }))
    .filter(({ n }) => n > 0)
    .map(({ action, n }) => `${n} ${ACTIONS[action]}`);
  const unmodelled = Object.entries(result.unmodelled)
    .map(([kind, n]) => n === 1 ? `1 ${kind}` : `${n} ${kind}s`);
  const rows: [string, string][] = [
    ["Database", `${result.database}, PostgreSQL ${versionText(result.serverVersion)}`],
    ["Schemas", result.schemas.map(shown).join(", ")],
    [
      "Models",
      `${count(counts.tables, "table")}, ${count(counts.views, "view")}; ${
        count(counts.enums, "enum")
      }, ${count(counts.types, "other type")}`,
    ],
    [
      "Relations",
      `${relations}: ${count(counts.foreignKeys, "foreign key")}, ` +
      `${counts.inverseForeignKeys} inverse, ${counts.manyToMany} many-to-many`,
    ],
    ["Files", `${done.join(", ")} in ${shown(result.out)}`],
  ];
  if (unmodelled.length > 0) rows.push(["Not described", unmodelled.join(", ")]);
  if (result.unreadable.length > 0) {
    rows.push([
      "Left out",
      `${count(result.unreadable.length, "table")} without the right to read`,
    ]);
  }
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const end = result.dryRun ? "Nothing was written (--dry-run)" : "Done";
  return [
    ...rows.map(([name, text]) => `${name.padEnd(width)}${text}`),
    `${end} in ${result.seconds.toFixed(1)} s`,
  ];
}

/** What the reader should know though the run went well. */
export function warningsOf(result: GenerateResult): string[] {
  const conflicts = result.files.filter(({ action }) => action === "conflict");
  const told = result.notes.slice(0, MOST_NOTES).map((note) =>
    `${shown(note.schema)}.${shown(note.table)}${
      note.name === null ? "" : `.${shown(note.name)}`
    } ${note.message}`
  );
  const rest = result.notes.length - told.length;
  return [
    ...(result.counts.tables + result.counts.views === 0 && result.unreadable.length === 0
      ? [`There are no tables or views in ${result.schemas.map(shown).join(", ")}`]
      : []),
    ...result.unreadable.map(({ schema, name }) =>
      `${shown(schema)}.${shown(name)} is left out: this role may not read it`
    ),
    ...result.sharedNames.map(({ className, models }) =>
      `Several tables lead to the class ${className}: ${
        models.map((model) => `${shown(model.schema)}.${shown(model.table)} is ${model.className}`)
          .join(", ")
      }`
    ),
    ...conflicts.map(({ path }) => `${path} was changed by hand: only --force replaces it`),
    ...told,
    ...(rest > 0 ? [`and ${rest} more notes; --json lists them all`] : []),
    ...result.orphans.map((path) => `${shown(path)} stays, though its table is gone`),
  ];
}

/** A name of the database or a path, safe to print on a terminal. */
function shown(name: string): string {
  // deno-lint-ignore no-control-regex -- that is what they are looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(name) ? JSON.stringify(name) : name;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function versionText(version: number): string {
  return `${Math.floor(version / 10000)}.${version % 10000}`;
}
