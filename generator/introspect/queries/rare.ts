/** What few databases define: languages, conversions, transforms, access methods, parts of text search. */
import type { RareKind } from "../../../src/catalog/other_types.ts";
import { type Definition, qualified, routine } from "./definition.ts";

const languageOf = `(select l.lanname from pg_catalog.pg_language l where l.oid = o.trflang)`;

const encoding = (column: string): string => `quote_literal(pg_encoding_to_char(${column}))`;

/** A part of a transform, where there is one. */
const part = (words: string, oid: string): string =>
  `case when ${oid}::oid <> 0 then '${words} WITH FUNCTION ' || ${oid}::regprocedure::text end`;

/** How each of them is read. */
export const rareDefinitions: { readonly [Kind in RareKind]: Definition } = {
  "access method": {
    table: "pg_am",
    namespace: null,
    name: "o.amname",
    owner: null,
    address: "quote_ident(o.amname)",
    definition: `'CREATE ACCESS METHOD ' || quote_ident(o.amname) || ' TYPE '
      || case o.amtype when 't' then 'TABLE' else 'INDEX' end || ' HANDLER '
      || o.amhandler::regproc::text`,
  },
  conversion: {
    table: "pg_conversion",
    namespace: "connamespace",
    name: "o.conname",
    owner: "o.conowner",
    address: qualified("o.conname"),
    definition: `'CREATE ' || case when o.condefault then 'DEFAULT ' else '' end || 'CONVERSION '
      || ${qualified("o.conname")} || ' FOR ' || ${encoding("o.conforencoding")} || ' TO '
      || ${encoding("o.contoencoding")} || ' FROM ' || o.conproc::regproc::text`,
  },
  language: {
    table: "pg_language",
    namespace: null,
    name: "o.lanname",
    owner: "o.lanowner",
    address: "quote_ident(o.lanname)",
    definition: `'CREATE ' || case when o.lanpltrusted then 'TRUSTED ' else '' end || 'LANGUAGE '
      || quote_ident(o.lanname) || ${routine(" HANDLER ", "o.lanplcallfoid")} || ${
      routine(" INLINE ", "o.laninline")
    } || ${routine(" VALIDATOR ", "o.lanvalidator")}`,
  },
  "text search parser": {
    table: "pg_ts_parser",
    namespace: "prsnamespace",
    name: "o.prsname",
    owner: null,
    address: qualified("o.prsname"),
    definition: `'CREATE TEXT SEARCH PARSER ' || ${qualified("o.prsname")}
      || ' (START = ' || o.prsstart::regproc::text || ', GETTOKEN = ' || o.prstoken::regproc::text
      || ', END = ' || o.prsend::regproc::text || ', LEXTYPES = ' || o.prslextype::regproc::text
      || ${routine(", HEADLINE = ", "o.prsheadline")} || ')'`,
  },
  "text search template": {
    table: "pg_ts_template",
    namespace: "tmplnamespace",
    name: "o.tmplname",
    owner: null,
    address: qualified("o.tmplname"),
    definition: `'CREATE TEXT SEARCH TEMPLATE ' || ${qualified("o.tmplname")}
      || ' (LEXIZE = ' || o.tmpllexize::regproc::text || ${
      routine(", INIT = ", "o.tmplinit")
    } || ')'`,
  },
  transform: {
    table: "pg_transform",
    namespace: null,
    name: `format_type(o.trftype, null) || ' LANGUAGE ' || ${languageOf}`,
    owner: null,
    address: `'FOR ' || format_type(o.trftype, null) || ' LANGUAGE ' || quote_ident(${languageOf})`,
    definition: `'CREATE TRANSFORM FOR ' || format_type(o.trftype, null) || ' LANGUAGE '
      || quote_ident(${languageOf}) || ' (' || concat_ws(', ', ${
      part("FROM SQL", "o.trffromsql")
    }, ${part("TO SQL", "o.trftosql")}) || ')'`,
  },
};
