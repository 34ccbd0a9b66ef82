import type { EmittedFile } from "./emit/emitters.ts";
import {
  hashOf,
  hashOfFile,
  type Manifest,
  MANIFEST_PATH,
  type ManifestEntry,
  type Memory,
  NO_MANIFEST,
  readManifest,
  withPlainLines,
  writeManifest,
} from "./manifest.ts";

/** What happens to one file. */
export type FileAction =
  /** A generated file that is new. */
  | "create"
  /** A generated file whose text changes. */
  | "replace"
  /** A file that is not touched. */
  | "keep"
  /** A generated file whose table is gone. */
  | "remove"
  /** A file of the user's, written because it is not there. */
  | "write-once"
  /** A generated file that was changed by hand: nothing at all is written. */
  | "conflict";

/** One file of a plan. */
export interface PlannedFile {
  /** Its path inside the output folder, with `/`. */
  readonly path: string;
  readonly action: FileAction;
  /** Its new text; null when it is not written. */
  readonly text: string | null;
}

/** What is in the output folder before a run. */
export interface ExistingOutput {
  /** The text of each file, by path inside the folder with `/`. */
  readonly files: ReadonlyMap<string, string>;
  /** The text of the manifest; null = there is none. */
  readonly manifest: string | null;
}

/** A file of the user's that is left without the generated file that it builds on. */
export interface Orphan {
  /** Its path inside the output folder. */
  readonly path: string;
  /**
   * `dropped`: this run removes the generated file, its table is gone. `out_of_scope`: this run
   * removes it, its table is not read any more. `unwanted`: this run removes it, as views and managers
   * are not asked for. `stale`: it imports one that was removed earlier.
   */
  readonly why: "dropped" | "out_of_scope" | "unwanted" | "stale";
}

/** Everything that a run does to the output folder. */
export interface FilePlan {
  /** Sorted by path; the manifest is the last. */
  readonly files: readonly PlannedFile[];
  /** The user's files without their generated file: they stay, and no longer compile. */
  readonly orphans: readonly Orphan[];
}

/** How a plan is made. */
export interface PlanOptions {
  /** Formats a file's text; called for the files that changed alone. */
  readonly format: (text: string) => string;
  /** The generator's version: another one writes every file anew. */
  readonly version: string;
  /** Whether files that were changed by hand are replaced all the same; default false. */
  readonly force?: boolean | undefined;
  /** What the next run needs beside the files. */
  readonly memory?: Memory | undefined;
  /** Why generated files are not wanted any more, by their paths; default: their tables are gone. */
  readonly reasons?: ReadonlyMap<string, Orphan["why"]> | undefined;
  /** Where the manifest is; default: that of models. */
  readonly manifestPath?: string | undefined;
  /**
   * Whether the files are also the user's to change: what keeps formatters off is left out, and an edit
   * stays until the database changes too. Default false.
   */
  readonly editable?: boolean | undefined;
}

/** What keeps formatters and linters off a generated file, whose text must stay as it was written. */
export const KEEP_OFF = "// deno-fmt-ignore-file\n// deno-lint-ignore-file\n/* eslint-disable */\n";

/**
 * Compares what is wanted with what is there and says what to do; touches nothing.
 *
 * A generated file whose text is not what the manifest says was changed by hand, or is not ours.
 *
 * @throws {ConfigurationError} the manifest is damaged
 */
