/** Constraints of tables. Those of domains are on the domain, constraint triggers are triggers. */
import {
  type CatalogQuery,
  columnNames,
  commentOn,
  inScope,
  memberOf,
  optionsOf,
  type Scope,
} from "./fragments.ts";

interface Part {
  /** The condition on `con` that picks this type. */
  readonly where: string;
  /** The columns that only this type has. */
  readonly select: string;
}

const action = (letter: string) =>
  `case ${letter} when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
        when 'n' then 'set null' else 'set default' end`;

const ownColumns = columnNames("con.conrelid", "con.conkey");

const index =
  `ts.spcname as tablespace, obj_description(con.conindid, 'pg_class') as "indexComment"`;

const since18 = (scope: Scope, column: string, before: string) =>
  scope.version >= 180000 ? column : before;

// The name that the server makes up: table_column_not_null, the longer of the two names cut until it
// fits into 63 bytes, and a number against collisions. (A cut name that is not ASCII counts as given.)
const usualNotNullName = `(
          select left(c.relname, least(length(c.relname), greatest(room - room / 2, room - length(attname))))
            || '_' || left(attname, least(length(attname), greatest(room / 2, room - length(c.relname))))
            || '_' || label
          from (select substring(con.conname from 'not_null[0-9]*$')) suffix(label),
            lateral (select 61 - length(label)) space(room),
            pg_catalog.pg_attribute
          where attrelid = con.conrelid and attnum = con.conkey[1])`;

// A primary key of a partition makes the NOT NULL that came from its parent its own as well.
const cameFromParent = `exists (
          select from pg_catalog.pg_inherits h join pg_catalog.pg_constraint p
            on p.conrelid = h.inhparent and p.contype = 'n' and p.conname = con.conname
          where h.inhrelid = con.conrelid)`;

const parts: readonly ((scope: Scope) => Part)[] = [
  (scope) => ({
    where: "con.contype in ('p', 'u')",
    select: `case con.contype when 'p' then 'primary' else 'unique' end as type,
      ${ownColumns} as columns,
      ${columnNames("i.indrelid", "(i.indkey::int2[])[i.indnkeyatts:]")} as include,
      i.indnullsnotdistinct as "nullsNotDistinct",
      ${since18(scope, "con.conperiod", "false")} as "withoutOverlaps",
      ${optionsOf("ic.reloptions")} as storage, ${index}`,
  }),
  (scope) => ({
    // A key of a partitioned table repeats itself in the catalog for each partition it refers to.
    where: `con.contype = 'f' and not exists (
        select from pg_catalog.pg_constraint up
        where up.oid = con.conparentid and up.confrelid <> con.confrelid)`,
    select: `'foreign' as type, ${ownColumns} as columns,
      (select json_build_object('schema', rn.nspname, 'table', r.relname,
          'columns', ${columnNames("con.confrelid", "con.confkey")})
        from pg_catalog.pg_class r join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
        where r.oid = con.confrelid) as "references",
      ${action("con.confdeltype")} as "onDelete", ${action("con.confupdtype")} as "onUpdate",
      ${columnNames("con.conrelid", "con.confdelsetcols")} as "onDeleteColumns",
      case con.confmatchtype when 'f' then 'full' else 'simple' end as match,
      ${since18(scope, "con.conperiod", "false")} as period`,
  }),
  () => ({
    where: "con.contype = 'c'",
    select: `'check' as type, pg_get_expr(con.conbin, con.conrelid) as expression,
      ${ownColumns} as columns, con.connoinherit as "noInherit"`,
  }),
  () => ({ where: "con.contype = 'x'", select: `'exclusion' as type, ${index}` }),
  () => ({
    // Since 18 every NOT NULL has a row; one that says no more than the column's flag is left out.
    where: `con.contype = 'n' and (
        con.connoinherit or not con.convalidated or described.description is not null
        or con.conislocal and con.conname is distinct from ${usualNotNullName}
          and not ${cameFromParent})`,
    select: `'not null' as type, ${ownColumns} as columns, con.connoinherit as "noInherit"`,
  }),
];

/** Reads the constraints of tables; each row has the keys of its own type. */
export const constraints: CatalogQuery = (scope) => ({
  text: parts.map((part) => selectPart(scope, part(scope))).join("\nunion all\n"),
  params: [scope.schemas],
});

function selectPart(scope: Scope, part: Part): string {
  return `select row_to_json(o)::text from (
    select 'constraint' as kind, n.nspname as schema, c.relname as "table", con.conname as name,
      case when con.condeferrable then
        case when con.condeferred then 'initially deferred' else 'initially immediate' end
      end as deferrable,
      con.convalidated as validated, ${since18(scope, "con.conenforced", "true")} as enforced,
      con.conislocal and con.conparentid = 0 as local,
      pg_get_constraintdef(con.oid) as definition,
      described.description as comment, member.extname as extension,
      ${part.select}
    from pg_catalog.pg_constraint con
    join pg_catalog.pg_class c on c.oid = con.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_index i on i.indexrelid = con.conindid
    left join pg_catalog.pg_class ic on ic.oid = con.conindid
    left join pg_catalog.pg_tablespace ts on ts.oid = ic.reltablespace
    ${memberOf("pg_class", "c.oid")}
    ${commentOn("pg_constraint", "con.oid")}
    where ${part.where} and ${inScope("n.nspname")}
  ) o`;
}
