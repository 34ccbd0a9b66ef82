/** What is asked of the system catalogs while migrations run. */
import type { Statement } from "../../src/driver/port.ts";

/** The indexes of a table by its name as it is written, or of all tables of the database. */
export interface FoundIndex {
  readonly schema: string;
  readonly name: string;
  /** The table, qualified and quoted. */
  readonly table: string;
  /** Whether it is whole: neither half built nor half dropped. */
  readonly valid: boolean;
  /** Whether some session is building it now. */
  readonly building: boolean;
}

const INDEXES = `select n.nspname, c.relname, i.indrelid::regclass::text,
    i.indisvalid and i.indisready and i.indislive,
    exists (select from pg_catalog.pg_stat_progress_create_index p
      where p.index_relid = i.indexrelid and p.datid = (
        select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace`;

/** The indexes of a table whose name is written as in SQL. */
export function indexesOf(table: string): Statement {
  return { text: `${INDEXES} where i.indrelid = pg_catalog.to_regclass($1)`, params: [table] };
}

/** The index whose name is written as in SQL. */
export function indexNamed(index: string): Statement {
  return { text: `${INDEXES} where i.indexrelid = pg_catalog.to_regclass($1)`, params: [index] };
}

/** Every index that is not whole. */
export const invalidIndexes: Statement = {
  text: `${INDEXES} where not (i.indisvalid and i.indisready and i.indislive)
    and n.nspname !~ '^pg_' order by 1, 2`,
  params: [],
};

/** The sessions of this database at work on a statement that starts with a mark. */
export function atWork(mark: string): Statement {
  return {
    text: `select a.pid, extract(epoch from pg_catalog.clock_timestamp() - a.query_start)
    from pg_catalog.pg_stat_activity a
    where a.datname = pg_catalog.current_database() and a.state = 'active'
      and a.pid <> pg_catalog.pg_backend_pid()
      and pg_catalog.left(a.query, pg_catalog.length($1)) = $1`,
    params: [mark],
  };
}

/** The process that works for a run at this moment, by what it calls itself or by a mark. */
export function workerOf(application: string, mark: string): Statement {
  return {
    text: `select a.pid, extract(epoch from pg_catalog.clock_timestamp() - a.query_start)
    from pg_catalog.pg_stat_activity a
    where a.datname = pg_catalog.current_database() and a.state = 'active'
      and a.pid <> pg_catalog.pg_backend_pid()
      and (a.application_name = $1 or pg_catalog.left(a.query, pg_catalog.length($2)) = $2)
    order by a.query_start limit 1`,
    params: [application, mark],
  };
}

/** How far the index is that a process builds. */
export function buildOf(pid: number): Statement {
  return {
    text: `select phase,
      case when blocks_total > 0 then blocks_done when tuples_total > 0 then tuples_done
        else lockers_done end,
      case when blocks_total > 0 then blocks_total when tuples_total > 0 then tuples_total
        else lockers_total end
    from pg_catalog.pg_stat_progress_create_index where pid = $1`,
    params: [String(pid)],
  };
}

/** The sessions that a process waits for. */
export function blockersOf(pid: number): Statement {
  return {
    text: `select a.pid, a.usename, a.application_name, pg_catalog.host(a.client_addr),
      extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)
    from pg_catalog.pg_stat_activity a
    where a.pid = any (pg_catalog.pg_blocking_pids($1::int))`,
    params: [String(pid)],
  };
}

/** Takes away an index that is not whole, while others go on. */
export function dropIndex({ schema, name }: Pick<FoundIndex, "schema" | "name">): string {
  return `drop index concurrently if exists ${quote(schema)}.${quote(name)}`;
}

/** Whether a relation is there, by its name as it is written. */
export function isThere(name: string): Statement {
  return { text: "select pg_catalog.to_regclass($1) is not null", params: [name] };
}

/** Whether a relation is a partition of another one. */
export function isPartition(name: string): Statement {
  return {
    text: `select coalesce(bool_or(c.relispartition), false) from pg_catalog.pg_class c
    where c.oid = pg_catalog.to_regclass($1)`,
    params: [name],
  };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
