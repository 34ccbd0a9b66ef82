import type { EmittedFile } from "./emit/emitters.ts";
import { hashOf, type Manifest, MANIFEST_PATH, type ManifestEntry } from "./manifest.ts";
import { readManifest, writeManifest } from "./manifest.ts";

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

/** Everything that a run does to the output folder. */
export interface FilePlan {
  /** Sorted by path; the manifest is the last. */
  readonly files: readonly PlannedFile[];
  /** The user's files whose generated file is removed: they stay, and no longer compile. */
  readonly orphans: readonly string[];
}

/** How a plan is made. */
export interface PlanOptions {
  /** Formats a file's text; called for the files that changed alone. */
  readonly format: (text: string) => string;
  /** The generator's version: another one writes every file anew. */
  readonly version: string;
  /** Whether files that were changed by hand are replaced all the same; default false. */
  readonly force?: boolean | undefined;
}

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
  const before: Manifest = existing.manifest === null ? new Map() : readManifest(existing.manifest);
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
  const orphans: string[] = [];
  for (const [path, entry] of before) {
    const text = existing.files.get(path);
    if (wantedPaths.has(path) || text === undefined) continue;
    const isEdited = hashOf(text) !== entry.output && options.force !== true;
    files.push({ path, action: isEdited ? "conflict" : "remove", text: null });
    const own = path.replace(/^generated\//, "");
    if (existing.files.has(own) && !wantedPaths.has(own)) orphans.push(own);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  files.push(planManifest(writeManifest(after), existing.manifest));
  return { files, orphans: orphans.sort() };
}

function planOnce(file: EmittedFile, existing: ExistingOutput, options: PlanOptions): PlannedFile {
  return existing.files.has(file.path)
    ? { path: file.path, action: "keep", text: null }
    : { path: file.path, action: "write-once", text: options.format(file.text) };
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
  const output = present === undefined ? null : hashOf(present);
  const isOurs = output === known?.output;
  if (known !== undefined && isOurs && known.source === source) {
    return [{ path, action: "keep", text: null }, known];
  }
  const text = options.format(file.text);
  const entry = { source, output: hashOf(text) };
  if (present === undefined) return [{ path, action: "create", text }, entry];
  if (present === text) return [{ path, action: "keep", text: null }, entry];
  const isSafe = (known !== undefined && isOurs) || options.force === true;
  return [{ path, action: isSafe ? "replace" : "conflict", text: isSafe ? text : null }, entry];
}

function planManifest(text: string, before: string | null): PlannedFile {
  if (text === before) return { path: MANIFEST_PATH, action: "keep", text: null };
  return { path: MANIFEST_PATH, action: before === null ? "create" : "replace", text };
}

/** The files that were changed by hand. */
export function conflictsOf(plan: FilePlan): string[] {
  return plan.files.filter((file) => file.action === "conflict").map((file) => file.path);
}
