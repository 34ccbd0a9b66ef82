import { createHash } from "node:crypto";
import { ConfigurationError } from "../src/errors/base.ts";
import { isIdentifier, type PreviousModel } from "./name/previous.ts";
import type { Casing } from "./options.ts";

/** Where the manifest lies inside the output folder. */
export const MANIFEST_PATH = "generated/.matrx-manifest.json";

/** Where the manifest of SQL objects lies inside their folder. */
export const OBJECTS_MANIFEST_PATH = ".matrx-manifest.json";

/** The files that a manifest may speak of. */
const OWN_FILE = /^(?:generated\/[a-z0-9_]+\.ts|(?:[a-z0-9_-]+\/)*[a-z0-9_-]+\.sql)$/;

/** Raised when the form of the manifest changes. */
const FORMAT = 2;

/** What was last written to one generated file. */
export interface ManifestEntry {
  /** The hash of all that went into it: catalog entries, options and the generator's version. */
  readonly source: string;
  /** The hash of its text. */
  readonly output: string;
}

/** Which part of a database a run made code of. */
export interface Scope {
  /** The schemas that were read. */
  readonly schemas: readonly string[];
  /** The tables and views that were taken alone; null = all. */
  readonly include: readonly string[] | null;
  /** The tables and views that were left out; null = none. */
  readonly exclude: readonly string[] | null;
}

/** What a run knows and the next one needs. */
export interface Memory {
  /** What the run read; null = not known. */
  readonly scope: Scope | null;
  /** How columns became properties. */
  readonly casing: Casing;
  /** The names of the models, in the order of their tables. */
  readonly models: readonly PreviousModel[];
}

/** What the last run wrote. */
export interface Manifest extends Memory {
  /** The generated files by path inside the output folder. */
  readonly files: ReadonlyMap<string, ManifestEntry>;
}

/** The manifest of a folder where nothing was generated yet. */
export const NO_MANIFEST: Manifest = {
  scope: null,
  casing: "camel",
  models: [],
  files: new Map(),
};

/** The hash of a file's text; line endings say nothing, since Git may change them. */
export function hashOfFile(text: string): string {
  return hashOf(withPlainLines(text));
}

/** A text with every line ended by one line feed. */
export function withPlainLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** The SHA-256 of texts, told apart, in hexadecimal. */
export function hashOf(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
}

/** Writes a manifest, the same text for the same content. */
export function writeManifest({ files, scope, casing, models }: Manifest): string {
  const content = {
    format: FORMAT,
    ...(scope === null ? {} : { scope }),
    casing,
    models: models.map(({ schema, name, className, file, relations }) => ({
      schema,
      name,
      className,
      file,
      ...(relations.size === 0 ? {} : { relations: recordOf(relations) }),
    })),
    files: recordOf(files),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** An object of a map's entries, sorted; it has no prototype, since a key may be any text. */
function recordOf<Value>(map: ReadonlyMap<string, Value>): Record<string, Value> {
  const record: Record<string, Value> = Object.create(null);
  for (const [key, value] of [...map].sort(([a], [b]) => (a < b ? -1 : 1))) record[key] = value;
  return record;
}

/**
 * Reads a manifest, also one of an earlier version, which knew no names.
 *
 * @throws {ConfigurationError} it is damaged, or a newer version wrote it
 */
export function readManifest(text: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged("it is not JSON", cause);
  }
  if (!isRecord(parsed) || typeof parsed.format !== "number" || !isRecord(parsed.files)) {
    throw damaged("it does not have the form of one");
  }
  if (parsed.format > FORMAT) throw damaged(`a newer version wrote it (format ${parsed.format})`);
  const { scope, casing, models = [] } = parsed;
  if (!Array.isArray(models)) throw damaged("its models are no list");
  return {
    scope: scope === undefined ? null : readScope(scope),
    casing: casing === "preserve" ? "preserve" : "camel",
    models: models.map(readModel),
    files: readFiles(parsed.files),
  };
}

function readFiles(files: Record<string, unknown>): Map<string, ManifestEntry> {
  const found = new Map<string, ManifestEntry>();
  for (const [path, entry] of Object.entries(files)) {
    if (!isRecord(entry) || typeof entry.source !== "string" || typeof entry.output !== "string") {
      throw damaged("an entry has no hashes");
    }
    if (!OWN_FILE.test(path)) throw damaged("an entry names a foreign file");
    found.set(path, { source: entry.source, output: entry.output });
  }
  return found;
}

function readScope(scope: unknown): Scope {
  if (
    !isRecord(scope) || !isTexts(scope.schemas) || !isTextsOrNull(scope.include) ||
    !isTextsOrNull(scope.exclude)
  ) throw damaged("its scope does not have the form of one");
  return { schemas: scope.schemas, include: scope.include, exclude: scope.exclude };
}

function readModel(model: unknown): PreviousModel {
  const { schema, name, className, file, relations = {} } = isRecord(model) ? model : {};
  if (typeof schema !== "string" || typeof name !== "string" || !isRecord(relations)) {
    throw damaged("a model does not have the form of one");
  }
  // these names are written into code
  const named = new Map(
    Object.entries(relations).map(([id, property]) => [id, identifier(property)]),
  );
  if (typeof file !== "string" || !/^[a-z0-9_]+$/.test(file)) {
    throw damaged("a model names a foreign file");
  }
  return { schema, name, className: identifier(className), file, relations: named };
}

function identifier(text: unknown): string {
  if (typeof text === "string" && isIdentifier(text)) return text;
  throw damaged("a name in it is no identifier");
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isTextsOrNull(value: unknown): value is string[] | null {
  return value === null || isTexts(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(why: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(`Cannot read the manifest ${MANIFEST_PATH}: ${why}`, {
    code: "invalid_manifest",
    hint: "Restore it, or delete it and run with --force",
    context: { file: MANIFEST_PATH },
    cause,
  });
}
