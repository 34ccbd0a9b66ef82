import type { ColumnObject, SequenceOptions } from "../../src/catalog/types.ts";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type { ColumnMeta, ModelMeta } from "../../src/schema/meta.ts";
import type { DefaultSpec, IdentityOptions } from "../../src/schema/spec.ts";
import type { NamePool } from "./names.ts";
import { sqlText, textLiteral } from "./sql_text.ts";
import { formattedType } from "./type_text.ts";

/** What a column is declared within. */
export interface ColumnPlace {
  readonly schema: string;
  readonly table: string;
  /** 1-based. */
  readonly position: number;
  /** False for a column that comes from a parent alone. */
  readonly local: boolean;
  readonly names: NamePool;
}

/** The column that a model's member declares. */
export function declaredColumn(
  meta: ModelMeta,
  column: ColumnMeta,
  place: ColumnPlace,
): ColumnObject {
  const { spec, type } = column;
  const about = `${meta.label}.${column.name}`;
  const storage = spec.storage ?? {};
  const isKey = meta.primaryKey.includes(column);
  return {
    ...bareColumn(column.name, type, place),
    notNull: isKey || !spec.nullable && storage.notNull !== false,
    default: defaultText(column, spec.default, about),
    identity: spec.identity === null
      ? null
      : identity(type, spec.identity.generation, spec.identity.options, column.name, place),
    generated: spec.generated === null ? null : {
      expression: sqlText(spec.generated.expression, about),
      kind: spec.generated.kind,
    },
    collation: qualifiedName(spec.collation),
    storage: storage.storage ?? null,
    compression: storage.compression ?? null,
    statistics: storage.statistics ?? null,
    options: textRecord(storage.options),
    foreignOptions: textRecord(storage.foreignOptions),
    local: place.local,
    comment: spec.comment,
  };
}

/** A column of a type that must have a value, and nothing else said. */
export function bareColumn(
  name: string,
  type: TypeRef,
  place: Omit<ColumnPlace, "names">,
): ColumnObject {
  return {
    kind: "column",
    schema: place.schema,
    table: place.table,
    name,
    position: place.position,
    type,
    formatted: formattedType(type),
    notNull: true,
    default: null,
    identity: null,
    generated: null,
    collation: null,
    storage: null,
    compression: null,
    statistics: null,
    options: {},
    foreignOptions: {},
    local: place.local,
    comment: null,
    extension: null,
  };
}

/** A path of one or two names; with one alone the search path decides, which the schema "" stands for. */
export function qualifiedName(
  path: readonly string[] | null,
): { readonly schema: string; readonly name: string } | null {
  if (path === null) return null;
  const [first = "", second] = path;
  return second === undefined ? { schema: "", name: first } : { schema: first, name: second };
}

/** A record with its values as text, sorted by key. */
export function textRecord(
  record: Readonly<Record<string, string | number | boolean>> | undefined,
): Readonly<Record<string, string>> {
  const entries = Object.entries(record ?? {});
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, String(value)]),
  );
}

/** Only what the database itself does when a column is left out: functions run in the program. */
function defaultText(column: ColumnMeta, given: DefaultSpec | null, about: string): string | null {
  if (given === null || given.kind === "function") return null;
  if (given.kind === "sql") return sqlText(given.sql, about);
  const encoded = column.encode(given.value);
  if (encoded === null) return null;
  // the server keeps a number's literal as it is written, and words '1' otherwise than 1
  const isBare = column.type.dimensions === 0 &&
    (column.spec.kind === "number" && /^-?\d+(\.\d+)?$/.test(encoded) ||
      column.spec.kind === "boolean");
  if (!isBare) return textLiteral(encoded);
  return BOOLEANS.get(encoded) ?? encoded;
}

const BOOLEANS: ReadonlyMap<string, string> = new Map([["t", "true"], ["f", "false"]]);

const LIMITS: Readonly<Record<string, readonly [least: string, most: string]>> = {
  int2: ["-32768", "32767"],
  int4: ["-2147483648", "2147483647"],
  int8: ["-9223372036854775808", "9223372036854775807"],
};

function identity(
  type: TypeRef,
  generation: "always" | "by default",
  given: IdentityOptions,
  column: string,
  place: ColumnPlace,
): NonNullable<ColumnObject["identity"]> {
  const { schema, table, names } = place;
  if (given.sequence !== undefined) names.take(schema, given.sequence);
  return {
    generation,
    sequence: { schema, name: given.sequence ?? names.make(schema, table, column, "seq") },
    options: sequenceOptions(type.name, given),
    comment: given.comment ?? null,
  };
}

function sequenceOptions(type: string, given: IdentityOptions): SequenceOptions {
  const [least, most] = LIMITS[type] ?? LIMITS["int8"]!;
  const falls = String(given.increment ?? 1).startsWith("-");
  const min = String(given.min ?? (falls ? least : 1));
  const max = String(given.max ?? (falls ? -1 : most));
  return {
    start: String(given.start ?? (falls ? max : min)),
    increment: String(given.increment ?? 1),
    min,
    max,
    cache: String(given.cache ?? 1),
    cycle: given.cycle ?? false,
  };
}
