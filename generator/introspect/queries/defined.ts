/** Kinds of which the catalog holds the statement that makes an object, put together from its row. */
import type { DefinedKind } from "../../../src/catalog/other_types.ts";
import type { DefinedPlace } from "./addresses.ts";
import { type Definition, options, qualified, routine } from "./definition.ts";
import {
  type CatalogQuery,
  commentOn,
  inScope,
  jsonRows,
  memberOf,
  notInternal,
  type Scope,
} from "./fragments.ts";
import { rareDefinitions } from "./rare.ts";

const castText = `format_type(o.castsource, null) || ' AS ' || format_type(o.casttarget, null)`;

const operandText = (oid: string): string =>
  `case when ${oid} = 0 then 'NONE' else format_type(${oid}, null) end`;
const operatorText = `'(' || ${operandText("o.oprleft")} || ',' || ${
  operandText("o.oprright")
} || ')'`;
const operatorName = (oid: string): string =>
  `(select 'OPERATOR(' || quote_ident(pn.nspname) || '.' || p.oprname || ')'
      from pg_catalog.pg_operator p join pg_catalog.pg_namespace pn on pn.oid = p.oprnamespace
      where p.oid = ${oid})`;
const operatorAddress = (oid: string): string =>
  `(select quote_ident(pn.nspname) || '.' || p.oprname || ' (' || ${operandText("p.oprleft")}
        || ', ' || ${operandText("p.oprright")} || ')'
      from pg_catalog.pg_operator p join pg_catalog.pg_namespace pn on pn.oid = p.oprnamespace
      where p.oid = ${oid})`;

const collationText = (scope: Scope): string => {
  const locale = scope.version >= 170000 ? "o.colllocale" : "o.colliculocale";
  const rules = scope.version >= 160000 ? "o.collicurules" : "null::text";
  return `'CREATE COLLATION ' || ${qualified("o.collname")} || ' (' || concat_ws(', ',
      'PROVIDER = ' || case o.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
      'LOCALE = ' || quote_literal(${locale}),
      'LC_COLLATE = ' || quote_literal(o.collcollate), 'LC_CTYPE = ' || quote_literal(o.collctype),
      case when not o.collisdeterministic then 'DETERMINISTIC = false' end,
      'RULES = ' || quote_literal(${rules})) || ')'`;
};

const enabledStatement = `case o.evtenabled when 'O' then '{}'::text[] else array[
      'ALTER EVENT TRIGGER ' || quote_ident(o.evtname) || case o.evtenabled
        when 'D' then ' DISABLE' when 'R' then ' ENABLE REPLICA' else ' ENABLE ALWAYS' end] end`;

const familyName = (oid: string): string =>
  `(select quote_ident(fn.nspname) || '.' || quote_ident(f.opfname)
      from pg_catalog.pg_opfamily f join pg_catalog.pg_namespace fn on fn.oid = f.opfnamespace
      where f.oid = ${oid})`;

// The members that an operator class owns are internal to it; the others are loose in the family.
const members = (ownership: string): string =>
  `select 1, m.amopstrategy::int4, 'OPERATOR ' || m.amopstrategy || ' ' || ${
    operatorAddress("m.amopopr")
  }
        || case when m.amoppurpose = 'o' then ' FOR ORDER BY ' || ${
    familyName("m.amopsortfamily")
  } else '' end
      from pg_catalog.pg_amop m join pg_catalog.pg_depend d
        on d.classid = 'pg_catalog.pg_amop'::regclass and d.objid = m.oid and ${ownership}
      union
      select 2, m.amprocnum::int4, 'FUNCTION ' || m.amprocnum || ' ('
        || format_type(m.amproclefttype, null) || ', ' || format_type(m.amprocrighttype, null)
        || ') ' || m.amproc::regprocedure::text
      from pg_catalog.pg_amproc m join pg_catalog.pg_depend d
        on d.classid = 'pg_catalog.pg_amproc'::regclass and d.objid = m.oid and ${ownership}`;

