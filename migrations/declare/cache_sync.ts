import { CACHE_CHANNEL } from "../../src/cache/notice.ts";
import { quoteName } from "../../src/compile/output.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { metaOf, type ModelMeta } from "../../src/schema/meta.ts";
import { type SqlObject, sqlObject } from "./objects.ts";
import { textLiteral } from "./sql_text.ts";

/** Where the function of the triggers lies. */
export interface CacheSyncSqlOptions {
  /** Its schema; default `public`. */
  readonly schema?: string | undefined;
}

const NAME = "matrx_cache_sync";

/** Most keys that a trigger tells of one statement; with more of them the table is told as a whole. */
const MOST_KEYS = 200;

/** Most bytes of what is told at once: the server takes less than 8,000. */
const MOST_BYTES = 7_900;

/*
 * The texts of keys are those of the types' output functions, as a client reads them: format() gives
 * those, a cast does not (of booleans and char(n)). Of a partition each table above it is told too.
 */
const BODY = `
declare
  key constant text := (
    select string_agg(format('format(''%%s'', r.%I)', name), ', ' order by place)
    from unnest(tg_argv) with ordinality as a (name, place));
  keys json;
  changed bigint := 1;
  place record;
  told text;
begin
  if tg_level = 'ROW' then
    execute format('select json_build_array(json_build_array(%s)) from (select ($1).*) as r', key)
      into keys using old;
  elsif tg_op <> 'TRUNCATE' then
    execute format(
      'select count(*), json_agg(json_build_array(%s))'
      ' from (select * from old_rows limit ${MOST_KEYS + 1}) as r', key)
      into changed, keys;
  end if;
  if changed = 0 then
    return null;
  end if;
  if changed > ${MOST_KEYS} then
    keys := null;
  end if;
  for place in
    select n.nspname as schema, c.relname as name
    from (select tg_relid union select relid from pg_partition_ancestors(tg_relid)) as t (id)
    join pg_class as c on c.oid = t.id
    join pg_namespace as n on n.oid = c.relnamespace
  loop
    told := json_build_array('', json_build_array(place.schema, place.name, to_json(tg_argv), keys));
    if keys is null or octet_length(told) > ${MOST_BYTES} then
      told := json_build_array('', json_build_array(place.schema, place.name, null, null));
    end if;
    perform pg_notify('${CACHE_CHANNEL}', told);
  end loop;
  return null;
end`;

/** The statements that make the function and the triggers, and those that take them away. */
export interface CacheSyncStatements {
  /** What makes them; it may be run again. */
  readonly up: readonly string[];
  /** What takes them away; the function stays as long as other tables use it. */
  readonly down: readonly string[];
}

/**
 * Writes the function and the triggers that tell programs with `cacheSync` of writes made outside of
 * the library. Of models without a primary key, and of those that say `cache: "off"`, nothing is
 * cached: they get none.
 *
 * Run it as a script, again whenever a model comes to it. `cacheSyncTriggers()` has migrations do so.
 *
 * @throws {ConfigurationError} none of the models can be cached
 *
 * @example
 * ```ts
 * import { model, runScript, text } from "@matrx/orm";
 * import { cacheSyncSql } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * class Country extends model("countries", { code: text().primaryKey(), name: text() }, {
 *   cache: "long-term",
 * }) {}
 * await using db = await embedded({ models: [Country], name: "main" });
 * await runScript(cacheSyncSql([Country]));
 * ```
 */
export function cacheSyncSql(models: Iterable<unknown>, options: CacheSyncSqlOptions = {}): string {
  return cacheSyncStatements(models, options).up.map((one) => `${one};`).join("\n");
}

/**
 * Writes the statements of `cacheSyncSql()` one by one, and the way back.
 *
 * @throws {ConfigurationError} none of the models can be cached
 */
export function cacheSyncStatements(
  models: Iterable<unknown>,
  options: CacheSyncSqlOptions = {},
): CacheSyncStatements {
  const routine = `${quoteName(options.schema ?? "public")}.${quoteName(NAME)}`;
  const tables = new Map<string, ModelMeta>();
  for (const meta of Array.from(models, metaOf)) {
    if (canBeCached(meta)) tables.set(JSON.stringify([meta.schema, meta.table]), meta);
  }
  if (tables.size === 0) {
    throw new ConfigurationError("Cannot write triggers for cacheSync: no model can be cached", {
      code: "nothing_to_sync",
      hint: 'Give models with a primary key that do not say cache: "off"',
    });
  }
  const listener = `create or replace function ${routine}() returns trigger language plpgsql\n` +
    `  set search_path = pg_catalog, pg_temp set datestyle = 'ISO'\n` +
    `as $${NAME}$${BODY}\n$${NAME}$`;
  const triggers = Array.from(tables.values(), (meta) => triggersOf(meta, routine)).flat();
  return {
    up: [listener, ...triggers.map(({ made }) => made)],
    down: [...triggers.map(({ dropped }) => dropped), unused(routine)],
  };
}

/** Whether rows of a model are kept in caches that are told of writes. */
export function canBeCached({ kind, primaryKey, cacheLife }: ModelMeta): boolean {
  return kind === "table" && primaryKey.length > 0 && cacheLife !== 0;
}

interface Trigger {
  readonly made: string;
  readonly dropped: string;
}

function triggersOf(meta: ModelMeta, routine: string): Trigger[] {
  const { schema, table, primaryKey } = meta;
  const on = [...schema === null ? [] : [schema], table].map(quoteName).join(".");
  const key = primaryKey.map(({ name }) => textLiteral(name)).join(", ");
  const trigger = (event: string, when: string, call: string): Trigger => {
    const name = quoteName(`${NAME}_${event}`);
    return {
      made: `create or replace trigger ${name} after ${when} on ${on}\n` +
        `  ${call} execute function ${routine}(${key})`,
      dropped: `drop trigger if exists ${name} on ${on}`,
    };
  };
  const rows = "referencing old table as old_rows for each statement";
  // a partition that is written by itself, or made later, has the triggers of rows alone
  const changes = meta.options.partitionBy === undefined
    ? [trigger("update", "update", rows), trigger("delete", "delete", rows)]
    : [trigger("row", "update or delete", "for each row")];
  return [...changes, trigger("truncate", "truncate", "for each statement")];
}

/** Drops the function, unless triggers of other tables call it. */
function unused(routine: string): string {
  const name = textLiteral(`${routine}()`);
  return `do $${NAME}$ begin\n` +
    `  if not exists (select from pg_catalog.pg_trigger\n` +
    `      where tgfoid = pg_catalog.to_regprocedure(${name})) then\n` +
    `    drop function if exists ${routine}();\n` +
    `  end if;\nend $${NAME}$`;
}

/**
 * Declares the triggers of `cacheSyncSql()` as an object of SQL: export it beside the models, and
 * migrations make them.
 *
 * @throws {ConfigurationError} none of the models can be cached
 *
 * @example
 * ```ts
 * import { model, text } from "@matrx/orm";
 * import { cacheSyncTriggers } from "@matrx/orm/migrations";
 *
 * class Country extends model("countries", { code: text().primaryKey(), name: text() }, {
 *   cache: "long-term",
 * }) {}
 * export const syncedCaches = cacheSyncTriggers([Country]);
 * ```
 */
export function cacheSyncTriggers(
  models: Iterable<unknown>,
  options: CacheSyncSqlOptions = {},
): SqlObject {
  return sqlObject(NAME, cacheSyncSql(models, options));
}
