/** The SQL of the ledger and of the lock. */
import type { Statement } from "../../src/driver/port.ts";

/** Where the ledger lies. */
export interface LedgerPlace {
  /** Its schema. */
  readonly schema: string;
  /** Its table. */
  readonly table: string;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const nameOf = ({ schema, table }: LedgerPlace): string => `${quote(schema)}.${quote(table)}`;

const bare = (text: string): Statement => ({ text, params: [] });

/** The server, the role and its rights on the ledger. */
export function survey({ schema, table }: LedgerPlace): Statement {
  return {
    text: `select pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(),
      current_user, c.oid is not null, n.oid is not null,
      coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false),
      coalesce(pg_catalog.has_schema_privilege(n.oid, 'CREATE'), false),
      pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
      coalesce(pg_catalog.has_table_privilege(c.oid, 'SELECT'), false),
      coalesce(pg_catalog.has_table_privilege(c.oid, 'INSERT')
        and pg_catalog.has_table_privilege(c.oid, 'UPDATE')
        and pg_catalog.has_table_privilege(c.oid, 'DELETE'), false)
    from (values ($1::text, $2::text)) as given(schema, name)
    left join pg_catalog.pg_namespace n on n.nspname = given.schema
    left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = given.name`,
    params: [schema, table],
  };
}

/** Makes the ledger where there is none. */
export function createLedger(place: LedgerPlace): Statement[] {
  const name = nameOf(place);
  return [
    bare(`create schema if not exists ${quote(place.schema)}`),
    bare(`create table if not exists ${name} (
      id bigint generated always as identity primary key,
      name text not null unique,
      checksum text not null,
      state text not null check (state in ('applied', 'running', 'reverting')),
      step integer not null default 0,
      steps text[] not null default '{}',
      begun text,
      started_at timestamptz not null default pg_catalog.clock_timestamp(),
      applied_at timestamptz,
      duration_ms bigint,
      library_version text not null
    )`),
    bare(`comment on table ${name} is 'Migrations of @matrx/orm that this database has had'`),
  ];
}

/** Every row of the ledger, in the order in which they were written. */
export function readLedger(place: LedgerPlace): Statement {
  return bare(
    `select name, checksum, state, steps::text, begun, applied_at, duration_ms, library_version
    from ${nameOf(place)} order by id`,
  );
}

/** The row of one migration, kept from others until the transaction ends. */
export function readRow(place: LedgerPlace, name: string): Statement {
  return {
    text: `select name, checksum, state, steps::text, begun, applied_at, duration_ms,
      library_version from ${nameOf(place)} where name = $1 for update`,
    params: [name],
  };
}

/** Writes down that a migration was applied. */
export function writeApplied(
  place: LedgerPlace,
  row: {
    readonly name: string;
    readonly checksum: string;
    readonly version: string;
    readonly durationMs: number;
  },
): Statement {
  return {
    text: `insert into ${nameOf(place)} (name, checksum, state, applied_at, duration_ms,
      library_version) values ($1, $2, 'applied', pg_catalog.clock_timestamp(), $3, $4)
    on conflict (name) do update set checksum = excluded.checksum, state = excluded.state,
      applied_at = excluded.applied_at, library_version = excluded.library_version, begun = null,
      duration_ms = excluded.duration_ms`,
    params: [row.name, row.checksum, String(Math.round(row.durationMs)), row.version],
  };
}

/** Writes down that a migration is taken back. */
export function deleteRow(place: LedgerPlace, name: string): Statement {
  return { text: `delete from ${nameOf(place)} where name = $1`, params: [name] };
}

/** Writes down that a migration without a transaction has begun, in one direction. */
export function writeBegun(
  place: LedgerPlace,
  row: {
    readonly name: string;
    readonly checksum: string;
    readonly version: string;
    readonly state: "running" | "reverting";
  },
): Statement {
  return {
    text: `insert into ${nameOf(place)} as l (name, checksum, state, library_version)
      values ($1, $2, $3, $4)
    on conflict (name) do update set checksum = excluded.checksum, state = excluded.state,
      library_version = excluded.library_version,
      step = case when l.state = excluded.state then l.step else 0 end,
      steps = case when l.state = excluded.state then l.steps else '{}' end,
      begun = case when l.state = excluded.state then l.begun end`,
    params: [row.name, row.checksum, row.state, row.version],
  };
}

/** Writes down that a step begins which cannot be undone. */
export function writeStepBegun(place: LedgerPlace, name: string, digest: string): Statement {
  return {
    text: `update ${nameOf(place)} set begun = $2 where name = $1`,
    params: [name, digest],
  };
}

/** Writes down that a step is done. */
export function writeStepDone(place: LedgerPlace, name: string, digest: string): Statement {
  return {
    text: `update ${nameOf(place)} set step = step + 1, begun = null,
      steps = pg_catalog.array_append(steps, $2) where name = $1`,
    params: [name, digest],
  };
}

/** Asks for a lock that ends with the transaction; gives whether it was free. */
export function tryLock(key: LockKey): Statement {
  return {
    text: "select pg_catalog.pg_try_advisory_xact_lock($1::int, $2::int)",
    params: [String(key.space), String(key.id)],
  };
}

/** A lock of the server: two numbers. */
export interface LockKey {
  readonly space: number;
  readonly id: number;
}

/** Who holds a lock. */
export function lockHolder(key: LockKey): Statement {
  return {
    text: `select a.pid, a.usename, a.application_name, pg_catalog.host(a.client_addr),
      extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)
    from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2
      and l.classid = $1::bigint::oid and l.objid = $2::bigint::oid
      and l.database = (select d.oid from pg_catalog.pg_database d
        where d.datname = pg_catalog.current_database())`,
    params: [String(key.space), String(key.id)],
  };
}

/** Settings that hold until the transaction ends, or for the session. */
export function settings(
  given: Readonly<Record<string, string>>,
  scope: "transaction" | "session",
): Statement {
  const names = Object.keys(given);
  // a server that does not know a setting, because it is older, needs none; unnest() of two arrays is
  // syntax, and has no schema
  return {
    text: `select pg_catalog.set_config(s.name, g.value, ${scope === "transaction"})
    from unnest($1::text[], $2::text[]) as g(name, value)
    join pg_catalog.pg_settings s on s.name = g.name`,
    params: [array(names), array(names.map((name) => given[name]!))],
  };
}

function array(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
