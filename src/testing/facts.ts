/** What the database knows of a table beyond its model: checks, those of its domains, unique keys. */
import type { Session } from "../execute/session.ts";
import { Databases } from "../execute/registry.ts";
import type { ColumnMeta, ModelMeta } from "../schema/meta.ts";
import { type CheckNode, parseCheck } from "./check/parse.ts";

/** A check that factories understand. */
export interface KnownCheck {
  /** Its name. */
  readonly name: string;
  readonly node: CheckNode;
}

/** What a row must keep to, as far as factories understand it. */
export interface Facts {
  readonly checks: readonly KnownCheck[];
  /** The columns of each unique key, exclusion constraints among them. */
  readonly unique: readonly (readonly ColumnMeta[])[];
}

const CATALOG = `
select 'check', con.conname, pg_catalog.pg_get_expr(con.conbin, con.conrelid)
from pg_catalog.pg_constraint con
where con.conrelid = pg_catalog.to_regclass($1) and con.contype = 'c'
union all
select 'unique', '', (
  select pg_catalog.json_agg(a.attname)
  from pg_catalog.pg_attribute a
  where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[]))::text
from pg_catalog.pg_index i
where i.indrelid = pg_catalog.to_regclass($1) and (i.indisunique or i.indisexclusion)
union all
select 'partition', '', pg_catalog.pg_get_partition_constraintdef(i.inhrelid)
from pg_catalog.pg_inherits i
join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition
where i.inhparent = pg_catalog.to_regclass($1)
union all
select 'domain', d.attname, pg_catalog.pg_get_expr(con.conbin, 0)
from (
  with recursive types(attname, type) as (
    select a.attname, a.atttypid from pg_catalog.pg_attribute a
    where a.attrelid = pg_catalog.to_regclass($1) and a.attnum > 0 and not a.attisdropped
    union all
    select types.attname, t.typbasetype from types
    join pg_catalog.pg_type t on t.oid = types.type and t.typtype = 'd')
  select attname, type from types) d
join pg_catalog.pg_constraint con on con.contypid = d.type and con.contype = 'c'`;

const looked = new WeakMap<object, Map<ModelMeta, Promise<Facts>>>();

/** Looks up what a table asks of its rows, once for each database. */
export function factsOf(session: Session, meta: ModelMeta): Promise<Facts> {
  const database = Databases.default.get(session.database);
  let facts = looked.get(database);
  if (facts === undefined) looked.set(database, facts = new Map());
  let found = facts.get(meta);
  if (found === undefined) {
    facts.set(meta, found = readFacts(session, meta));
    // a table that could not be looked at may be there next time
    found.catch(() => facts.delete(meta));
  }
  return found;
}

async function readFacts(session: Session, meta: ModelMeta): Promise<Facts> {
  const path = meta.schema === null ? [meta.table] : [meta.schema, meta.table];
  const name = path.map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
  const { rows } = await session.run({ text: CATALOG, params: [name] });
  const checks: KnownCheck[] = [];
  const unique: ColumnMeta[][] = [meta.primaryKey.slice()];
  const partitions: (CheckNode | undefined)[] = [];
  for (const [kind, owner, text] of rows) {
    if (kind === "unique") {
      const names = JSON.parse(text ?? "[]") as string[];
      unique.push(meta.columns.filter((column) => names.includes(column.name)));
      continue;
    }
    const node = parseCheck(text ?? "");
    if (kind === "partition") partitions.push(node);
    else if (node !== undefined) {
      checks.push({ name: owner!, node: kind === "domain" ? ofColumn(node, owner!) : node });
    }
  }
  // a partition for all other rows has no condition that is read here, and then any row will do
  const known = partitions.filter((node) => node !== undefined);
  if (known.length > 0 && known.length === partitions.length) {
    checks.push({ name: "", node: { kind: "or", items: known } });
  }
  return { checks, unique: unique.filter((columns) => columns.length > 0) };
}

/** What the model itself says, for rows that no database is asked about. */
export function factsOfModel(meta: ModelMeta): Facts {
  const checks = meta.constraints.flatMap((one) => {
    if (one.type !== "check" || one.expression.values.length > 0) return [];
    const node = parseCheck(one.expression.texts.join(""));
    return node === undefined ? [] : [{ name: one.name ?? "", node }];
  });
  const unique = [
    meta.primaryKey,
    ...meta.columns.filter(({ spec }) => spec.unique).map((column) => [column]),
    ...meta.constraints.flatMap((one) =>
      one.type === "unique" ? [one.fields.map((field) => meta.column(field))] : []
    ),
  ];
  return { checks, unique: unique.filter((columns) => columns.length > 0) };
}

/** The check of a domain, whose value is that of a column. */
function ofColumn(node: CheckNode, column: string): CheckNode {
  switch (node.kind) {
    case "column":
      return node.name === "value" ? { kind: "column", name: column } : node;
    case "literal":
      return node;
    case "not":
    case "isNull":
      return { ...node, item: ofColumn(node.item, column) };
    case "binary":
      return { ...node, left: ofColumn(node.left, column), right: ofColumn(node.right, column) };
    case "list":
    case "and":
    case "or":
    case "call":
      return { ...node, items: node.items.map((item) => ofColumn(item, column)) };
  }
}
