/** The properties that a model's class and rows have for themselves. */
const OBJECT = ["constructor", "__proto__", "prototype"] as const;

const INSTANCE = [
  ...["save", "update", "delete", "restore", "refresh"],
  ...["fetchFk", "fetchIfk", "fetchM2m", "fetchFks", "fetchIfks", "fetchM2ms"],
  ...["fetchRelated", "fetchAllRelated", "getRelated", "setRelated", "hasRelated"],
  ...["addM2m", "removeM2m", "setM2m", "clearM2m"],
  ...["toDict", "toJSON"],
] as const;

const MODEL = [
  ...["filter", "exclude", "get", "getOrNull", "getById", "all", "first", "last"],
  ...["count", "exists", "create", "bulkCreate", "bulkUpdate", "bulkDelete", "bulkUpsert"],
  ...["updateWhere", "deleteWhere", "upsert", "getOrCreate", "updateOrCreate"],
  ...["increment", "decrement", "inBulk", "raw", "rawSql", "using"],
  ...["withDeleted", "onlyDeleted"],
  ...["only", "defer", "orderBy", "limit", "offset", "annotate", "aggregate", "nearest"],
] as const;

/** A row or query with one of these would be taken for a promise by `await`. */
const PROMISE = ["then", "catch", "finally"] as const;

/**
 * The names that no field or relation of a model may have.
 *
 * A column with such a name keeps it: `filter_: text().column("filter")`.
 *
 * @example
 * ```ts
 * import { RESERVED_NAMES } from "@matrx/orm";
 *
 * console.log(RESERVED_NAMES.has("save")); // true: no property of a model may be named so
 * ```
 */
export const RESERVED_NAMES: ReadonlySet<string> = new Set<string>([
  ...OBJECT,
  ...INSTANCE,
  ...MODEL,
  ...PROMISE,
]);
