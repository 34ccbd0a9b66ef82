/** What `matrx generate` tells a person at its end. */
import type { GenerateResult } from "../generator/run.ts";
import type { FileAction, Orphan } from "../generator/plan.ts";

/** How each action is told: when it was done, and when it would be. */
const ACTIONS: Readonly<Record<FileAction, readonly [done: string, would: string]>> = {
  "create": ["created", "would be created"],
  "write-once": ["created for you to edit", "would be created for you to edit"],
  "replace": ["replaced", "would be replaced"],
  "remove": ["removed", "would be removed"],
  "keep": ["kept", "would be kept"],
  "conflict": ["changed by hand", "changed by hand"],
};

/** How many notes are told one by one. */
const MOST_NOTES = 12;

/** How many schemas are told of that were not read. */
const MOST_SCHEMAS = 5;

/** The plan of a dry run: what would happen to each file; those that stay only when asked for. */
export function planLines(result: GenerateResult, withKept: boolean): string[] {
  const told = filesOf(result).filter(({ action }) => withKept || action !== "keep");
  if (told.length === 0) return [];
  const width = Math.max(...told.map(({ action }) => action.length));
  return told.map(({ action, path }) => `${action.padEnd(width)}  ${path}`).concat("");
}

/** Whether a run changes a file, or would. */
export function changes(result: GenerateResult): boolean {
  return filesOf(result).some(({ action }) => action !== "keep");
}

/** Every file of a run; those of SQL objects by their paths inside the folder of objects. */
function filesOf({ files, objects }: GenerateResult): GenerateResult["files"] {
  return [...files, ...objects?.files ?? []];
}

/** How many files had which action. */
function actionsText(files: GenerateResult["files"], dryRun: boolean): string {
  return (Object.keys(ACTIONS) as FileAction[])
    .map((action) => ({ action, n: files.filter((file) => file.action === action).length }))
    .filter(({ n }) => n > 0)
    .map(({ action, n }) => `${n} ${ACTIONS[action][dryRun ? 1 : 0]}`)
    .join(", ");
}

/** What was found and done. */
export function summaryLines(result: GenerateResult): string[] {
  const { counts, files, objects } = result;
  const relations = counts.foreignKeys + counts.inverseForeignKeys + counts.manyToMany;
  const unmodelled = Object.entries(result.unmodelled)
    .map(([kind, n]) => n === 1 || kind.endsWith("s") ? `${n} ${kind}` : `${n} ${kind}s`);
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
    ["Files", `${actionsText(files, result.dryRun)} in ${shown(result.out)}`],
  ];
  if (objects !== null) {
    const done = actionsText(objects.files, result.dryRun);
    rows.push(["SQL objects", `${done} in ${shown(objects.folder)}`]);
  }
  if (unmodelled.length > 0) {
    rows.push([
      "Not described",
      `objects that generated code does not use: ${unmodelled.join(", ")}`,
    ]);
  }
  if (result.elsewhere.length > 0) {
    const told = result.elsewhere.slice(0, MOST_SCHEMAS).map(({ schema, tables }) =>
      `${shown(schema)} has ${count(tables, "table")}: add --schema ${shown(schema)}`
    );
    const rest = result.elsewhere.length - told.length;
    rows.push([
      "Not read",
      [...told, ...(rest > 0 ? [`and ${rest} more schemas`] : [])].join("; "),
    ]);
  }
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
  const conflicts = filesOf(result).filter(({ action }) => action === "conflict");
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
    ...result.renamed.map(({ schema, table, what, from, to }) =>
      `The ${what} ${from} of ${shown(schema)}.${shown(table)} is ${to} now`
    ),
    ...result.orphans.map(({ path, why }) => `${shown(path)} stays${ORPHANS[why]}`),
  ];
}

/** Why a file of the user's is left alone, and what to do about it. */
const ORPHANS: Readonly<Record<Orphan["why"], string>> = {
  dropped: ", though its table is gone: it imports a file that is no longer generated: delete it",
  out_of_scope: ", though its table is not read any more: it imports a file that is no longer " +
    "generated: delete it, or generate its table",
  unwanted:
    ", though managers are left out: it imports a file that is no longer generated: delete " +
    "it, or generate managers again",
  stale: ": it imports a file that is no longer generated: delete it, or generate its table",
};

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
