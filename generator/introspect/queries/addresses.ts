/** Where each object of the catalog is in the system's own tables. */
import { inScope } from "./fragments.ts";

/** A select of (classid, objid, objsubid, kind, parts): the parts make the identity of an object. */
interface Place {
  /** The system table that the address names. */
  readonly table: string;
  /** The object's number in it, its column's number, its kind as SQL, the parts of its name. */
  readonly select: readonly [objid: string, objsubid: string, kind: string, parts: string];
  /** What follows FROM. */
  readonly from: string;
}

const relationKind = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
      when 'S' then 'sequence' when 'c' then 'composite' else 'table' end`;

const inRelations = `pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${inScope("n.nspname")}`;

const identitySequences = `select d.objid from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.deptype = 'i'
          and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0`;

const typeKind = `case t.typtype when 'e' then 'enum' when 'd' then 'domain'
      when 'r' then 'range' when 'm' then 'range' else 'base type' end`;

/** An object that the catalog describes; the keys of a place are the names of `Place`. */
const place = (
  table: string,
  objid: string,
  kind: string,
  parts: string,
  from: string,
  objsubid = "0",
): Place => ({ table, select: [objid, objsubid, kind, parts], from });

const onTable = (catalog: string, alias: string, relation: string): string =>
  `pg_catalog.${catalog} ${alias}
      join pg_catalog.pg_class c on c.oid = ${alias}.${relation}
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${inScope("n.nspname")}`;

const places: readonly Place[] = [
  place(
    "pg_namespace",
    "n.oid",
    "'schema'",
    "array[n.nspname]",
    `pg_catalog.pg_namespace n where ${inScope("n.nspname")}`,
  ),
  place(
    "pg_extension",
    "e.oid",
    "'extension'",
    "array[e.extname]",
    "pg_catalog.pg_extension e",
  ),
  place(
    "pg_class",
    "c.oid",
    relationKind,
    "array[n.nspname, c.relname]",
    `${inRelations} where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
        or c.relkind = 'S' and c.oid not in (${identitySequences})`,
  ),
  // the sequence of an identity is a part of its column
  place(
    "pg_class",
    "d.objid",
    "'column'",
    "array[n.nspname, c.relname, a.attname]",
    `pg_catalog.pg_depend d
      join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      join pg_catalog.pg_class c on c.oid = a.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${inScope("n.nspname")}
      where d.classid = 'pg_catalog.pg_class'::regclass and d.deptype = 'i'
        and d.refclassid = 'pg_catalog.pg_class'::regclass`,
  ),
  place(
    "pg_class",
    "a.attrelid",
    "case c.relkind when 'c' then 'composite' else 'column' end",
    `case c.relkind when 'c' then array[n.nspname, c.relname]
      else array[n.nspname, c.relname, a.attname] end`,
    `pg_catalog.pg_attribute a
      join pg_catalog.pg_class c on c.oid = a.attrelid
        and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${inScope("n.nspname")}
      where a.attnum > 0 and not a.attisdropped`,
    "a.attnum",
  ),
  place(
    "pg_class",
    "i.indexrelid",
    "case when con.oid is null then 'index' else 'constraint' end",
    "array[n.nspname, c.relname, coalesce(con.conname, ic.relname)]",
    `${onTable("pg_index", "i", "indrelid")}
      join pg_catalog.pg_class ic on ic.oid = i.indexrelid
      left join pg_catalog.pg_constraint con on con.conindid = i.indexrelid
        and con.contype in ('p', 'u', 'x')`,
  ),
  place(
    "pg_attrdef",
    "d.oid",
    "'default'",
    "array[n.nspname, c.relname, a.attname]",
    `${onTable("pg_attrdef", "d", "adrelid")}
      join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum`,
  ),
  place(
    "pg_constraint",
    "con.oid",
    "case con.contype when 't' then 'trigger' else 'constraint' end",
    "array[n.nspname, c.relname, con.conname]",
    onTable("pg_constraint", "con", "conrelid"),
  ),
  place(
    "pg_constraint",
    "con.oid",
    "'domain'",
    "array[n.nspname, t.typname]",
    `pg_catalog.pg_constraint con
      join pg_catalog.pg_type t on t.oid = con.contypid
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${inScope("n.nspname")}`,
  ),
  place(
    "pg_type",
    "t.oid",
    typeKind,
    "array[n.nspname, t.typname]",
    `pg_catalog.pg_type t
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${inScope("n.nspname")}
      where t.typtype in ('e', 'd', 'r')`,
  ),
  // a type that comes with another: a row type, an array, a multirange
  place(
    "pg_type",
    "t.oid",
    relationKind,
    "array[n.nspname, c.relname]",
    `pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${inScope("n.nspname")}
      where t.typtype = 'c'`,
  ),
  place(
    "pg_type",
    "arr.oid",
    relationKind,
    "array[n.nspname, c.relname]",
    `pg_catalog.pg_type t join pg_catalog.pg_type arr on arr.oid = t.typarray
      join pg_catalog.pg_class c on c.oid = t.typrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${inScope("n.nspname")}
      where t.typtype = 'c'`,
  ),
  place(
    "pg_type",
    "arr.oid",
    typeKind,
    "array[n.nspname, t.typname]",
    `pg_catalog.pg_type t join pg_catalog.pg_type arr on arr.oid = t.typarray
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${inScope("n.nspname")}
      where t.typtype in ('e', 'd', 'r')`,
  ),
  place(
    "pg_type",
    "r.rngmultitypid",
    "'range'",
    "array[n.nspname, t.typname]",
    `pg_catalog.pg_range r join pg_catalog.pg_type t on t.oid = r.rngtypid
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${inScope("n.nspname")}`,
  ),
  place(
    "pg_proc",
    "p.oid",
    "case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end",
    "array[n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)]",
    `pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace and ${inScope("n.nspname")}`,
  ),
  place(
    "pg_trigger",
    "t.oid",
    "'trigger'",
    "array[n.nspname, c.relname, t.tgname]",
    `${onTable("pg_trigger", "t", "tgrelid")} where not t.tgisinternal`,
  ),
  place(
    "pg_rewrite",
    "r.oid",
    `case when c.relkind in ('v', 'm') and r.ev_type = '1' then ${relationKind} else 'rule' end`,
    `case when c.relkind in ('v', 'm') and r.ev_type = '1' then array[n.nspname, c.relname]
      else array[n.nspname, c.relname, r.rulename] end`,
    onTable("pg_rewrite", "r", "ev_class"),
  ),
  place(
    "pg_policy",
    "p.oid",
    "'policy'",
    "array[n.nspname, c.relname, p.polname]",
    onTable("pg_policy", "p", "polrelid"),
  ),
  place(
    "pg_statistic_ext",
    "s.oid",
    "'statistics'",
    "array[n.nspname, s.stxname]",
    `pg_catalog.pg_statistic_ext s
      join pg_catalog.pg_namespace n on n.oid = s.stxnamespace and ${inScope("n.nspname")}`,
  ),
];

/** A system table, the number of a row in it, the kind and the parts of the object that the row is. */
export interface DefinedPlace {
  readonly table: string;
  readonly objid: string;
  readonly kind: string;
  readonly parts: string;
  readonly from: string;
}

/** A select of the address, kind and parts of name of every object that the catalog describes. */
export function addresses(more: readonly DefinedPlace[]): string {
  const all = [
    ...places,
    ...more.map(({ table, objid, kind, parts, from }) =>
      place(table, objid, `'${kind}'`, parts, from)
    ),
  ];
  return all.map(({ table, select: [objid, objsubid, kind, parts], from }) =>
    `select 'pg_catalog.${table}'::regclass::oid as classid, ${objid} as objid,
      (${objsubid})::int4 as objsubid, ${kind} as kind, (${parts})::text[] as parts
    from ${from}`
  ).join("\n    union all\n    ");
}

/** The identity that a kind and the parts of a name make, as the catalog writes it. */
export function identityText(kind: string, parts: string): string {
  // the short way is several times faster, and right where no name holds a quote
  return `(${kind} || ' ' || case when position('"' in array_to_string(${parts}, '')) = 0
      then '"' || array_to_string(${parts}, '"."') || '"'
      else (
        select string_agg('"' || replace(part, '"', '""') || '"', '.' order by ord)
        from unnest(${parts}) with ordinality named(part, ord)) end)`;
}
