import { createHash } from "node:crypto";
import { ConfigurationError } from "../src/errors/base.ts";

/** Where the manifest lies inside the output folder. */
export const MANIFEST_PATH = "generated/.matrx-manifest.json";

/** Raised when the form of the manifest changes. */
const FORMAT = 1;

/** What was last written to one generated file. */
export interface ManifestEntry {
  /** The hash of all that went into it: catalog entries, options and the generator's version. */
  readonly source: string;
  /** The hash of its text. */
  readonly output: string;
}

/** What the last run wrote, by path inside the output folder. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** The SHA-256 of texts, told apart, in hexadecimal. */
export function hashOf(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
}

/** Writes a manifest, the same text for the same entries. */
export function writeManifest(manifest: Manifest): string {
  const entries = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1));
  // null prototype: a path may be any name
  const files: Record<string, ManifestEntry> = Object.create(null);
  for (const [path, entry] of entries) files[path] = entry;
  return `${JSON.stringify({ format: FORMAT, files }, null, 2)}\n`;
}

/**
 * Reads a manifest.
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
  const manifest = new Map<string, ManifestEntry>();
  for (const [path, entry] of Object.entries(parsed.files)) {
    if (!isRecord(entry) || typeof entry.source !== "string" || typeof entry.output !== "string") {
      throw damaged("an entry has no hashes");
    }
    if (!/^generated\/[a-z0-9_]+\.ts$/.test(path)) throw damaged("an entry names a foreign file");
    manifest.set(path, { source: entry.source, output: entry.output });
  }
  return manifest;
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
