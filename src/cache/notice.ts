/** What processes tell each other of writes: the payloads of NOTIFY. */
/** The channel on which writes are told; it belongs to one database of a server. */
export const CACHE_CHANNEL = "matrx_cache";

/** Most bytes of a payload: the server takes less than 8,000. */
const MOST_BYTES = 7_900;

/** Most keys of a table in a payload; with more of them the table is told as a whole. */
const MOST_KEYS = 500;

/** A table that was written. */
export interface Told {
  readonly schema: string | null;
  readonly table: string;
  /** The columns of the keys; null where no keys are told. */
  readonly columns: readonly string[] | null;
  /** The keys of the rows, as texts in the order of the columns; null for any rows. */
  readonly keys: readonly (readonly (string | null)[])[] | null;
}

/** What a payload says. */
export interface Notice {
  /** Who tells it: the name of a sender; empty where a trigger does. */
  readonly by: string;
  /** What was written. */
  readonly told: readonly Told[];
}

const encoder = (): TextEncoder => new TextEncoder();

/** Writes what was changed as payloads: one as a rule, several where many tables are concerned. */
export function noticeTexts(by: string, changes: readonly Told[]): string[] {
  const sizes = encoder();
  const frame = sizes.encode(JSON.stringify([by])).length;
  const texts: string[] = [];
  let parts: string[] = [];
  let size = frame;
  const end = (): void => {
    if (parts.length > 0) texts.push(`[${[JSON.stringify(by), ...parts].join(",")}]`);
    parts = [];
    size = frame;
  };
  for (const change of merged(changes)) {
    let part = partText(change);
    let bytes = sizes.encode(part).length + 1;
    if (frame + bytes > MOST_BYTES) {
      part = partText({ ...change, keys: null });
      bytes = sizes.encode(part).length + 1;
    }
    if (size + bytes > MOST_BYTES) end();
    parts.push(part);
    size += bytes;
  }
  end();
  return texts;
}

function partText({ schema, table, columns, keys }: Told): string {
  const some = columns === null || keys === null || keys.length > MOST_KEYS ? null : keys;
  return JSON.stringify([schema, table, some === null ? null : columns, some]);
}

/** What is told of each table once. */
function merged(changes: readonly Told[]): Told[] {
  const found = new Map<string, Told>();
  for (const change of changes) {
    if (change.keys?.length === 0) continue;
    const name = JSON.stringify([change.schema, change.table]);
    const present = found.get(name);
    const keys = present === undefined
      ? change.keys
      : present.keys === null || change.keys === null
      ? null
      : [...present.keys, ...change.keys];
    found.set(name, { ...change, keys });
  }
  return [...found.values()];
}

/** Reads a payload; null when it is none of ours. */
export function readNotice(payload: string): Notice | null {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!Array.isArray(value) || typeof value[0] !== "string") return null;
  const [by, ...parts] = value as [string, ...unknown[]];
  const told = parts.map(readPart);
  return told.includes(null) ? null : { by, told: told as Told[] };
}

function readPart(part: unknown): Told | null {
  if (!Array.isArray(part)) return null;
  const [schema, table, columns, keys] = part as unknown[];
  if (typeof table !== "string" || (schema !== null && typeof schema !== "string")) return null;
  const known = isTexts(columns) && Array.isArray(keys) &&
    keys.every((key) => isTexts(key) && key.length === columns.length);
  // what cannot be read of the keys is no reason to keep rows
  return known
    ? { schema, table, columns, keys: keys as string[][] }
    : { schema, table, columns: null, keys: null };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
