/** Functions, procedures and aggregates. */
import {
  type CatalogQuery,
  commentOn,
  inScope,
  jsonRows,
  memberOf,
  notInternal,
} from "./fragments.ts";

function routines(kind: string, letters: string, definition: string, join = ""): CatalogQuery {
  return (scope) =>
    jsonRows(
      scope,
      `select '${kind}' as kind, n.nspname as schema, p.proname as name,
      pg_get_userbyid(p.proowner) as owner,
      pg_get_function_identity_arguments(p.oid) as signature, l.lanname as language,
      pg_get_function_result(p.oid) as returns, pg_get_function_arguments(p.oid) as arguments,
      p.pronargdefaults as defaults,
      ${definition} as definition,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang
    ${join}
    ${memberOf("pg_proc", "p.oid")}
    ${commentOn("pg_proc", "p.oid")}
    where p.prokind in (${letters}) and ${inScope("n.nspname")}
      and ${notInternal("pg_proc", "p.oid")}`,
    );
}

/** Reads the functions, window functions among them; those of range types come with the type. */
export const functions: CatalogQuery = routines(
  "function",
  "'f', 'w'",
  "pg_get_functiondef(p.oid)",
);

/** Reads the procedures. */
export const procedures: CatalogQuery = routines("procedure", "'p'", "pg_get_functiondef(p.oid)");

const functionItem = (label: string, column: string) =>
  `case when ${column} <> 0 then '${label} = ' || ${column}::regproc::text end`;
const flagItem = (label: string, column: string) => `case when ${column} then '${label}' end`;
const spaceItem = (label: string, column: string) =>
  `case when ${column} > 0 then '${label} = ' || ${column} end`;
const textItem = (label: string, column: string) => `'${label} = ' || quote_literal(${column})`;
// The default is READ_WRITE for ordered-set and hypothetical-set aggregates, else READ_ONLY.
const modifyItem = (label: string, column: string) =>
  `case when ${column} <> case a.aggkind when 'n' then 'r' else 'w' end then '${label} = '
        || case ${column} when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end`;

// The server prints no CREATE AGGREGATE, so the statement is put together from its catalog row.
const aggregate = `'CREATE AGGREGATE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname)
      || '(' || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || E') (\\n    '
      || array_to_string(array[
        'SFUNC = ' || a.aggtransfn::regproc::text,
        'STYPE = ' || format_type(a.aggtranstype, null),
        ${spaceItem("SSPACE", "a.aggtransspace")},
        ${functionItem("FINALFUNC", "a.aggfinalfn")},
        ${flagItem("FINALFUNC_EXTRA", "a.aggfinalextra")},
        case when a.aggfinalfn <> 0 then ${modifyItem("FINALFUNC_MODIFY", "a.aggfinalmodify")} end,
        ${functionItem("COMBINEFUNC", "a.aggcombinefn")},
        ${functionItem("SERIALFUNC", "a.aggserialfn")},
        ${functionItem("DESERIALFUNC", "a.aggdeserialfn")},
        ${textItem("INITCOND", "a.agginitval")},
        ${functionItem("MSFUNC", "a.aggmtransfn")},
        ${functionItem("MINVFUNC", "a.aggminvtransfn")},
        case when a.aggmtranstype <> 0 then 'MSTYPE = ' || format_type(a.aggmtranstype, null) end,
        ${spaceItem("MSSPACE", "a.aggmtransspace")},
        ${functionItem("MFINALFUNC", "a.aggmfinalfn")},
        ${flagItem("MFINALFUNC_EXTRA", "a.aggmfinalextra")},
        case when a.aggmfinalfn <> 0 then ${
  modifyItem("MFINALFUNC_MODIFY", "a.aggmfinalmodify")
} end,
        ${textItem("MINITCOND", "a.aggminitval")},
        'SORTOP = OPERATOR(' || quote_ident(opn.nspname) || '.' || op.oprname || ')',
        case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end,
        ${flagItem("HYPOTHETICAL", "a.aggkind = 'h'")}
      ], E',\\n    ') || E'\\n)'`;

/** Reads the aggregates, each with the statement that makes it again. */
export const aggregates: CatalogQuery = routines(
  "aggregate",
  "'a'",
  aggregate,
  `join pg_catalog.pg_aggregate a on a.aggfnoid = p.oid
    left join pg_catalog.pg_operator op on op.oid = a.aggsortop
    left join pg_catalog.pg_namespace opn on opn.oid = op.oprnamespace`,
);