const memberList = (ownership: string): string =>
  `(select string_agg(text, ', ' order by sort, number, text collate "C")
      from (${members(ownership)}) member(sort, number, text))`;

const ofClass = memberList(
  `d.refclassid = 'pg_catalog.pg_opclass'::regclass and d.refobjid = o.oid and d.deptype = 'i'`,
);
const ofFamily = memberList(
  `d.refclassid = 'pg_catalog.pg_opfamily'::regclass and d.refobjid = o.oid and d.deptype = 'a'`,
);

const publicationTargets = (scope: Scope): string => {
  const columns = `coalesce(' (' || (
        select string_agg(quote_ident(a.attname), ', ' order by k.ord)
        from unnest(r.prattrs::int2[]) with ordinality k(attnum, ord)
        join pg_catalog.pg_attribute a on a.attrelid = r.prrelid and a.attnum = k.attnum) || ')', '')`;
  return `case when o.puballtables then ' FOR ALL TABLES' else coalesce(' FOR ' || (
      select string_agg(target, ', ' order by sort, target collate "C") from (
        select 1, 'TABLE ' || case when c.relkind = 'p' then '' else 'ONLY ' end
          || quote_ident(tn.nspname) || '.' || quote_ident(c.relname) || ${columns}
          || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')
        from pg_catalog.pg_publication_rel r join pg_catalog.pg_class c on c.oid = r.prrelid
        join pg_catalog.pg_namespace tn on tn.oid = c.relnamespace where r.prpubid = o.oid
        union all
        select 2, 'TABLES IN SCHEMA ' || quote_ident(tn.nspname)
        from pg_catalog.pg_publication_namespace r
        join pg_catalog.pg_namespace tn on tn.oid = r.pnnspid where r.pnpubid = o.oid
      ) listed(sort, target)), '') end
      || ' WITH (publish = ' || quote_literal(concat_ws(', ',
        case when o.pubinsert then 'insert' end, case when o.pubupdate then 'update' end,
        case when o.pubdelete then 'delete' end, case when o.pubtruncate then 'truncate' end))
      || case when o.pubviaroot then ', publish_via_partition_root = true' else '' end${
    scope.version >= 180000
      ? `
      || case o.pubgencols when 's' then ', publish_generated_columns = stored' else '' end`
      : ""
  } || ')'`;
};

