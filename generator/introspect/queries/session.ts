/** Statements that set the scene for the catalogue queries. */
import type { Statement } from "../../../src/driver/port.ts";

const bare = (text: string): Statement => ({ text, params: [] });

/** Opens a transaction in which every query sees the same moment. */
export const begin: Statement = bare("begin isolation level repeatable read read only");

/** Ends the transaction; its settings end with it. */
export const commit: Statement = bare("commit");

/** Abandons the transaction. */
export const rollback: Statement = bare("rollback");

/**
 * Makes the server print names, types and constants the same way whoever asks, until the transaction ends.
 *
 * `pg_temp` stands last, or a temporary table of the session could pose as a catalog.
 */
export const settings: Statement = bare(
  `select pg_catalog.set_config(name, value, true) from (values
    ('search_path', 'pg_catalog, pg_temp'),
    ('quote_all_identifiers', 'off'),
    ('datestyle', 'ISO, YMD'),
    ('intervalstyle', 'postgres'),
    ('timezone', 'UTC'),
    ('bytea_output', 'hex'),
    ('extra_float_digits', '1'),
    ('jit', 'off')
  ) as given(name, value)`,
);

/** Keeps the server from joining its catalogs row by row, where it cannot guess how many rows there are. */
export const hashJoins: Statement = bare(
  "select pg_catalog.set_config('enable_nestloop', 'off', true)",
);

/** The server's version number and the schemas it has; each is `own` or `system`. */
export const survey: Statement = bare(`select current_setting('server_version_num'), n.nspname,
    case when n.nspname <> 'information_schema' and n.nspname !~ '^pg_' then 'own' else 'system' end
  from pg_catalog.pg_namespace n order by n.nspname collate "C"`);

/** The relations of the schemas in `$1` whose rows the current role may not read. */
export function unreadable(schemas: string): Statement {
  return {
    text: `select n.nspname, c.relname
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname = any ($1::text[])
      and not (has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT'))
    order by n.nspname collate "C", c.relname collate "C"`,
    params: [schemas],
  };
}

/** How many tables and views that could get a model each schema has beside those in `$1`. */
export function elsewhere(schemas: string): Statement {
  return {
    text: `select n.nspname, count(*)::text
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
      and not (n.nspname = any ($1::text[]))
      and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
      and not exists (select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    group by n.nspname order by n.nspname collate "C"`,
    params: [schemas],
  };
}
