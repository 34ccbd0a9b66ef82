import type { CatalogObject } from "../../src/catalog/types.ts";

/** The file of each kind that has one for all of a schema, or of the database. */
const SHARED: ReadonlyMap<string, string> = new Map([
  ["extension", "extensions"],
  ["schema", "schema"],
  ["sequence", "sequences"],
  ["default privilege", "schema"],
  ["foreign data wrapper", "foreign"],
  ["foreign server", "foreign"],
  ["operator class", "operators"],
  ["operator family", "operators"],
  ["text search configuration", "text_search"],
  ["text search dictionary", "text_search"],
  ["text search parser", "text_search"],
  ["text search template", "text_search"],
]);

/** The folder of each kind that has a file for each name. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ["table", "tables"],
  ["column", "tables"],
  ["view", "views"],
  ["materialized view", "views"],
  ["function", "functions"],
  ["procedure", "functions"],
  ["aggregate", "functions"],
  ["enum", "types"],
  ["domain", "types"],
  ["composite", "types"],
  ["range", "types"],
]);

/** What the path of an object depends on. */
interface Named {
  readonly kind: string;
  readonly schema: string | null;
  readonly name: string;
  readonly table: string | null;
}

/**
 * The file that an object is written to, by its path inside the folder of objects.
 *
 * What belongs to a table or view stands with it, the overloads of a function together, small things
 * of a kind in one file for each schema: a change touches one file, and few names make no crowd.
 */
export function pathOf(
  object: CatalogObject,
  isView: (schema: string, name: string) => boolean,
): string {
  const { kind, schema, name, table } = namedOf(object);
  if (table !== null && schema !== null) {
    return `${safe(schema)}/${isView(schema, table) ? "views" : "tables"}/${safe(table)}.sql`;
  }
  if (kind === "schema") return `${safe(name)}/schema.sql`;
  const folder = FOLDERS.get(kind);
  if (folder !== undefined && schema !== null) return `${safe(schema)}/${folder}/${safe(name)}.sql`;
  const file = SHARED.get(kind) ?? `${kind.replaceAll(" ", "_")}s`;
  if (kind === "extension") return `${file}.sql`;
  return schema === null
    ? `${file === "schema" ? "privileges" : file}.sql`
    : `${safe(schema)}/${file}.sql`;
}

/** The names by which an object finds its file; a privilege goes with what it is on. */
function namedOf(object: CatalogObject): Named {
  const said = object as unknown as {
    readonly kind: string;
    readonly schema?: string | null;
    readonly name?: string;
    readonly table?: string | { readonly schema: string; readonly name: string };
    readonly on?: { readonly kind: string; readonly name: readonly string[] };
  };
  if (said.on !== undefined) return targetOf(said.on.kind, said.on.name);
  const { table } = said;
  return {
    kind: said.kind,
    schema: said.schema ?? null,
    name: said.name ?? "",
    table: table === undefined ? null : typeof table === "string" ? table : table.name,
  };
}

function targetOf(kind: string, path: readonly string[]): Named {
  const isAlone = path.length === 1;
  const [first = "", second = "", third] = path;
  if (isAlone) return { kind, schema: null, name: first, table: null };
  const isPart = kind === "column" || kind === "identity" ||
    third !== undefined && !ROUTINES.has(kind);
  return { kind, schema: first, name: second, table: isPart ? second : null };
}

const ROUTINES: ReadonlySet<string> = new Set(["function", "procedure", "aggregate"]);

/** Names that Windows keeps for devices, whatever follows them. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** A name as part of a path: what is more than small letters, digits and `_` is told by a hash. */
function safe(name: string): string {
  if (/^[a-z0-9_]{1,60}$/.test(name) && !DEVICES.test(name)) return name;
  const plain = name.toLowerCase().replace(/[^a-z0-9_]+/g, "_").slice(0, 40);
  return `${plain}-${hash(name)}`;
}

/** 32 bits of a text, as hexadecimal; the same on every machine. */
function hash(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const byte of new TextEncoder().encode(text)) {
    high = Math.imul(high ^ byte, 2654435761);
    low = Math.imul(low ^ byte, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (high >>> 0).toString(16).padStart(8, "0");
}
