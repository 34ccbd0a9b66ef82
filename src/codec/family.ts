/** What kind of values a type has, for everything that treats types of one kind alike. */

/** A group of types whose values behave alike. */
export type Family =
  | "text"
  | "number"
  | "bigint"
  | "numeric"
  | "boolean"
  | "date"
  | "json"
  | "bytes"
  | "uuid"
  | "range"
  | "multirange"
  | "network"
  | "geometric"
  | "bits"
  | "search"
  | "vector"
  | "hstore"
  | "interval"
  | "other";

/** The built-in types of each family, by their names in `pg_type`. */
const BUILTIN: Readonly<Record<Exclude<Family, "vector" | "hstore">, readonly string[]>> = {
  text: ["text", "varchar", "bpchar", "char", "name"],
  number: ["int2", "int4", "float4", "float8", "oid"],
  bigint: ["int8"],
  numeric: ["numeric"],
  boolean: ["bool"],
  date: ["timestamptz", "timestamp", "date", "time", "timetz"],
  json: ["json", "jsonb"],
  bytes: ["bytea"],
  uuid: ["uuid"],
  range: ["int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"],
  multirange: [
    ...["int4multirange", "int8multirange", "nummultirange"],
    ...["tsmultirange", "tstzmultirange", "datemultirange"],
  ],
  network: ["inet", "cidr", "macaddr", "macaddr8"],
  geometric: ["point", "line", "lseg", "box", "path", "polygon", "circle"],
  bits: ["bit", "varbit"],
  search: ["tsvector", "tsquery"],
  interval: ["interval"],
  other: [
    ...["money", "xml", "jsonpath", "pg_lsn", "refcursor", "aclitem", "gtsvector"],
    ...["tid", "xid", "xid8", "cid", "txid_snapshot", "pg_snapshot", "int2vector", "oidvector"],
    ...["regproc", "regprocedure", "regoper", "regoperator", "regclass", "regtype", "regrole"],
    ...["regnamespace", "regconfig", "regdictionary", "regcollation"],
    ...["pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list"],
    ...["pg_brin_bloom_summary", "pg_brin_minmax_multi_summary"],
  ],
};

/** The types of well-known extensions, by their names. */
const EXTENSION: Readonly<Partial<Record<Family, readonly string[]>>> = {
  text: ["citext"],
  hstore: ["hstore"],
  vector: ["vector", "halfvec", "sparsevec"],
  network: ["ip4", "ip6", "ipaddress", "ip4r", "ip6r", "iprange"],
  geometric: ["cube", "seg", "earth", "geometry", "geography", "box2d", "box3d"],
  other: [
    ...["ltree", "lquery", "ltxtquery", "query_int", "lo", "raster", "semver", "roaringbitmap"],
    ...["ean13", "isbn", "isbn13", "issn", "issn13", "ismn", "ismn13", "upc", "hll", "tdigest"],
  ],
};

function familyIn(
  families: Readonly<Partial<Record<Family, readonly string[]>>>,
  name: string,
): Family | undefined {
  const found = Object.entries(families).find(([, types]) => types.includes(name));
  return found?.[0] as Family | undefined;
}

/** Gives the family of a built-in type; undefined when there is no such type. */
export function builtinFamily(name: string): Family | undefined {
  return familyIn(BUILTIN, name);
}

/** Gives the family of a type that a well-known extension brings; undefined when none does. */
export function extensionFamily(name: string): Family | undefined {
  return familyIn(EXTENSION, name);
}
