/**
 * Zod schemas of models: what may be inserted, what may be updated, what a row is.
 *
 * @module
 */
import { z } from "npm:zod@4.6.7";
import { ConfigurationError, type Issue } from "../errors/base.ts";
import type { ColumnName, ReadOf, ShapeOf, WritableName, WriteOf } from "../schema/infer.ts";
import type { HasShape } from "../schema/keys.ts";
import { type ColumnMeta, metaOf, type ModelMeta } from "../schema/meta.ts";
import { meant } from "../util/nearest.ts";
import { readIssues } from "../validate/read.ts";
import {
  columnIssues,
  isNullable,
  isOptional,
  unknownFault,
  type WriteKind,
} from "../validate/row.ts";
import { jsonOf, type JsonSchema, orNull } from "./json.ts";

/** The schema of a column whose value must be there. */
export type ColumnSchema<Value> = z.ZodType<Value, Value>;

/** The schema of a column whose value may be left out. */
export type OptionalColumnSchema<Value> = z.ZodType<Value, Value> & {
  /** Type only: what makes the property optional. */
  readonly _zod: { readonly optin: "optional"; readonly optout: "optional" };
};

/** The columns of an insert and their schemas. */
export type InsertColumns<Shape> = {
  [Name in WritableName<Shape>]: Shape[Name] extends { readonly $insert: "required" }
    ? ColumnSchema<WriteOf<Shape[Name]>>
    : OptionalColumnSchema<WriteOf<Shape[Name]>>;
};

/** The columns of an update and their schemas. */
export type UpdateColumns<Shape> = {
  [Name in WritableName<Shape>]: OptionalColumnSchema<WriteOf<Shape[Name]>>;
};

/** The columns of a row and their schemas. */
export type RowColumns<Shape> = {
  [Name in ColumnName<Shape>]: ColumnSchema<ReadOf<Shape[Name]>>;
};

/** A model whose rows are read. */
export interface RowSource<Instance extends HasShape<unknown>> {
  /** What its rows inherit. */
  readonly prototype: Instance;
}

/** A model whose rows are written. */
export interface WriteSource<Instance extends HasShape<unknown>> extends RowSource<Instance> {
  /** What a view has not. */
  readonly create: unknown;
}

/** The schema of what `create()` of a model takes: `z.infer` of it is `InsertOf`. */
export type InsertSchema<Instance> = z.ZodObject<InsertColumns<ShapeOf<Instance>>, z.core.$strict>;
/** The schema of what `update()` of a model takes: `z.infer` of it is `UpdateOf`. */
export type UpdateSchema<Instance> = z.ZodObject<UpdateColumns<ShapeOf<Instance>>, z.core.$strict>;
/** The schema of a row of a model: `z.infer` of it is `RowOf`. */
export type RowSchema<Instance> = z.ZodObject<RowColumns<ShapeOf<Instance>>, z.core.$strip>;

/**
 * Gives the schema of what `create()` of a model takes.
 *
 * It takes what the table takes, as far as the model says: types, lengths, digits, labels, NULL, and the
 * schemas of JSON columns. It does not know check constraints, unique keys or whether a referenced row is
 * there. It gives the values back as they came. Unknown keys and those that the server makes are refused.
 *
 * @throws {ConfigurationError} the model is one of a view
 *
 * @example
 * ```ts
 * import { integer, model, varchar } from "@matrx/orm";
 * import { insertSchema } from "@matrx/orm/zod";
 *
 * class Tag extends model("tags", { id: integer().primaryKey().identity(), label: varchar(20) }) {}
 * const input: unknown = { label: "urgent" };
 * const values = insertSchema(Tag).parse(input); // { id?: number, label: string }
 * ```
 */
export function insertSchema<Instance extends HasShape<unknown>>(
  model: WriteSource<Instance>,
): InsertSchema<Instance> {
  // the schemas are made from data; the type says which they are
  return writeSchema(metaOf(model), "insert") as unknown as InsertSchema<Instance>;
}

/**
 * Gives the schema of what `update()` of a model takes: any of the columns that may be written.
 *
 * An entry that is undefined is refused, as the update would; so is the counter of an optimistic lock.
 *
 * @example
 * ```ts
 * import { integer, model, varchar } from "@matrx/orm";
 * import { updateSchema } from "@matrx/orm/zod";
 *
 * class Tag extends model("tags", { id: integer().primaryKey().identity(), label: varchar(20) }) {}
 * const change = updateSchema(Tag).safeParse({ label: "a label that is far too long" });
 * console.log(change.success); // false
 * ```
 */
export function updateSchema<Instance extends HasShape<unknown>>(
  model: WriteSource<Instance>,
): UpdateSchema<Instance> {
  return writeSchema(metaOf(model), "update") as unknown as UpdateSchema<Instance>;
}