/** How each kind is read. */
export const definitions: { readonly [Kind in DefinedKind]: Definition } = {
  cast: {
    table: "pg_cast",
    namespace: null,
    name: castText,
    owner: null,
    address: `'(' || ${castText} || ')'`,
    definition: `'CREATE CAST (' || ${castText} || ')' || case o.castmethod
        when 'f' then ' WITH FUNCTION ' || o.castfunc::regprocedure::text
        when 'i' then ' WITH INOUT' else ' WITHOUT FUNCTION' end
      || case o.castcontext when 'i' then ' AS IMPLICIT' when 'a' then ' AS ASSIGNMENT' else '' end`,
  },
  collation: {
    table: "pg_collation",
    namespace: "collnamespace",
    name: "o.collname",
    owner: "o.collowner",
    address: qualified("o.collname"),
    definition: collationText,
  },
  "event trigger": {
    table: "pg_event_trigger",
    namespace: null,
    name: "o.evtname",
    owner: "o.evtowner",
    address: "quote_ident(o.evtname)",
    definition: `'CREATE EVENT TRIGGER ' || quote_ident(o.evtname) || ' ON ' || o.evtevent
      || coalesce(' WHEN TAG IN (' || (
        select string_agg(quote_literal(tag), ', ' order by ord)
        from unnest(o.evttags) with ordinality t(tag, ord)) || ')', '')
      || ' EXECUTE FUNCTION ' || o.evtfoid::regproc::text || '()'`,
    completion: enabledStatement,
  },
  "foreign data wrapper": {
    table: "pg_foreign_data_wrapper",
    namespace: null,
    name: "o.fdwname",
    owner: "o.fdwowner",
    address: "quote_ident(o.fdwname)",
    definition: `'CREATE FOREIGN DATA WRAPPER ' || quote_ident(o.fdwname) || ${
      routine(" HANDLER ", "o.fdwhandler")
    } || ${routine(" VALIDATOR ", "o.fdwvalidator")} || ${options("o.fdwoptions")}`,
  },
  "foreign server": {
    table: "pg_foreign_server",
    namespace: null,
    name: "o.srvname",
    owner: "o.srvowner",
    address: "quote_ident(o.srvname)",
    definition: `'CREATE SERVER ' || quote_ident(o.srvname)
      || coalesce(' TYPE ' || quote_literal(o.srvtype), '')
      || coalesce(' VERSION ' || quote_literal(o.srvversion), '')
      || ' FOREIGN DATA WRAPPER ' || (
        select quote_ident(w.fdwname) from pg_catalog.pg_foreign_data_wrapper w
        where w.oid = o.srvfdw) || ${options("o.srvoptions")}`,
  },
  operator: {
    table: "pg_operator",
    namespace: "oprnamespace",
    name: `o.oprname || ${operatorText}`,
    owner: "o.oprowner",
    address: operatorAddress("o.oid"),
    definition: `'CREATE OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' ('
      || concat_ws(', ', 'FUNCTION = ' || o.oprcode::regproc::text,
        case when o.oprleft <> 0 then 'LEFTARG = ' || format_type(o.oprleft, null) end,
        case when o.oprright <> 0 then 'RIGHTARG = ' || format_type(o.oprright, null) end,
        'COMMUTATOR = ' || ${operatorName("o.oprcom")}, 'NEGATOR = ' || ${
      operatorName("o.oprnegate")
    },
        case when o.oprrest::oid <> 0 then 'RESTRICT = ' || o.oprrest::regproc::text end,
        case when o.oprjoin::oid <> 0 then 'JOIN = ' || o.oprjoin::regproc::text end,
        case when o.oprcanhash then 'HASHES' end, case when o.oprcanmerge then 'MERGES' end) || ')'`,
    where: "o.oprcode::oid <> 0",
  },
  "operator class": {
    table: "pg_opclass",
    namespace: "opcnamespace",
    name: "o.opcname || ' USING ' || am.amname",
    owner: "o.opcowner",
    address: `${qualified("o.opcname")} || ' USING ' || quote_ident(am.amname)`,
    definition: `'CREATE OPERATOR CLASS ' || ${qualified("o.opcname")}
      || case when o.opcdefault then ' DEFAULT' else '' end
      || ' FOR TYPE ' || format_type(o.opcintype, null) || ' USING ' || quote_ident(am.amname)
      || ' FAMILY ' || ${familyName("o.opcfamily")} || ' AS ' || concat_ws(', ', ${ofClass},
        case when o.opckeytype <> 0 then 'STORAGE ' || format_type(o.opckeytype, null)
          when ${ofClass} is null then 'STORAGE ' || format_type(o.opcintype, null) end)`,
    joins: "join pg_catalog.pg_am am on am.oid = o.opcmethod",
  },
  "operator family": {
    table: "pg_opfamily",
    namespace: "opfnamespace",
    name: "o.opfname || ' USING ' || am.amname",
    owner: "o.opfowner",
    address: `${qualified("o.opfname")} || ' USING ' || quote_ident(am.amname)`,
    definition: `'CREATE OPERATOR FAMILY ' || ${
      qualified("o.opfname")
    } || ' USING ' || quote_ident(am.amname)`,
    completion: `array_remove(array['ALTER OPERATOR FAMILY ' || ${qualified("o.opfname")}
      || ' USING ' || quote_ident(am.amname) || ' ADD ' || ${ofFamily}], null)`,
    joins: "join pg_catalog.pg_am am on am.oid = o.opfmethod",
  },
  publication: {
    table: "pg_publication",
    namespace: null,
    name: "o.pubname",
    owner: "o.pubowner",
    address: "quote_ident(o.pubname)",
    definition: (scope) =>
      `'CREATE PUBLICATION ' || quote_ident(o.pubname) || ${publicationTargets(scope)}`,
  },
  "text search configuration": {
    table: "pg_ts_config",
    namespace: "cfgnamespace",
    name: "o.cfgname",
    owner: "o.cfgowner",
    address: qualified("o.cfgname"),
    definition: `'CREATE TEXT SEARCH CONFIGURATION ' || ${
      qualified("o.cfgname")
    } || ' (PARSER = ' || (
        select quote_ident(pn.nspname) || '.' || quote_ident(p.prsname)
        from pg_catalog.pg_ts_parser p join pg_catalog.pg_namespace pn on pn.oid = p.prsnamespace
        where p.oid = o.cfgparser) || ')'`,
    completion: `array(
        select 'ALTER TEXT SEARCH CONFIGURATION ' || ${qualified("o.cfgname")}
          || ' ADD MAPPING FOR ' || quote_ident(t.alias) || ' WITH '
          || string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno)
        from pg_catalog.pg_ts_config_map m
        join ts_token_type(o.cfgparser) t on t.tokid = m.maptokentype
        where m.mapcfg = o.oid group by m.maptokentype, t.alias order by m.maptokentype)`,
  },
  "text search dictionary": {
    table: "pg_ts_dict",
    namespace: "dictnamespace",
    name: "o.dictname",
    owner: "o.dictowner",
    address: qualified("o.dictname"),
    definition: `'CREATE TEXT SEARCH DICTIONARY ' || ${
      qualified("o.dictname")
    } || ' (' || concat_ws(', ',
      'TEMPLATE = ' || (
        select quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname)
        from pg_catalog.pg_ts_template t join pg_catalog.pg_namespace tn on tn.oid = t.tmplnamespace
        where t.oid = o.dicttemplate), o.dictinitoption) || ')'`,
  },
  ...rareDefinitions,
};

