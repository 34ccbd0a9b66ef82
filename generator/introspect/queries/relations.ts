/** Schemas, extensions, tables, views, materialized views and sequences. */
import {
  type CatalogQuery,
  commentOn,
  inScope,
  jsonRows,
  memberOf,
  optionsOf,
  persistence,
  sequenceOptions,
  typeRef,
} from "./fragments.ts";

/** Reads the schemas. */
export const schemas: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'schema' as kind, n.nspname as name, pg_get_userbyid(n.nspowner) as owner,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_namespace n
    ${memberOf("pg_namespace", "n.oid")}
    ${commentOn("pg_namespace", "n.oid")}
    where ${inScope("n.nspname")}`,
  );

/** Reads the extensions, in whatever schema they are. */
export const extensions: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'extension' as kind, e.extname as name, n.nspname as schema, e.extversion as version,
      described.description as comment, null as extension
    from pg_catalog.pg_extension e
    join pg_catalog.pg_namespace n on n.oid = e.extnamespace
    ${commentOn("pg_extension", "e.oid")}
    where $1::text[] is not null`,
  );

const clusterOn = `(
      select ci.relname from pg_catalog.pg_index i join pg_catalog.pg_class ci on ci.oid = i.indexrelid
      where i.indrelid = c.oid and i.indisclustered)`;

// Storage parameters of the table itself and, as toast.*, of its TOAST table.
const storage = `case when c.reloptions is null and toast.reloptions is null then '{}'::json else (
      select coalesce(json_object_agg(name, value order by name collate "C"), '{}'::json)
      from (
        select option_name, coalesce(option_value, '') from pg_options_to_table(c.reloptions)
        union all
        select 'toast.' || option_name, coalesce(option_value, '')
        from pg_options_to_table(toast.reloptions)
      ) given(name, value)) end`;

/** Reads the tables: ordinary, partitioned, partitions, inherited, foreign. */
export const tables: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'table' as kind, n.nspname as schema, c.relname as name,
      pg_get_userbyid(c.relowner) as owner,
      ${persistence("c.relpersistence")} as persistence,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionBy",
      case when c.relispartition then (
        select json_build_object('schema', pn.nspname, 'table', pc.relname,
          'bound', pg_get_expr(c.relpartbound, c.oid))
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class pc on pc.oid = h.inhparent
        join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
        where h.inhrelid = c.oid
      ) end as "partitionOf",
      case when c.relispartition then '[]'::json else (
        select coalesce(
          json_agg(json_build_object('schema', pn.nspname, 'table', pc.relname) order by h.inhseqno),
          '[]'::json)
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class pc on pc.oid = h.inhparent
        join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
        where h.inhrelid = c.oid
      ) end as inherits,
      ${storage} as storage,
      ts.spcname as tablespace, am.amname as "accessMethod",
      ${clusterOn} as "clusterOn",
      case c.relreplident
        when 'd' then to_json('default'::text)
        when 'n' then to_json('nothing'::text)
        when 'f' then to_json('full'::text)
        else coalesce((
          select json_build_object('index', ci.relname)
          from pg_catalog.pg_index i join pg_catalog.pg_class ci on ci.oid = i.indexrelid
          where i.indrelid = c.oid and i.indisreplident
        ), to_json('nothing'::text)) -- the index was dropped: the server then acts as with NOTHING
      end as "replicaIdentity",
      json_build_object('enabled', c.relrowsecurity, 'forced', c.relforcerowsecurity) as "rowSecurity",
      case when ft.ftrelid is not null then json_build_object(
        'server', fs.srvname, 'options', ${optionsOf("ft.ftoptions")}) end as "foreign",
      case when c.reloftype <> 0 then (
        select json_build_object('schema', tn.nspname, 'name', ty.typname)
        from pg_catalog.pg_type ty join pg_catalog.pg_namespace tn on tn.oid = ty.typnamespace
        where ty.oid = c.reloftype) end as "ofType",
      case when c.reltuples >= 0 then c.reltuples::bigint end as "estimatedRows",
      described.description as comment, member.extname as extension
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_class toast on toast.oid = c.reltoastrelid
    left join pg_catalog.pg_tablespace ts on ts.oid = c.reltablespace
    left join pg_catalog.pg_am am on am.oid = c.relam
    left join pg_catalog.pg_foreign_table ft on ft.ftrelid = c.oid
    left join pg_catalog.pg_foreign_server fs on fs.oid = ft.ftserver
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_class", "c.oid")}
    where c.relkind in ('r', 'p', 'f') and ${inScope("n.nspname")}`,
  );

/** Reads the views. */
export const views: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'view' as kind, n.nspname as schema, c.relname as name,
      pg_get_userbyid(c.relowner) as owner, pg_get_viewdef(c.oid) as definition,
      ${optionsOf("c.reloptions")} as options,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_class", "c.oid")}
    where c.relkind = 'v' and ${inScope("n.nspname")}`,
  );

/** Reads the materialized views. */
export const materializedViews: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'materialized view' as kind, n.nspname as schema, c.relname as name,
      pg_get_userbyid(c.relowner) as owner, pg_get_viewdef(c.oid) as definition,
      c.relispopulated as populated,
      ${storage} as storage,
      ts.spcname as tablespace, am.amname as "accessMethod", ${clusterOn} as "clusterOn",
      case when c.reltuples >= 0 then c.reltuples::bigint end as "estimatedRows",
      described.description as comment, member.extname as extension
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_class toast on toast.oid = c.reltoastrelid
    left join pg_catalog.pg_tablespace ts on ts.oid = c.reltablespace
    left join pg_catalog.pg_am am on am.oid = c.relam
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_class", "c.oid")}
    where c.relkind = 'm' and ${inScope("n.nspname")}`,
  );

/** Reads the sequences but those of identity columns, which are on the column. */
export const sequences: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'sequence' as kind, n.nspname as schema, c.relname as name,
      pg_get_userbyid(c.relowner) as owner,
      ${typeRef("s.seqtypid", "-1", "0")} as type,
      ${sequenceOptions("s")} as options,
      ${persistence("c.relpersistence")} as persistence,
      case when own.refobjid is not null then json_build_object(
        'schema', tn.nspname, 'table', t.relname, 'column', a.attname) end as "ownedBy",
      described.description as comment, member.extname as extension
    from pg_catalog.pg_sequence s
    join pg_catalog.pg_class c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_depend own on own.classid = 'pg_catalog.pg_class'::regclass
      and own.objid = c.oid and own.objsubid = 0
      and own.refclassid = 'pg_catalog.pg_class'::regclass and own.refobjsubid > 0
      and own.deptype in ('a', 'i')
    left join pg_catalog.pg_class t on t.oid = own.refobjid
    left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = own.refobjid and a.attnum = own.refobjsubid
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_class", "c.oid")}
    where own.deptype is distinct from 'i' and ${inScope("n.nspname")}`,
  );
