/** Indexes that no constraint owns. */
import {
  type CatalogQuery,
  collationOf,
  columnNames,
  commentOn,
  inScope,
  jsonRows,
  memberOf,
  optionsOf,
} from "./fragments.ts";

// An operator class is worth naming unless it is the one the server picks for the key's type; its
// options follow its name alone.
const opclass = `case when not oc.opcdefault or ia.attoptions is not null or exists (
          select from pg_catalog.pg_opclass exact
          where exact.opcmethod = oc.opcmethod and exact.opcintype = ka.atttypid
            and exact.opcdefault and exact.oid <> oc.oid
        ) then json_build_object('schema', ocn.nspname, 'name', oc.opcname) end`;

const keys = `(
      select json_agg(json_build_object(
          'column', ta.attname,
          'expression', case when k.attnum = 0 then pg_get_indexdef(i.indexrelid, k.ord::int4, false) end,
          'opclass', ${opclass},
          'opclassOptions', ${optionsOf("ia.attoptions")},
          'collation', ${collationOf("k.coll", "coalesce(ta.attcollation, kt.typcollation)")},
          'descending', k.opt & 1 = 1,
          'nulls', case when k.opt & 2 = 2 then 'first' else 'last' end
        ) order by k.ord)
      from unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[])
        with ordinality k(attnum, opclass, coll, opt, ord)
      join pg_catalog.pg_attribute ia on ia.attrelid = i.indexrelid and ia.attnum = k.ord
      left join pg_catalog.pg_attribute ta on ta.attrelid = i.indrelid and ta.attnum = k.attnum
        and k.attnum <> 0
      join pg_catalog.pg_attribute ka on ka.attrelid = coalesce(ta.attrelid, ia.attrelid)
        and ka.attnum = coalesce(ta.attnum, ia.attnum)
      join pg_catalog.pg_type kt on kt.oid = ka.atttypid
      join pg_catalog.pg_opclass oc on oc.oid = k.opclass
      join pg_catalog.pg_namespace ocn on ocn.oid = oc.opcnamespace
      where k.ord <= i.indnkeyatts
    )`;

/** Reads the indexes but those behind primary key, unique and exclusion constraints. */
export const indexes: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'index' as kind, n.nspname as schema, c.relname as "table", ic.relname as name,
      am.amname as method, i.indisunique as "unique", i.indnullsnotdistinct as "nullsNotDistinct",
      ${keys} as keys,
      ${columnNames("i.indrelid", "(i.indkey::int2[])[i.indnkeyatts:]")} as include,
      pg_get_expr(i.indpred, i.indrelid) as "where",
      ${optionsOf("ic.reloptions")} as storage, ts.spcname as tablespace, i.indisvalid as valid,
      case when ic.relispartition then (
        select json_build_object('schema', pn.nspname, 'name', pc.relname)
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class pc on pc.oid = h.inhparent
        join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
        where h.inhrelid = ic.oid
      ) end as parent,
      case when i.indexprs is null then '{}'::json else (
        select coalesce(json_object_agg(a.attnum, a.attstattarget order by a.attnum), '{}'::json)
        from pg_catalog.pg_attribute a
        where a.attrelid = ic.oid and a.attstattarget >= 0
      ) end as statistics,
      pg_get_indexdef(ic.oid) as definition,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_index i
    join pg_catalog.pg_class ic on ic.oid = i.indexrelid
    join pg_catalog.pg_class c on c.oid = i.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_am am on am.oid = ic.relam
    left join pg_catalog.pg_tablespace ts on ts.oid = ic.reltablespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_class", "ic.oid")}
    where c.relkind in ('r', 'p', 'm') and ${inScope("n.nspname")}
      and not exists (
        select from pg_catalog.pg_constraint con
        where con.conindid = i.indexrelid and con.contype in ('p', 'u', 'x'))`,
  );
