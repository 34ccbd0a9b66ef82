/** Enums, domains, composite types and range types. */
import { type CatalogQuery, collationOf, commentOn, inScope, memberOf } from "./fragments.ts";
import { jsonRows, typeRef } from "./fragments.ts";

const described = `described.description as comment, member.extname as extension
    from pg_catalog.pg_type t
    join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    ${memberOf("pg_type", "t.oid")}`;

const named = `n.nspname as schema, t.typname as name, pg_get_userbyid(t.typowner) as owner`;

/** Reads the enums with their labels in order. */
export const enums: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'enum' as kind, ${named},
      (select coalesce(json_agg(e.enumlabel order by e.enumsortorder), '[]'::json)
        from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels,
      ${described}
    ${commentOn("pg_type", "t.oid")}
    where t.typtype = 'e' and ${inScope("n.nspname")}`,
  );

/** Reads the domains with their checks. */
export const domains: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'domain' as kind, ${named},
      ${typeRef("t.typbasetype", "t.typtypmod", "t.typndims")} as base,
      format_type(t.typbasetype, t.typtypmod) as formatted,
      t.typnotnull as "notNull",
      coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) as "default",
      ${
      collationOf(
        "t.typcollation",
        "(select b.typcollation from pg_catalog.pg_type b where b.oid = t.typbasetype)",
      )
    } as collation,
      (select coalesce(json_agg(json_build_object(
            'name', con.conname, 'definition', pg_get_constraintdef(con.oid),
            'validated', con.convalidated,
            'comment', obj_description(con.oid, 'pg_constraint'))
          order by con.conname collate "C"), '[]'::json)
        from pg_catalog.pg_constraint con
        where con.contypid = t.oid and con.contype = 'c') as checks,
      ${described}
    ${commentOn("pg_type", "t.oid")}
    where t.typtype = 'd' and ${inScope("n.nspname")}`,
  );

/** Reads the free-standing composite types; a comment on one is kept with its relation or its type. */
export const composites: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'composite' as kind, ${named},
      (select coalesce(json_agg(json_build_object(
            'name', a.attname,
            'type', ${typeRef("a.atttypid", "a.atttypmod", "a.attndims")},
            'formatted', format_type(a.atttypid, a.atttypmod),
            'collation', ${collationOf("a.attcollation", "ty.typcollation")},
            'comment', col_description(a.attrelid, a.attnum))
          order by a.attnum), '[]'::json)
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_type ty on ty.oid = a.atttypid
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as attributes,
      ${described}
    join pg_catalog.pg_class c on c.oid = t.typrelid and c.relkind = 'c'
    ${commentOn("pg_type", "t.oid")}
    where ${inScope("n.nspname")}`,
  );

const functionName = (oid: string) => `case when ${oid} <> 0 then ${oid}::regproc::text end`;

/** Reads the range types that the database defines. */
export const ranges: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'range' as kind, ${named},
      ${typeRef("r.rngsubtype", "-1", "0")} as subtype,
      format_type(r.rngsubtype, null) as formatted,
      (select json_build_object('schema', ocn.nspname, 'name', oc.opcname)
        from pg_catalog.pg_opclass oc
        join pg_catalog.pg_namespace ocn on ocn.oid = oc.opcnamespace
        where oc.oid = r.rngsubopc and not oc.opcdefault) as opclass,
      ${collationOf("r.rngcollation", "st.typcollation")} as collation,
      ${functionName("r.rngcanonical")} as canonical,
      ${functionName("r.rngsubdiff")} as "subtypeDiff",
      json_build_object('schema', mn.nspname, 'name', mt.typname) as multirange,
      ${described}
    join pg_catalog.pg_range r on r.rngtypid = t.oid
    join pg_catalog.pg_type st on st.oid = r.rngsubtype
    join pg_catalog.pg_type mt on mt.oid = r.rngmultitypid
    join pg_catalog.pg_namespace mn on mn.oid = mt.typnamespace
    ${commentOn("pg_type", "t.oid")}
    where ${inScope("n.nspname")}`,
  );
