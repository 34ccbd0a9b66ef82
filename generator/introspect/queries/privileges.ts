/** Who may do what, where it is not what everybody may without a GRANT. */
import { addresses } from "./addresses.ts";
import { definedPlaces } from "./defined.ts";
import { type CatalogQuery, inScope, jsonRows } from "./fragments.ts";

/** Each system table with an access list: its owner, its list, the letter by which `acldefault` knows it. */
const lists = [
  ["pg_class", "relowner", "relacl", "case o.relkind when 'S' then 's' else 'r' end"],
  ["pg_proc", "proowner", "proacl", "'f'"],
  ["pg_type", "typowner", "typacl", "'T'"],
  ["pg_namespace", "nspowner", "nspacl", "'n'"],
  ["pg_foreign_data_wrapper", "fdwowner", "fdwacl", "'F'"],
  ["pg_foreign_server", "srvowner", "srvacl", "'S'"],
].map(([catalog, owner, acl, letter]) =>
  `select 'pg_catalog.${catalog}'::regclass::oid, o.oid, 0, o.${acl},
      acldefault((${letter})::"char", o.${owner})
    from pg_catalog.${catalog} o where o.${acl} is not null`
).concat(
  `select 'pg_catalog.pg_class'::regclass::oid, o.attrelid, o.attnum::int4, o.attacl, null::aclitem[]
    from pg_catalog.pg_attribute o where o.attacl is not null and not o.attisdropped`,
).join("\n    union all\n    ");

const grantee =
  `case when said.grantee = 0 then 'public' else pg_get_userbyid(said.grantee)::text end`;

const listOf = (condition: string) =>
  `coalesce(array_agg(distinct said.privilege_type order by said.privilege_type)
          filter (where ${condition}), '{}')`;

/** For each role in one of two lists: what it may now, what it may pass on, what it may usually. */
const grants = (now: string, usual: string): string =>
  `(
      select ${grantee} as grantee, ${listOf("source = 1")} as privileges,
        ${listOf("source = 1 and said.is_grantable")} as grantable,
        ${listOf("source = 2")} as usual, ${listOf("source = 2 and said.is_grantable")} as passed
      from (
        select 1, e.* from aclexplode(${now}) e union all select 2, e.* from aclexplode(${usual}) e
      ) said(source, grantor, grantee, privilege_type, is_grantable)
      group by 1)`;

/** A privilege on a relation as a whole whose place is a column is one on the sequence of its identity. */
const isIdentity = `a.kind = 'column' and held.objsubid = 0`;

const unusual = `(g.privileges <> g.usual or g.grantable <> g.passed)`;

/** Reads the privileges on objects that the catalog describes. */
export const privileges: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'privilege' as kind,
      case when ${isIdentity} then json_build_object('kind', 'identity', 'name', to_json(a.parts),
          'sequence', (
            select json_build_object('schema', n.nspname, 'name', c.relname)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.oid = held.objid))
        else json_build_object('kind', a.kind, 'name', to_json(a.parts)) end as "on",
      g.grantee, to_json(g.privileges) as privileges, to_json(g.grantable) as grantable,
      to_json(g.usual) as usual, null as comment, null as extension
    from (${lists}) held(classid, objid, objsubid, acl, usual)
    join (${addresses(definedPlaces)}) a
      on a.classid = held.classid and a.objid = held.objid and a.objsubid = held.objsubid
    left join pg_catalog.pg_init_privs p on p.classoid = held.classid
      and p.objoid = held.objid and p.objsubid = held.objsubid
    cross join lateral ${grants("held.acl", "coalesce(p.initprivs, held.usual)")} g
    where ${unusual}`,
  );

const objects = `case o.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
      when 'f' then 'functions' when 'T' then 'types' else 'schemas' end`;

/** Reads what roles get on objects that are still to be made. */
export const defaultPrivileges: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'default privilege' as kind, pg_get_userbyid(o.defaclrole) as role,
      n.nspname as schema, ${objects} as objects,
      g.grantee, to_json(g.privileges) as privileges, to_json(g.grantable) as grantable,
      to_json(g.usual) as usual, null as comment, null as extension
    from pg_catalog.pg_default_acl o
    left join pg_catalog.pg_namespace n on n.oid = o.defaclnamespace
    cross join lateral ${
      grants(
        "o.defaclacl",
        `case when o.defaclnamespace <> 0 then null::aclitem[] else acldefault(
            (case o.defaclobjtype when 'S' then 's' else o.defaclobjtype end)::"char",
            o.defaclrole) end`,
      )
    } g
    where ${unusual} and o.defaclobjtype in ('r', 'S', 'f', 'T', 'n')
      and (n.nspname is null or ${inScope("n.nspname")})`,
  );
