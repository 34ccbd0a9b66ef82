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

/** Classes and types of the language that a class of a model must not stand in front of. */
export const RESERVED_CLASSES: ReadonlySet<string> = new Set([
  ...["Array", "ArrayBuffer", "AsyncIterable", "AsyncIterator", "Atomics", "Awaited", "BigInt"],
  ...["Blob", "Boolean", "Buffer", "Bun", "Crypto", "DataView", "Date", "Deno", "Document"],
  ...["Error", "Event", "Exclude", "Extract", "File", "FormData", "Function", "Generator"],
  ...["Headers", "Infinity", "InstanceType", "Intl", "Iterable", "Iterator", "JSON", "Map"],
  ...["Math", "NaN", "NonNullable", "Number", "Object", "Omit", "Parameters", "Partial", "Pick"],
  ...["Promise", "PromiseLike", "Proxy", "Readonly", "ReadonlyArray", "ReadonlyMap"],
  ...["ReadonlySet", "Record", "Reflect", "RegExp", "Request", "Required", "Response"],
  ...["ReturnType", "Set", "String", "Symbol", "Temporal", "Uint8Array", "URL", "WeakMap"],
  ...["WeakRef", "WeakSet", "WebAssembly", "Worker"],
]);
