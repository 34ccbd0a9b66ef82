/**
 * The only file that writes the output folder.
 *
 * It waits for each call: the files are many and small, and to hand them to a pool of threads takes
 * longer than to read and write them.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../src/errors/base.ts";
import { messageOf } from "../src/util/reason.ts";
import { MANIFEST_PATH, OBJECTS_MANIFEST_PATH } from "./manifest.ts";
import { conflictsOf, type ExistingOutput, type FilePlan, type PlannedFile } from "./plan.ts";

/** The ends of files that a run is in the middle of writing or replacing. */
const NEW = ".matrx-new";
const OLD = ".matrx-old";

/** Reads what is in an output folder; a folder that is not there is empty. */
export function readOutput(folder: string): ExistingOutput {
  const files = new Map<string, string>();
  for (const inner of ["", "generated/"]) {
    for (const name of namesIn(join(folder, inner))) {
      if (!name.endsWith(".ts")) continue;
      files.set(inner + name, readFileSync(join(folder, inner, name), "utf8"));
    }
  }
  return { files, manifest: readIfThere(join(folder, MANIFEST_PATH)) };
}

/** Reads the `.sql` files of a folder and those in it, at any depth; one that is not there is empty. */
export function readObjectFiles(folder: string): ExistingOutput {
  const files = new Map<string, string>();
  const visit = (inner: string): void => {
    for (const name of namesIn(join(folder, inner))) {
      if (name.endsWith(".sql")) {
        files.set(inner + name, readFileSync(join(folder, inner, name), "utf8"));
      }
    }
    for (const name of foldersIn(join(folder, inner))) visit(`${inner}${name}/`);
  };
  visit("");
  return { files, manifest: readIfThere(join(folder, OBJECTS_MANIFEST_PATH)) };
}

const namesIn = (folder: string): string[] => entriesIn(folder, false);
const foldersIn = (folder: string): string[] => entriesIn(folder, true);

function entriesIn(folder: string, folders: boolean): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() === folders).map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw unreadable(path, error);
  }
}

/**
 * Carries out a plan, all of it or nothing.
 *
 * New texts are written beside their files first; then each file is moved to its place, the old one
 * kept until all are there. When something fails, everything is moved back.
 *
 * @throws {ConfigurationError} the plan has conflicts, or the folder cannot be written
 */
export function applyPlan(plan: FilePlan, folder: string): void {
  refuseConflicts(plan);
  const changed = plan.files.filter((file) => file.action !== "keep");
  if (changed.length === 0) return;
  const undo: Step[] = [];
  try {
    const folders = new Set([folder, ...changed.map(({ path }) => dirname(join(folder, path)))]);
    for (const one of folders) {
      makeFolder(one, undo);
      sweep(one);
    }
    for (const file of changed) stage(file, folder, undo);
    for (const file of changed) place(file, folder, undo);
  } catch (error) {
    throw unwritable(folder, error, moveBack(undo));
  }
  for (const file of changed.filter(hasOld)) rmSync(join(folder, file.path) + OLD, { force: true });
}

/**
 * Refuses a plan that would overwrite what was changed by hand.
 *
 * @throws {ConfigurationError} files were changed
 */
export function refuseConflicts(plan: FilePlan): void {
  const conflicts = conflictsOf(plan);
  if (conflicts.length > 0) throw edited(conflicts);
}

/** Takes one step back. */
type Step = () => void;

/** Whether a file takes the place of one that is there, or takes it away. */
function hasOld({ action }: PlannedFile): boolean {
  return action === "replace" || action === "remove";
}

/** Undoes every step, the last one first; gives the reasons of those that could not be undone. */
function moveBack(undo: readonly Step[]): string[] {
  const failed: string[] = [];
  for (const step of undo.toReversed()) {
    try {
      step();
    } catch (error) {
      failed.push(messageOf(error));
    }
  }
  return failed;
}

/** Removes what a run that was killed left behind. */
function sweep(folder: string): void {
  for (const name of namesIn(folder)) {
    if (name.endsWith(NEW) || name.endsWith(OLD)) rmSync(join(folder, name), { force: true });
  }
}

function makeFolder(path: string, undo: Step[]): void {
  try {
    statSync(path);
    return;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  // the folder above is not looked at while it is there: the right to read it may be missing
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    makeFolder(dirname(path), undo);
    mkdirSync(path);
  }
  undo.push(() => rmdirSync(path));
}

function stage(file: PlannedFile, folder: string, undo: Step[]): void {
  if (file.text === null) return;
  const path = join(folder, file.path) + NEW;
  undo.push(() => rmSync(path, { force: true }));
  writeFileSync(path, file.text);
}

function place(file: PlannedFile, folder: string, undo: Step[]): void {
  const path = join(folder, file.path);
  if (hasOld(file)) {
    renameSync(path, path + OLD);
    undo.push(() => renameSync(path + OLD, path));
  }
  if (file.text === null) return;
  renameSync(path + NEW, path);
  undo.push(() => rmSync(path, { force: true }));
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | null)?.code;
}

function unreadable(path: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(`Cannot read ${path}: ${messageOf(cause)}`, {
    code: "unreadable_output",
    hint: "Check that the output folder is a folder and may be read",
    context: { path },
    cause,
  });
}

function unwritable(
  folder: string,
  cause: unknown,
  left: readonly string[],
): ConfigurationError {
  return new ConfigurationError(`Cannot write into ${folder}: ${messageOf(cause)}`, {
    code: "unwritable_output",
    hint: left.length === 0
      ? "Check the rights on the output folder; it was left as it was"
      : `Not everything could be moved back: ${left.join("; ")}`,
    context: { path: folder },
    cause,
  });
}

function edited(conflicts: readonly string[]): ConfigurationError {
  return new ConfigurationError(
    `Cannot generate: ${
      conflicts.length === 1 ? "a generated file was" : "generated files were"
    } changed by hand: ${conflicts.join(", ")}`,
    {
      code: "edited_files",
      hint: conflicts.every((path) => path.endsWith(".sql"))
        ? "The database changed too: run with --force to take what it has"
        : "Move the changes to the file beside the generated folder, or run with --force",
      context: { files: conflicts.join(", ") },
    },
  );
}
