/** Pieces of SQL that several catalogue queries share. Their arguments are SQL expressions of this folder. */
import type { Statement } from "../../../src/driver/port.ts";

/** What a catalogue query depends on. */
export interface Scope {
  /** `server_version_num`: 150018, 180004. */
  readonly version: number;
  /** The schemas to read, as the text of a `text[]`. */
  readonly schemas: string;
  /** Whether no list of schemas was given. */
  readonly everySchema: boolean;
}

/** Makes the statement of one kind; it returns one JSON object a row, in the shape of the catalog's type. */
export type CatalogQuery = (scope: Scope) => Statement;

/** Wraps a select into a statement that returns its rows as JSON objects; `$1` is the list of schemas. */
export function jsonRows(scope: Scope, select: string): Statement {
  return { text: `select row_to_json(o)::text from (${select}) o`, params: [scope.schemas] };
}

/** The condition that a schema's name is one of those asked for. */
export function inScope(name: string): string {
  return `${name} = any ($1::text[])`;
}

/** A join that gives `member.extname`, the extension that an object belongs to. */
export function memberOf(catalog: string, oid: string): string {
  return `left join (
      select d.objid, e.extname
      from pg_catalog.pg_depend d
      join pg_catalog.pg_extension e on e.oid = d.refobjid
      where d.refclassid = 'pg_catalog.pg_extension'::regclass and d.deptype = 'e'
        and d.classid = 'pg_catalog.${catalog}'::regclass
    ) member on member.objid = ${oid}`;
}

/** The condition that no other object brought this one along, as a range type does its functions. */
export function notInternal(catalog: string, oid: string): string {
  return `not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'i'
    )`;
}

/** A join that gives `described.description`, the comment on an object. */
export function commentOn(catalog: string, oid: string, sub = "0"): string {
  return `left join pg_catalog.pg_description described
      on described.classoid = 'pg_catalog.${catalog}'::regclass
      and described.objoid = ${oid} and described.objsubid = ${sub}`;
}

/** A `text[]` of `name=value` options as a JSON object, sorted by name; of `known` names alone, if given. */
export function optionsOf(options: string, known: readonly string[] = []): string {
  const names = known.map((name) => `'${name}'`).join(", ");
  const where = names === "" ? "" : ` where option_name in (${names})`;
  return `case when ${options} is null then '{}'::json else (
      select coalesce(
        json_object_agg(option_name, coalesce(option_value, '') order by option_name collate "C"),
        '{}'::json)
      from pg_options_to_table(${options})${where}
    ) end`;
}

/** The `TypeRef` of a type, its modifier and its number of dimensions. */
export function typeRef(type: string, modifier: string, dimensions: string): string {
  return `(
      select json_build_object(
        'schema', tn.nspname,
        'name', coalesce(te.typname, ty.typname),
        'modifiers', ${modifiersOf(type, modifier)},
        'dimensions', case when te.oid is null then 0 else greatest(${dimensions}, 1) end)
      from pg_catalog.pg_type ty
      left join pg_catalog.pg_type te on te.oid = ty.typelem and te.typarray = ty.oid
      join pg_catalog.pg_namespace tn on tn.oid = coalesce(te.typnamespace, ty.typnamespace)
      where ty.oid = ${type}
    )`;
}

// A quoted name may hold parentheses of its own, so names are cut off before the modifier is looked for.
function modifiersOf(type: string, modifier: string): string {
  const printed = `regexp_replace(format_type(${type}, ${modifier}), '"([^"]|"")*"', '', 'g')`;
  return `case when ${modifier} < 0 then '[]'::json else array_to_json(
          array_remove(array[substring(${printed} from '^interval ([a-z ]*[a-z])')], null)
          || coalesce(
            regexp_split_to_array(substring(${printed} from '\\((.*)\\)'), '\\s*,\\s*'), '{}')
        ) end`;
}

/** The qualified name of a collation as JSON, when it is not 0 and not `usual`; else null. */
export function collationOf(collation: string, usual: string): string {
  return `(
      select json_build_object('schema', cn.nspname, 'name', co.collname)
      from pg_catalog.pg_collation co
      join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
      where co.oid = ${collation} and ${collation} <> coalesce(${usual}, 0)
    )`;
}

/** The `SequenceOptions` of a row of `pg_sequence`. */
export function sequenceOptions(row: string): string {
  return `json_build_object(
      'start', ${row}.seqstart::text, 'increment', ${row}.seqincrement::text,
      'min', ${row}.seqmin::text, 'max', ${row}.seqmax::text,
      'cache', ${row}.seqcache::text, 'cycle', ${row}.seqcycle)`;
}

/** The names of a table's columns by their numbers, in the order of the array. */
export function columnNames(table: string, numbers: string): string {
  return `(
      select coalesce(json_agg(ca.attname order by k.ord), '[]'::json)
      from unnest(${numbers}) with ordinality k(attnum, ord)
      join pg_catalog.pg_attribute ca on ca.attrelid = ${table} and ca.attnum = k.attnum
    )`;
}

/** The word for a persistence letter. */
export function persistence(letter: string): string {
  return `case ${letter} when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end`;
}

/** The word for the letter that says when a trigger or rule fires. */
export function enabled(letter: string): string {
  return `case ${letter}
      when 'O' then 'origin' when 'A' then 'always' when 'R' then 'replica' else 'disabled' end`;
}
