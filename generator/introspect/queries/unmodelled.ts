/** What a database has and the catalog does not describe, found by walking the system catalogs. */
import { type CatalogQuery, jsonRows, type Scope } from "./fragments.ts";

/** A select of the addresses (classid, objid, objsubid) of objects that no kind of the catalog covers. */
type Finder = (catalog: string) => string;

const every: Finder = (catalog) =>
  `select 'pg_catalog.${catalog}'::regclass, o.oid, 0 from pg_catalog.${catalog} o`;

const where = (condition: string): Finder => (catalog) => `${every(catalog)} where ${condition}`;

const inExtension = (catalog: string, oid: string) =>
  `exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

// An extension's families do not own their loose members in the catalog; what the members call tells.
function familyMember(family: string, catalog: string, called: string): Finder {
  return where(`(o.${family} < 16384 or ${inExtension("pg_opfamily", `o.${family}`)})
      and not (${inExtension("pg_opfamily", `o.${family}`)}
      and (o.${called} < 16384 or ${inExtension(catalog, `o.${called}`)}))`);
}

const systemSchemas = `(
      select oid from pg_catalog.pg_namespace where nspname in ('pg_catalog', 'information_schema'))`;

const finders: ReadonlyMap<string, Finder> = new Map([
  // members that were added to a family of the system or of an extension
  ["pg_amop", familyMember("amopfamily", "pg_operator", "amopopr")],
  ["pg_amproc", familyMember("amprocfamily", "pg_proc", "amproc")],
  // an operator that is named by another one and was never made
  ["pg_operator", where("o.oprcode::oid = 0")],
  // Base types and shells; an array type comes with its element.
  [
    "pg_type",
    where(`o.typtype in ('b', 'p')
      and not exists (select from pg_catalog.pg_type e where e.typarray = o.oid)`),
  ],
  // A domain's NOT NULL is on the domain, but for a name of its own.
  [
    "pg_constraint",
    where(`o.contype = 'n' and o.conname <> (
      select t.typname || '_not_null' from pg_catalog.pg_type t where t.oid = o.contypid)`),
  ],
  // The table itself is closed to ordinary roles.
  [
    "pg_user_mapping",
    () =>
      "select 'pg_catalog.pg_user_mapping'::regclass, o.umid, 0 from pg_catalog.pg_user_mappings o",
  ],
  [
    "pg_subscription",
    where(
      "o.subdbid = (select oid from pg_catalog.pg_database where datname = current_database())",
    ),
  ],
]);

// Kinds that the catalog describes, but not when they sit among the system's own objects.
const systemFinders: ReadonlyMap<string, Finder> = new Map([
  ...[
    ["pg_operator", "oprnamespace"],
    ["pg_opclass", "opcnamespace"],
    [
      "pg_opfamily",
      "opfnamespace",
    ],
    ["pg_collation", "collnamespace"],
    ["pg_ts_config", "cfgnamespace"],
    [
      "pg_ts_dict",
      "dictnamespace",
    ],
    ["pg_ts_parser", "prsnamespace"],
    ["pg_ts_template", "tmplnamespace"],
    ["pg_conversion", "connamespace"],
  ]
    .map(([catalog, column]): [string, Finder] => [
      catalog!,
      where(`o.${column} in ${systemSchemas}`),
    ]),
  [
    "pg_class",
    where(`o.relnamespace in ${systemSchemas} and o.relkind in ('r', 'p', 'f', 'v', 'm', 'S')`),
  ],
  ["pg_proc", where(`o.pronamespace in ${systemSchemas}`)],
  ["pg_type", where(`o.typnamespace in ${systemSchemas} and o.typtype not in ('b', 'p')`)],
  ["pg_statistic_ext", where(`o.stxnamespace in ${systemSchemas}`)],
]);

// Objects that initdb, an extension or another object made are left out.
const ownObjects = `
    select a.classid, a.objid, a.objsubid, i.type, i.schema, i.identity
    from addresses a
    cross join lateral pg_identify_object(a.classid, a.objid, a.objsubid) i
    where a.objid >= 16384 and i.identity is not null and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = a.classid and d.objid = a.objid and d.deptype in ('e', 'i'))`;

/** Each catalog with an access list that no `privilege` tells of: of system objects, of languages. */
const acls: readonly string[] = [
  [
    "pg_class",
    "relowner",
    "relacl",
    "case o.relkind when 'S' then 's' else 'r' end",
    `o.relnamespace in ${systemSchemas}`,
  ],
  ["pg_proc", "proowner", "proacl", "'f'", `o.pronamespace in ${systemSchemas}`],
  ["pg_type", "typowner", "typacl", "'T'", `o.typnamespace in ${systemSchemas}`],
  [
    "pg_namespace",
    "nspowner",
    "nspacl",
    "'n'",
    `o.oid in ${systemSchemas}`,
  ],
  ["pg_language", "lanowner", "lanacl", "'l'", "true"],
].map(([catalog, owner, acl, letter, condition]) =>
  `select 'pg_catalog.${catalog}'::regclass::oid, o.oid, 0, o.${acl},
      acldefault((${letter})::"char", o.${owner})
    from pg_catalog.${catalog} o where o.${acl} is not null and ${condition}`
);

const sorted = (acl: string) =>
  `(select array_agg(x::text order by x::text collate "C") from unnest(${acl}) x)`;

// A list counts when it is neither what initdb or the extension set, nor what an object starts with.
// Of the information schema initdb keeps no record.
const privileges = `
    select i.type, case i.type when 'schema' then i.name else i.schema end as schema, i.identity
    from (${acls.join("\n    union all\n    ")}) granted(classid, objid, objsubid, acl, usual)
    left join pg_catalog.pg_init_privs p on p.classoid = granted.classid
      and p.objoid = granted.objid and p.objsubid = granted.objsubid
    cross join lateral pg_identify_object(granted.classid, granted.objid, granted.objsubid) i
    where i.identity is not null
      and 'information_schema' is distinct from case i.type when 'schema' then i.name else i.schema end
      and ${sorted("granted.acl")} is distinct from ${
  sorted("coalesce(p.initprivs, granted.usual)")
}`;

// What no catalog row with an address of its own tells.
const others = `
      select 'security label', i.schema, s.provider || ' on ' || i.type || ' ' || i.identity, null
      from pg_catalog.pg_seclabel s
      cross join lateral pg_identify_object(s.classoid, s.objoid, s.objsubid) i
      union all
      select 'setting', null, coalesce('role ' || quote_ident(r.rolname), 'database') || ' '
        || split_part(given, '=', 1), null
      from pg_catalog.pg_db_role_setting s
      join pg_catalog.pg_database b on b.oid = s.setdatabase and b.datname = current_database()
      left join pg_catalog.pg_roles r on r.oid = s.setrole
      cross join lateral unnest(s.setconfig) given
      union all
      select 'privileges', null, 'database', null
      from pg_catalog.pg_database b where b.datname = current_database() and b.datacl is not null
        and ${sorted("b.datacl")} is distinct from ${sorted(`acldefault('d', b.datdba)`)}
      union all
      select 'comment', null, 'database', shobj_description(b.oid, 'pg_database')
      from pg_catalog.pg_database b where b.datname = current_database()
        and shobj_description(b.oid, 'pg_database') <> 'default administrative connection database'
      union all
      -- Large objects are data and may be millions: their number is all that is told.
      select 'large objects', null, count(*)::text, null
      from pg_catalog.pg_largeobject_metadata having count(*) > 0`;

function select(scope: Scope): string {
  // A superuser can add objects to the system's schemas: they count when every schema is read.
  const all = scope.everySchema ? [...finders, ...systemFinders] : [...finders];
  const addresses = all.map(([catalog, finder]) => finder(catalog)).join("\n    union all\n    ");
  const schemas = scope.everySchema
    ? `$1::text[] || '{pg_catalog,information_schema}'`
    : "$1::text[]";
  return `
    with addresses(classid, objid, objsubid) as (${addresses}), own as (${ownObjects})
    select 'unmodelled' as kind, what, name, comment, null as extension
    from (
      select own.type, own.schema, own.identity, described.description
      from own
      left join pg_catalog.pg_description described on described.classoid = own.classid
        and described.objoid = own.objid and described.objsubid = 0
      union all
      select 'privileges', p.schema, p.type || ' ' || p.identity, null from (${privileges}) p
      union all ${others}
    ) found(what, schema, name, comment)
    where schema is null or schema in (select quote_ident(s) from unnest(${schemas}) s)`;
}

/** Lists what the catalog does not describe, but for what belongs to the system or to an extension. */
export const unmodelled: CatalogQuery = (scope) => jsonRows(scope, select(scope));
