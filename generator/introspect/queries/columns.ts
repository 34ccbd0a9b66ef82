/** Columns of tables, views, materialized views and foreign tables. */
import {
  type CatalogQuery,
  collationOf,
  commentOn,
  inScope,
  jsonRows,
  memberOf,
  optionsOf,
  sequenceOptions,
  typeRef,
} from "./fragments.ts";

/** The options of a column that PostgreSQL knows; patched servers keep notes of their own among them. */
const COLUMN_OPTIONS = ["n_distinct", "n_distinct_inherited"];

/** Reads the columns. */
export const columns: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'column' as kind, n.nspname as schema, c.relname as "table", a.attname as name,
      row_number() over (partition by a.attrelid order by a.attnum) as position,
      ${typeRef("a.atttypid", "a.atttypmod", "a.attndims")} as type,
      format_type(a.atttypid, a.atttypmod) as formatted,
      a.attnotnull as "notNull",
      case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as "default",
      case when a.attidentity <> '' then (
        select json_build_object(
          'generation', case a.attidentity when 'a' then 'always' else 'by default' end,
          'sequence', json_build_object('schema', sn.nspname, 'name', sc.relname),
          'options', ${sequenceOptions("s")},
          'comment', obj_description(sc.oid, 'pg_class'))
        from pg_catalog.pg_depend own
        join pg_catalog.pg_class sc on sc.oid = own.objid
        join pg_catalog.pg_namespace sn on sn.oid = sc.relnamespace
        join pg_catalog.pg_sequence s on s.seqrelid = sc.oid
        where own.classid = 'pg_catalog.pg_class'::regclass
          and own.refclassid = 'pg_catalog.pg_class'::regclass
          and own.refobjid = a.attrelid and own.refobjsubid = a.attnum and own.deptype = 'i'
      ) end as identity,
      case when a.attgenerated <> '' then json_build_object(
        'expression', pg_get_expr(d.adbin, d.adrelid),
        'kind', case a.attgenerated when 's' then 'stored' else 'virtual' end) end as generated,
      ${collationOf("a.attcollation", "ty.typcollation")} as collation,
      case when a.attstorage <> ty.typstorage then
        case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL'
          when 'x' then 'EXTENDED' else 'MAIN' end end as storage,
      case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
      case when a.attstattarget >= 0 then a.attstattarget end as statistics,
      ${optionsOf("a.attoptions", COLUMN_OPTIONS)} as options,
      ${optionsOf("a.attfdwoptions")} as "foreignOptions",
      a.attislocal as local,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_type ty on ty.oid = a.atttypid
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_class", "a.attrelid", "a.attnum")}
    where c.relkind in ('r', 'p', 'f', 'v', 'm') and a.attnum > 0 and not a.attisdropped
      and ${inScope("n.nspname")}`,
  );
