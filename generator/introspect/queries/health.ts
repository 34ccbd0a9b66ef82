/** What a check-up asks of a server beyond its structure. */
import type { Statement } from "../../../src/driver/port.ts";

/** One row: version, encoding, role, superuser, may create in the first of `$1`, in recovery. */
export function serverFacts(schemas: string): Statement {
  return {
    text: `select current_setting('server_version'),
      current_setting('server_encoding'), current_user,
      (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user),
      (select string_agg(n.nspname, ', ' order by n.nspname) from pg_catalog.pg_namespace n
        where n.nspname = any ($1::text[]) and not has_schema_privilege(n.oid, 'CREATE')),
      pg_catalog.pg_is_in_recovery()`,
    params: [schemas],
  };
}

/** The process that serves a connection. */
export const backend: Statement = { text: "select pg_catalog.pg_backend_pid()", params: [] };

/** Columns of the schemas in `$1` whose sequence has used more than half of what their type holds, in percent. */
export function nearlySpent(schemas: string): Statement {
  return {
    text: `select format('%I.%I.%I', tn.nspname, t.relname, a.attname),
      trunc(100 * s.last_value / least(s.max_value, limits.most))::text
    from pg_catalog.pg_sequences s
    join pg_catalog.pg_namespace sn on sn.nspname = s.schemaname
    join pg_catalog.pg_class c on c.relnamespace = sn.oid and c.relname = s.sequencename
    join pg_catalog.pg_depend d on d.objid = c.oid and d.classid = 'pg_catalog.pg_class'::regclass
      and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_catalog.pg_class t on t.oid = d.refobjid
    join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    join (values ('int2'::regtype, 32767::numeric), ('int4'::regtype, 2147483647),
      ('int8'::regtype, 9223372036854775807)) as limits (type, most) on limits.type = a.atttypid
    where tn.nspname = any ($1::text[]) and s.increment_by > 0
      and s.last_value > least(s.max_value, limits.most) / 2
    order by s.last_value / limits.most desc, 1`,
    params: [schemas],
  };
}