const from = ({ table, namespace, joins = "", where = "true" }: Definition, more = ""): string =>
  `pg_catalog.${table} o
    ${namespace === null ? "" : `join pg_catalog.pg_namespace n on n.oid = o.${namespace}`}
    ${joins}
    ${memberOf(table, "o.oid")}
    ${more}
    where o.oid >= 16384 and ${notInternal(table, "o.oid")} and (${where}) and ${
    namespace === null ? "$1::text[] is not null" : inScope("n.nspname")
  }`;

/** Reads the objects of one kind; those of extensions are left out, as they come with the extension. */
export function definedQuery(kind: DefinedKind): CatalogQuery {
  const one = definitions[kind];
  return (scope) =>
    jsonRows(
      scope,
      `select '${kind}' as kind, ${one.namespace === null ? "null" : "n.nspname"} as schema,
      ${one.name} as name, ${
        one.owner === null ? "null" : `pg_get_userbyid(${one.owner})`
      } as owner,
      ${one.address} as address,
      ${typeof one.definition === "string" ? one.definition : one.definition(scope)} as definition,
      to_json(${one.completion ?? "'{}'::text[]"}) as completion,
      described.description as comment, member.extname as extension
    from ${from(one, commentOn(one.table, "o.oid"))}
      and member.extname is null`,
    );
}

/** Where the objects of these kinds are in the system's tables. */
export const definedPlaces: readonly DefinedPlace[] = (Object.keys(definitions) as DefinedKind[])
  .map((kind) => ({
    table: definitions[kind].table,
    objid: "o.oid",
    kind,
    parts: definitions[kind].namespace === null
      ? `array[${definitions[kind].name}]`
      : `array[n.nspname, ${definitions[kind].name}]`,
    from: from(definitions[kind]),
  }));
