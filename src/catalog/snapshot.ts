import { ConfigurationError } from "../errors/base.ts";
import { stableJson } from "../util/stable_json.ts";
import { type Catalog, makeCatalog } from "./catalog.ts";
import { identityOf, isObjectKind } from "./identity.ts";
import type { CatalogObject } from "./types.ts";

/** The version of the snapshot's form; a reader refuses every other. */
const FORMAT = 1;

/** What a snapshot says beside its catalog: plain data that JSON holds. */
export type SnapshotNotes = Readonly<Record<string, unknown>>;

/**
 * Writes a catalog as JSON: a header with the checksum, one object a line, sorted by identity, and
 * what each needs, if that is known. The checksum vouches for the notes too.
 *
 * Equal catalogs with equal dependencies and notes give equal text.
 */
export async function toSnapshot(catalog: Catalog, notes: SnapshotNotes = {}): Promise<string> {
  const header = {
    format: FORMAT,
    checksum: await wholeChecksum(catalog, notes),
    serverVersion: catalog.serverVersion,
  };
  const fields = Object.entries(header).map(([name, value]) =>
    `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`
  );
  if (Object.keys(notes).length > 0) fields.push(`  "notes": ${stableJson(notes)},\n`);
  const lines = Array.from(catalog.objects.values(), (object) => `    ${stableJson(object)}`);
  const needs = Array.from(catalog.dependencies, (entry) => `    ${JSON.stringify(entry)}`).sort();
  const lists = [`  "objects": ${listText(lines)}`];
  if (needs.length > 0) lists.push(`  "dependencies": ${listText(needs)}`);
  return `{\n${fields.join("")}${lists.join(",\n")}\n}\n`;
}

function listText(lines: readonly string[]): string {
  return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
}

/**
 * Reads a catalog back from its snapshot.
 *
 * @throws {ConfigurationError} the text is not a snapshot, is of another format, or was changed
 */
export async function fromSnapshot(text: string): Promise<Catalog> {
  return (await readSnapshotText(text)).catalog;
}

/**
 * Reads a catalog back from its snapshot, with the notes beside it.
 *
 * @throws {ConfigurationError} the text is not a snapshot, is of another format, or was changed
 */
export async function readSnapshotText(
  text: string,
): Promise<{ readonly catalog: Catalog; readonly notes: SnapshotNotes }> {
  const { checksum, serverVersion, objects, dependencies, notes } = headerOf(parse(text));
  const catalog = makeCatalog(
    serverVersion,
    objects.map(checkObject),
    new Map(dependencies.map(checkNeeds)),
  );
  if (catalog.objects.size !== objects.length) throw invalid("it lists an object twice");
  if (await wholeChecksum(catalog, notes) !== checksum) {
    throw new ConfigurationError(
      "Cannot read the snapshot: its checksum does not match its content",
      {
        code: "snapshot_checksum",
        hint: "The file was changed after it was written; make it again from the database",
      },
    );
  }
  return { catalog, notes };
}

async function wholeChecksum(catalog: Catalog, notes: SnapshotNotes): Promise<string> {
  const own = await checksumOf(catalog);
  return Object.keys(notes).length === 0 ? own : await digest(`${own}\n${stableJson(notes)}`);
}

/**
 * The SHA-256 of a catalog's structure, as `sha256:` and 64 hexadecimal digits.
 *
 * Row estimates and the server's minor version are left out: they change while the structure does not.
 */
export async function checksumOf(catalog: Catalog): Promise<string> {
  const lines = [`${FORMAT} ${Math.floor(catalog.serverVersion / 10000)}`];
  for (const object of catalog.objects.values()) {
    lines.push(stableJson("estimatedRows" in object ? { ...object, estimatedRows: null } : object));
  }
  return await digest(lines.join("\n"));
}

async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid("it is not JSON", error);
  }
}

interface Header {
  readonly checksum: string;
  readonly serverVersion: number;
  readonly objects: readonly unknown[];
  readonly dependencies: readonly unknown[];
  readonly notes: SnapshotNotes;
}

function headerOf(read: unknown): Header {
  if (!isRecord(read)) throw invalid("it is not an object");
  if (read.format !== FORMAT) {
    throw new ConfigurationError(
      `Cannot read the snapshot: its format is ${
        JSON.stringify(read.format) ?? "missing"
      }, not ${FORMAT}`,
      { code: "snapshot_format", hint: "Make the snapshot again with this version" },
    );
  }
  const { checksum, serverVersion, objects, dependencies = [], notes = {} } = read;
  if (typeof checksum !== "string") throw invalid("it has no checksum");
  if (typeof serverVersion !== "number") throw invalid("it has no server version");
  if (!Array.isArray(objects)) throw invalid("it has no list of objects");
  if (!Array.isArray(dependencies)) throw invalid("its dependencies are no list");
  if (!isRecord(notes)) throw invalid("its notes are no object");
  return { checksum, serverVersion, objects, dependencies, notes };
}

function checkNeeds(entry: unknown): readonly [string, readonly string[]] {
  const [from, needs] = Array.isArray(entry) ? entry as readonly unknown[] : [];
  const isNames = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((one) => typeof one === "string");
  if (typeof from !== "string" || !isNames(needs)) {
    throw invalid("an entry of its dependencies is no name with a list of names");
  }
  return [from, needs];
}

// The checksum vouches for the rest of an object once its identity can be made.
function checkObject(object: unknown): CatalogObject {
  if (!isRecord(object) || !isObjectKind(object.kind)) {
    throw invalid("it lists an object of an unknown kind");
  }
  const known = object as unknown as CatalogObject;
  try {
    identityOf(known);
  } catch (error) {
    throw invalid(`it lists a ${known.kind} without a name`, error);
  }
  return known;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(reason: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(`Cannot read the snapshot: ${reason}`, {
    code: "snapshot_invalid",
    hint: "Give a file that was written by a snapshot of this project",
    cause,
  });
}
