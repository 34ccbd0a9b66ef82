/** An independent list of what a database holds: every row of every catalog that has an OID. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { CatalogObject, ObjectKind } from "../../src/catalog/types.ts";
import type { Driver } from "../../src/driver/port.ts";

/** One object in the server's words: `pg_identify_object` and `pg_identify_object_as_address`. */
export interface Address {
  readonly type: string;
  readonly identity: string;
  readonly names: readonly string[];
  /** Schema, name and signature of a type or routine, whose address is text. */
  readonly plain: readonly string[];
}

/** Lists the objects that neither the system, an extension nor another object made. */
export async function ownAddresses(driver: Driver): Promise<Address[]> {
  const catalogs = await driver.query({
    text: `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
        and a.attname = 'oid' and a.attnum > 0 and not c.relisshared
        and c.relname not in ('pg_largeobject_metadata', 'pg_enum')`,
    params: [],
  });
  const union = catalogs.rows.map(([name]) =>
    `select '"${name}"'::regclass::oid as classid, oid from "${name}" where oid >= 16384`
  ).join(" union all ");
  const found = await driver.query({
    text: `select json_build_object('type', i.type, 'identity', i.identity,
        'names', to_json(a.object_names), 'plain', coalesce(
          (select json_build_array(nspname, typname, '') from pg_type t
            join pg_namespace n on n.oid = typnamespace
            where t.oid = o.oid and o.classid = 'pg_type'::regclass),
          (select json_build_array(nspname, proname, pg_get_function_identity_arguments(p.oid))
            from pg_proc p join pg_namespace n on n.oid = pronamespace
            where p.oid = o.oid and o.classid = 'pg_proc'::regclass),
          (select json_build_array(nspname, typname, conname) from pg_constraint k
            join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = typnamespace
            where k.oid = o.oid and o.classid = 'pg_constraint'::regclass),
          '[]'::json))::text
      from (${union}) o
      cross join lateral pg_identify_object(o.classid, o.oid, 0) i
      cross join lateral pg_identify_object_as_address(o.classid, o.oid, 0) a
      where i.schema is distinct from 'pg_toast' and not exists (
        select from pg_depend d where d.classid = o.classid and d.objid = o.oid
          and d.deptype in ('e', 'i'))`,
    params: [],
  });
  return found.rows.map(([json]) => JSON.parse(json!) as Address);
}

/** Whether a catalog describes an object or lists it as not modelled. */
export function covers(catalog: Catalog, address: Address): boolean {
  const { type, names, plain } = address;
  if (catalog.objects.has(identity("unmodelled", [type, address.identity]))) return true;
  const has = (kind: ObjectKind, parts: readonly string[]) =>
    catalog.objects.has(identity(kind, parts));
  const some = (test: (object: CatalogObject) => boolean) =>
    Array.from(catalog.objects.values()).some(test);
  const column = (parts: readonly string[]) => {
    const found = catalog.objects.get(identity("column", parts));
    return found?.kind === "column" ? found : undefined;
  };
  switch (type) {
    case "foreign table":
      return has("table", names);
    case "schema":
    case "extension":
    case "table":
    case "view":
    case "materialized view":
    case "trigger":
    case "policy":
      return has(type, names);
    case "statistics object":
      return has("statistics", names);
    case "sequence":
      return has("sequence", names);
    case "index": // one behind a constraint has the constraint's name
      return some((o) =>
        (o.kind === "index" || o.kind === "constraint") && o.schema === names[0] &&
        o.name === names[1]
      );
    case "rule": // a view is its own rule
      return has("rule", names) || has("view", names.slice(0, 2)) ||
        has("materialized view", names.slice(0, 2));
    case "default value": {
      const found = column(names);
      return found !== undefined && (found.default ?? found.generated) !== null;
    }
    case "table constraint":
      return has("constraint", names) || has("trigger", names) || some((o) =>
        // a plain NOT NULL
        o.kind === "column" && o.schema === names[0] && o.table === names[1] && o.notNull &&
        names[2]!.endsWith(`${o.name}_not_null`)
      );
    case "domain constraint": {
      const found = catalog.objects.get(identity("domain", plain.slice(0, 2)));
      return found?.kind === "domain" &&
        (found.notNull && plain[2] === `${found.name}_not_null` ||
          found.checks.some(({ name }) => name === plain[2]));
    }
    case "composite type": // the relation behind it
      return has("composite", names);
    case "type":
      return (["enum", "domain", "composite", "range"] as const)
        .some((kind) => has(kind, plain.slice(0, 2)));
    case "function":
    case "procedure":
    case "aggregate":
      return has(type, plain);
    case "cast": // names of schemas are printed always or only where they are needed
      return has("cast", [unqualified(address.identity.slice(1, -1))]);
    case "collation":
    case "text search configuration":
    case "text search dictionary":
    case "text search parser":
    case "text search template":
    case "conversion":
    case "language":
    case "access method":
      return has(type, names);
    case "transform":
      return some((o) => o.kind === "transform");
    case "event trigger":
    case "publication":
      return has(type, names);
    case "foreign-data wrapper":
      return has("foreign data wrapper", names);
    case "server":
      return has("foreign server", names);
    case "operator":
      return some((o) => o.kind === "operator" && `${o.schema}.${o.name}` === address.identity);
    case "operator class":
    case "operator family":
      return has(type, [names[1]!, `${names[2]} USING ${names[0]}`]);
    case "function of access method":
    case "operator of access method":
      return some((o) => o.kind === "operator family" && o.completion.length > 0);
    case "publication namespace":
    case "publication relation":
      return some((o) =>
        o.kind === "publication" && address.identity.endsWith(`in publication ${o.name}`)
      );
    case "default acl":
      return some((o) => o.kind === "default privilege");
    default:
      return false;
  }
}

const unqualified = (text: string): string => text.replaceAll("pg_catalog.", "");