/**
 * Gives the schema of a row of a model, as it is read: all columns, computed ones too.
 *
 * It takes an instance as well as a plain object, and gives a plain object without what is no column. The
 * schemas of JSON columns are asked, which reading a row does not do.
 *
 * @example
 * ```ts
 * import { integer, model, varchar } from "@matrx/orm";
 * import { rowSchema } from "@matrx/orm/zod";
 *
 * class Tag extends model("tags", { id: integer().primaryKey().identity(), label: varchar(20) }) {}
 * const row = rowSchema(Tag).parse(new Tag({ id: 1, label: "urgent" }));
 * console.log(row); // { id: 1, label: "urgent" }
 * ```
 */
export function rowSchema<Instance extends HasShape<unknown>>(
  model: RowSource<Instance>,
): RowSchema<Instance> {
  const meta = metaOf(model);
  const shape = meta.columns.map((column) => {
    const nullable = isNullable(meta, column);
    const schema = checked((value) => readIssues(column.values, value, nullable));
    return [column.property, schema.meta(jsonColumn(column, "row", nullable))] as const;
  });
  return z.object(Object.fromEntries(shape)) as unknown as RowSchema<Instance>;
}

/** What a JSON Schema of a model tells of. */
export type JsonSchemaKind = WriteKind | "row";

/**
 * Gives the JSON Schema (draft 2020-12, as OpenAPI 3.1 has it) of a model's inserts, updates or rows.
 *
 * That of a row tells of `toJSON()`: a bigint is decimal text, a Date is ISO 8601, bytes are base64. In
 * what is written a bigint is an integer and a time is text.
 *
 * @example
 * ```ts
 * import { integer, model, varchar } from "@matrx/orm";
 * import { jsonSchema } from "@matrx/orm/zod";
 *
 * class Tag extends model("tags", { id: integer().primaryKey().identity(), label: varchar(20) }) {}
 * console.log(jsonSchema(Tag, "insert").required); // ["label"]
 * ```
 *
 * @throws {ConfigurationError} the kind is none of the three, or the model cannot be written
 */
export function jsonSchema(
  model: RowSource<HasShape<unknown>>,
  kind: JsonSchemaKind,
): JsonSchema {
  const meta = metaOf(model);
  if (!KINDS.includes(kind)) throw unknownKind(kind);
  const { version } = meta;
  const made = kind === "row" ? rowSchema(model) : writeSchema(meta, kind);
  const schema: JsonSchema = { ...z.toJSONSchema(made, { io: "input" }) };
  const properties = schema["properties"] as JsonSchema | undefined;
  // the schema knows the counter, only to say that it cannot be written
  if (kind === "update" && version !== null) delete properties?.[version.property];
  if (kind === "row") schema["additionalProperties"] = false;
  return schema;
}

const KINDS: readonly JsonSchemaKind[] = ["insert", "update", "row"];

function unknownKind(kind: unknown): ConfigurationError {
  return new ConfigurationError(`Cannot make a JSON Schema of ${JSON.stringify(kind)}`, {
    code: "invalid_option",
    hint: meant(String(kind), KINDS, `It is one of ${KINDS.join(", ")}`),
  });
}

/** How Zod names what a program finds by itself. */
const CUSTOM = "custom";

/** A schema of anything, of which a function says what is wrong. */
function checked(find: (value: unknown) => readonly Issue[]): z.ZodUnknown {
  return z.unknown().check((payload) => {
    for (const { path, message } of find(payload.value)) {
      payload.issues.push({ code: CUSTOM, message, path: [...path], input: payload.value });
    }
  });
}

function writeSchema(meta: ModelMeta, kind: WriteKind): z.ZodType {
  if (meta.kind !== "table") {
    throw new ConfigurationError(
      `Cannot make a schema of writes to ${meta.label}: it is a ${meta.kind}`,
      {
        code: "schema_of_view",
        hint: "Use rowSchema(): the rows of a view are read alone",
        context: { model: meta.label },
      },
    );
  }
  const columns = meta.columns.filter((column) => column.writable);
  const shape = columns.map((column) => {
    const schema = checked((value) => columnIssues(meta, column, value, kind))
      .meta(jsonColumn(column, "write", isNullable(meta, column)));
    if (kind === "update") return [column.property, schema.exactOptional()] as const;
    return [column.property, isOptional(column) ? schema.optional() : schema] as const;
  });
  return z.strictObject(Object.fromEntries(shape), {
    error: (found) =>
      found.code === "unrecognized_keys"
        ? found.keys.map((name) => unknownFault(meta, name)).join("; ")
        : undefined,
  });
}

function jsonColumn(column: ColumnMeta, use: "write" | "row", nullable: boolean): JsonSchema {
  const values = jsonOf(column.values, use);
  const { comment } = column.spec;
  const schema = nullable ? orNull(values) : values;
  return comment === null ? schema : { ...schema, description: comment };
}
