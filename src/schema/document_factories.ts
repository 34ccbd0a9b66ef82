/** The factories of documents: JSON, XML, full-text search. */
import { json as jsonCodec, jsonb as jsonbCodec } from "../codec/json.ts";
import { textCodec } from "../codec/text.ts";
import { wrongArgument } from "../errors/argument.ts";
import { Field } from "./field.ts";
import { jsonLookups } from "./lookups/json.ts";
import { searchLookups } from "./lookups/search.ts";
import { make } from "./make_field.ts";
import {
  checkBy,
  isStandardSchema,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchema,
} from "./standard.ts";

/**
 * `jsonb`: JSON, parsed. The type argument is the caller's word for what is stored.
 *
 * With a schema of Zod, Valibot, ArkType or any other library of Standard Schema, the types are those of
 * the schema, and it is asked about each value that is written: by `create()`, `save()`, `update()` and
 * every bulk write. What it makes of the value is stored, defaults filled in. Values that are read are
 * as the database holds them: rows may be older than the schema. It must answer at once.
 *
 * @example
 * ```ts
 * import { integer, jsonb, model, type StandardSchema } from "@matrx/orm";
 *
 * const tags: StandardSchema<string[]> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "my",
 *     validate: (value) =>
 *       Array.isArray(value) ? { value } : { issues: [{ message: "expected a list" }] },
 *   },
 * };
 * class Note extends model("notes", { id: integer().primaryKey(), tags: jsonb(tags) }) {}
 * ```
 */
export function jsonb<Value = unknown>(): Field<"json", Value, Value>;

/** `jsonb` whose values follow a schema. */
export function jsonb<Schema extends StandardSchema>(
  schema: Schema,
): Field<"json", SchemaOutput<Schema>, SchemaInput<Schema>>;
export function jsonb(schema?: StandardSchema): Field<"json", unknown, unknown> {
  return followed("jsonb()", make("json", jsonbCodec, [], jsonLookups), schema);
}

/**
 * `json`: JSON kept as written by the server, parsed when read. A schema is asked as for `jsonb`.
 *
 * @example
 * ```ts
 * import { json } from "@matrx/orm";
 *
 * const receipt = json<{ lines: string[] }>();
 * ```
 */
export function json<Value = unknown>(): Field<"json", Value, Value>;

/** `json` whose values follow a schema. */
export function json<Schema extends StandardSchema>(
  schema: Schema,
): Field<"json", SchemaOutput<Schema>, SchemaInput<Schema>>;
export function json(schema?: StandardSchema): Field<"json", unknown, unknown> {
  return followed("json()", make("json", jsonCodec, [], jsonLookups), schema);
}

/** Ties a schema to a field, where one is given. */
function followed(
  call: string,
  field: Field<"json", unknown, unknown>,
  schema: StandardSchema | undefined,
): Field<"json", unknown, unknown> {
  if (schema === undefined) return field;
  if (!isStandardSchema(schema)) {
    throw wrongArgument(call, "a schema of Standard Schema, or nothing");
  }
  return new Field({ ...field.spec, schema, check: checkBy(schema) });
}

/**
 * `tsvector`: a document for full-text search.
 *
 * @example
 * ```ts
 * import { model, tsvector } from "@matrx/orm";
 *
 * class Note extends model("notes", { words: tsvector() }) {}
 * const query = Note.filter({ words: { search: "beans -mug" } });
 * console.log(query.toSql().text);
 * ```
 */
export function tsvector(): Field<"search", string, string> {
  return make("search", textCodec("tsvector"), [], searchLookups);
}

/**
 * `tsquery`: a full-text query.
 *
 * @example
 * ```ts
 * import { tsquery } from "@matrx/orm";
 *
 * const wanted = tsquery(); // "'beans' & !'mug'"
 * ```
 */
export function tsquery(): Field<"other", string, string> {
  return make("other", textCodec("tsquery"));
}

/**
 * `xml`.
 *
 * @example
 * ```ts
 * import { xml } from "@matrx/orm";
 *
 * const invoice = xml().nullable();
 * ```
 */
export function xml(): Field<"other", string, string> {
  return make("other", textCodec("xml"));
}
