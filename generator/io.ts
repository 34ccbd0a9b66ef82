/** The only file that writes the output folder. */
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../src/errors/base.ts";
import { MANIFEST_PATH } from "./manifest.ts";
import { conflictsOf, type ExistingOutput, type FilePlan, type PlannedFile } from "./plan.ts";

/** The ends of files that a run is in the middle of writing or replacing. */
const NEW = ".matrx-new";
const OLD = ".matrx-old";

/** Reads what is in an output folder; a folder that is not there is empty. */
export async function readOutput(folder: string): Promise<ExistingOutput> {
  const files = new Map<string, string>();
  for (const inner of ["", "generated/"]) {
    for (const name of await namesIn(join(folder, inner))) {
      if (!name.endsWith(".ts")) continue;
      files.set(inner + name, await readFile(join(folder, inner, name), "utf8"));
    }
  }
  return { files, manifest: await readIfThere(join(folder, MANIFEST_PATH)) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
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
export async function applyPlan(plan: FilePlan, folder: string): Promise<void> {
  const conflicts = conflictsOf(plan);
  if (conflicts.length > 0) throw edited(conflicts);
  const changed = plan.files.filter((file) => file.action !== "keep");
  if (changed.length === 0) return;
  const undo: (() => Promise<unknown>)[] = [];
  try {
    await makeFolder(join(folder, "generated"), undo);
    await sweep(folder);
    for (const file of changed) await stage(file, folder, undo);
    for (const file of changed) await place(file, folder, undo);
  } catch (error) {
    const left = await moveBack(undo);
    throw unwritable(folder, error, left);
  }
  for (const file of changed) await rm(join(folder, file.path) + OLD, { force: true });
}

/** Undoes every step, the last one first; gives the reasons of those that could not be undone. */
async function moveBack(undo: readonly (() => Promise<unknown>)[]): Promise<string[]> {
  const failed: string[] = [];
  for (const step of undo.toReversed()) await step().catch((error) => failed.push(reason(error)));
  return failed;
}

/** Removes what a run that was killed left behind. */
async function sweep(folder: string): Promise<void> {
  for (const inner of [folder, join(folder, "generated")]) {
    for (const name of await namesIn(inner)) {
      if (name.endsWith(NEW) || name.endsWith(OLD)) await rm(join(inner, name), { force: true });
    }
  }
}

async function makeFolder(path: string, undo: (() => Promise<unknown>)[]): Promise<void> {
  try {
    await stat(path);
    return;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  await makeFolder(dirname(path), undo);
  await mkdir(path);
  undo.push(() => rmdir(path));
}

async function stage(
  file: PlannedFile,
  folder: string,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  if (file.text === null) return;
  const path = join(folder, file.path) + NEW;
  undo.push(() => rm(path, { force: true }));
  await writeFile(path, file.text);
}

async function place(
  file: PlannedFile,
  folder: string,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const path = join(folder, file.path);
  if (file.action === "replace" || file.action === "remove") {
    await rename(path, path + OLD);
    undo.push(() => rename(path + OLD, path));
  }
  if (file.text === null) return;
  await rename(path + NEW, path);
  undo.push(() => rm(path, { force: true }));
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | null)?.code;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unreadable(path: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(`Cannot read ${path}: ${reason(cause)}`, {
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
  return new ConfigurationError(`Cannot write into ${folder}: ${reason(cause)}`, {
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
      hint: "Move the changes to the file beside the generated folder, or run with --force",
      context: { files: conflicts.join(", ") },
    },
  );
}