export function planFiles(
  wanted: readonly EmittedFile[],
  existing: ExistingOutput,
  options: PlanOptions,
): FilePlan {
  const before = manifestOf(existing).files;
  const after = new Map<string, ManifestEntry>();
  const files: PlannedFile[] = [];
  for (const file of wanted) {
    if (file.once) {
      files.push(planOnce(file, existing, options));
      continue;
    }
    const [planned, entry] = planGenerated(file, existing, before.get(file.path), options);
    files.push(planned);
    after.set(file.path, entry);
  }
  const wantedPaths = new Set(wanted.map((file) => file.path));
  const orphans = new Map<string, Orphan>();
  for (const path of staleIn(existing, wantedPaths)) orphans.set(path, { path, why: "stale" });
  for (const [path, entry] of before) {
    const text = existing.files.get(path);
    if (wantedPaths.has(path) || text === undefined) continue;
    const isEdited = hashOfFile(text) !== entry.output && options.force !== true;
    files.push({ path, action: isEdited ? "conflict" : "remove", text: null });
    const own = path.replace(/^generated\//, "");
    if (own === path || !existing.files.has(own) || wantedPaths.has(own)) continue;
    orphans.set(own, { path: own, why: options.reasons?.get(path) ?? "dropped" });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const manifest = writeManifest({ ...(options.memory ?? NO_MANIFEST), files: after });
  files.push(planManifest(manifest, existing.manifest, options.manifestPath ?? MANIFEST_PATH));
  return {
    files,
    orphans: [...orphans.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/**
 * Reads what the last run wrote into a folder.
 *
 * @throws {ConfigurationError} the manifest is damaged
 */
export function manifestOf({ manifest }: ExistingOutput): Manifest {
  return manifest === null ? NO_MANIFEST : readManifest(manifest);
}

/** The user's files that import a generated file which is not there and not wanted. */
function staleIn({ files }: ExistingOutput, wanted: ReadonlySet<string>): string[] {
  const imports = /\b(?:from|import)\s*\(?\s*["']\.\/(generated\/[a-z0-9_]+\.ts)["']/g;
  return [...files].filter(([path, text]) =>
    !path.startsWith("generated/") &&
    Array.from(text.matchAll(imports), ([, imported]) => imported!)
      .some((imported) => !wanted.has(imported))
  ).map(([path]) => path);
}

function textOf(file: EmittedFile, { format }: PlanOptions): string {
  return file.formatted === true ? file.text : format(file.text);
}

function planOnce(file: EmittedFile, existing: ExistingOutput, options: PlanOptions): PlannedFile {
  return existing.files.has(file.path)
    ? { path: file.path, action: "keep", text: null }
    : { path: file.path, action: "write-once", text: textOf(file, options) };
}

function planGenerated(
  file: EmittedFile,
  existing: ExistingOutput,
  known: ManifestEntry | undefined,
  options: PlanOptions,
): [PlannedFile, ManifestEntry] {
  const { path } = file;
  // the unformatted text is made of the catalog's entries and the options, and of nothing else
  const source = hashOf(options.version, file.text);
  const present = existing.files.get(path);
  const output = present === undefined ? null : hashOfFile(present);
  const isOurs = output === known?.output;
  const isEditable = options.editable === true;
  const isLeft = isOurs || isEditable && present !== undefined && options.force !== true;
  if (known !== undefined && isLeft && known.source === source) {
    return [{ path, action: "keep", text: null }, known];
  }
  // put before what is formatted: a formatter leaves a file alone that says so
  const text = (isEditable ? "" : KEEP_OFF) + textOf(file, options);
  const entry = { source, output: hashOfFile(text) };
  if (present === undefined) return [{ path, action: "create", text }, entry];
  if (output === entry.output) return [{ path, action: "keep", text: null }, entry];
  const isSafe = (known !== undefined && isOurs) || options.force === true;
  return [{ path, action: isSafe ? "replace" : "conflict", text: isSafe ? text : null }, entry];
}

function planManifest(text: string, before: string | null, path: string): PlannedFile {
  if (before !== null && text === withPlainLines(before)) {
    return { path, action: "keep", text: null };
  }
  return { path, action: before === null ? "create" : "replace", text };
}

/** The files that were changed by hand. */
export function conflictsOf(plan: FilePlan): string[] {
  return plan.files.filter((file) => file.action === "conflict").map((file) => file.path);
}
