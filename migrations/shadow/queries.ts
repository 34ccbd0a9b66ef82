/** What a shadow asks of its server beside the statements that it is given. */
import { quoteName } from "../../src/compile/output.ts";
import type { Statement } from "../../src/driver/port.ts";

/** Every database that a shadow makes on a server starts with this; the time of its making follows. */
export const DATABASE_PREFIX = "matrx_shadow_";

/** The role that owns everything in an embedded shadow, so that it can be emptied at once. */
export const OWNER = "matrx_shadow";

/** Lets statements be read before what they call is there. */
export const settings: readonly string[] = [
  "set check_function_bodies = off",
  "set client_min_messages = warning",
];

/** Finds names in some schemas, and then in those that extensions are in, as an application does. */
export function setSearchPath(schemas: readonly string[]): Statement {
  return {
    text: `select pg_catalog.set_config('search_path',
        $1 || coalesce(string_agg(', ' || pg_catalog.quote_ident(n.nspname), ''), ''), false)
      from (
        select distinct n.nspname from pg_catalog.pg_extension e
        join pg_catalog.pg_namespace n on n.oid = e.extnamespace
        where n.nspname <> 'pg_catalog' order by n.nspname
      ) n`,
    params: [schemas.map(quoteName).join(", ")],
  };
}

/** Which of some schemas are there. */
export function presentSchemas(names: readonly string[]): Statement {
  return {
    text: `select n.nspname from pg_catalog.pg_namespace n
      where n.nspname in (select json_array_elements_text($1::json))`,
    params: [JSON.stringify(names)],
  };
}

/** Undoes settings, also those that a script made. */
export const resetSettings = "reset all";

/** Makes the owner, who must be a superuser for what extensions and event triggers need, and becomes it. */
export const becomeOwner: readonly string[] = [
  `create role ${OWNER} superuser`,
  `set session authorization ${OWNER}`,
];

/** Drops all that the owner has. */
export const dropOwned: string = `drop owned by ${OWNER} cascade`;

/** Counts what has no owner and may therefore be left. */
export const countLeft = `select count(*) from (
    select oid from pg_catalog.pg_cast union all select oid from pg_catalog.pg_am
    union all select oid from pg_catalog.pg_transform
    union all select oid from pg_catalog.pg_ts_parser
    union all select oid from pg_catalog.pg_ts_template
    union all select oid from pg_catalog.pg_namespace
    union all select oid from pg_catalog.pg_class
    union all select oid from pg_catalog.pg_extension
    union all select oid from pg_catalog.pg_largeobject_metadata
  ) made where oid >= 16384`;

/** Makes a role that grants and policies can name. */
export function createRole(name: string): string {
  return `create role ${quoteName(name)} nologin`;
}

/** Drops a role that was made for grants and policies. */
export function dropRole(name: string): string {
  return `drop role if exists ${quoteName(name)}`;
}

/** Makes an empty database. */
export function createDatabase(name: string): string {
  return `create database ${quoteName(name)} template template0`;
}

/** Drops a database, also one that somebody is connected to. */
export function dropDatabase(name: string): string {
  return `drop database if exists ${quoteName(name)} with (force)`;
}

/** The databases of earlier shadows that nobody is connected to. */
export const idleDatabases: string = `select d.datname from pg_catalog.pg_database d
  where d.datname ~ '^${DATABASE_PREFIX}[0-9]+_[0-9a-f]+$'
    and pg_catalog.pg_has_role(d.datdba, 'USAGE')
    and not exists (select from pg_catalog.pg_stat_activity a where a.datid = d.oid)`;

/** Opens and ends the transaction around a batch, and the savepoint around each statement of it. */
export const begin = "begin";
export const commit = "commit";
export const rollback = "rollback";
export const takeBack = "rollback to savepoint matrx_step";

/** A statement between a savepoint and its release: one exchange with the server. */
export function guarded(statement: string): string {
  // on a line of its own: the statement may end with a comment
  return `savepoint matrx_step;\n${statement}\n;\nrelease savepoint matrx_step`;
}
