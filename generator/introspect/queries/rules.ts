/** What acts on tables: triggers, rules, policies, extended statistics. */
import { type CatalogQuery, commentOn, enabled, inScope, jsonRows, memberOf } from "./fragments.ts";

/** Reads the triggers that users made, and their clones on partitions. */
export const triggers: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'trigger' as kind, n.nspname as schema, c.relname as "table", t.tgname as name,
      pg_get_triggerdef(t.oid) as definition, ${enabled("t.tgenabled")} as enabled,
      t.tgparentid <> 0 as inherited,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_trigger t
    join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_trigger", "t.oid")}
    where not t.tgisinternal and ${inScope("n.nspname")}`,
  );

/** Reads the rules but those that make a view a view. */
export const rules: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'rule' as kind, n.nspname as schema, c.relname as "table", r.rulename as name,
      pg_get_ruledef(r.oid) as definition, ${enabled("r.ev_enabled")} as enabled,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_rewrite r
    join pg_catalog.pg_class c on c.oid = r.ev_class
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_rewrite", "r.oid")}
    where not (c.relkind in ('v', 'm') and r.ev_type = '1') and ${inScope("n.nspname")}`,
  );

/** Reads the row security policies. */
export const policies: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'policy' as kind, n.nspname as schema, c.relname as "table", p.polname as name,
      p.polpermissive as permissive,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
        when 'd' then 'delete' else 'all' end as command,
      (select json_agg(role order by role collate "C") from (
        select case when r.oid = 0 then 'public' else pg_get_userbyid(r.oid)::text end
        from unnest(p.polroles) r(oid)) named(role)) as roles,
      pg_get_expr(p.polqual, p.polrelid) as "using",
      pg_get_expr(p.polwithcheck, p.polrelid) as "check",
      described.description as comment, member.extname as extension
    from pg_catalog.pg_policy p
    join pg_catalog.pg_class c on c.oid = p.polrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_policy", "p.oid")}
    where ${inScope("n.nspname")}`,
  );

/** Reads the extended statistics objects. */
export const statistics: CatalogQuery = (scope) =>
  jsonRows(
    scope,
    `select 'statistics' as kind, n.nspname as schema, s.stxname as name,
      pg_get_userbyid(s.stxowner) as owner,
      json_build_object('schema', tn.nspname, 'name', c.relname) as "table",
      pg_get_statisticsobjdef(s.oid) as definition,
      case when s.stxstattarget >= 0 then s.stxstattarget end as target,
      described.description as comment, member.extname as extension
    from pg_catalog.pg_statistic_ext s
    join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
    join pg_catalog.pg_class c on c.oid = s.stxrelid
    join pg_catalog.pg_namespace tn on tn.oid = c.relnamespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_statistic_ext", "s.oid")}
    where ${inScope("n.nspname")}`,
  );
