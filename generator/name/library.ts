/** The functions of the library that generated files call; nothing generated is named like them. */
export const LIBRARY_NAMES: ReadonlySet<string> = new Set([
  ...["model", "viewModel", "materializedViewModel", "sql", "index", "unique", "check"],
  ...["primaryKey", "constraint", "foreignKey", "compositeForeignKey", "inverseForeignKey"],
  ...["manyToMany", "array", "domain", "composite", "enumeration", "range", "multirange"],
  ...["customType", "text", "varchar", "char", "citext", "uuid", "smallint", "integer", "bigint"],
  ...["real", "doublePrecision", "decimal", "money", "boolean", "bytea", "timestamptz"],
  ...["timestamp", "date", "time", "timetz", "interval", "jsonb", "json", "inet", "cidr"],
  ...["macaddr", "macaddr8", "bit", "varbit", "tsvector", "tsquery", "xml", "point"],
  ...["int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"],
  ...["int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange"],
  ...["datemultirange", "hstore", "ltree", "vector", "halfvec", "sparsevec", "version"],
]);

/**
 * Classes and types of the language that a class of a model must not stand in front of. Those of the
 * web platform are free: `Event`, `File` and `Request` are good names of tables.
 */
export const RESERVED_CLASSES: ReadonlySet<string> = new Set([
  ...["Array", "ArrayBuffer", "AsyncIterable", "AsyncIterator", "Awaited", "BigInt", "Boolean"],
  ...["DataView", "Date", "Error", "Exclude", "Extract", "Function", "Infinity", "InstanceType"],
  ...["Intl", "Iterable", "Iterator", "JSON", "Map", "Math", "NaN", "NonNullable", "Number"],
  ...["Object", "Omit", "Parameters", "Partial", "Pick", "Promise", "PromiseLike", "Proxy"],
  ...["Readonly", "ReadonlyArray", "ReadonlyMap", "ReadonlySet", "Record", "Reflect", "RegExp"],
  ...["Required", "ReturnType", "Set", "String", "Symbol", "Uint8Array", "WeakMap", "WeakRef"],
  ...["WeakSet"],
]);
