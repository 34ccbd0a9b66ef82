import type { Context } from "./context.ts";
import { isReservedProperty } from "../name/identifier.ts";
import { keyOf } from "../sources/source.ts";
import { Imports } from "./imports.ts";
import { TypeWriter } from "./type_writer.ts";

/** Something about a table that the reader of the output should know. */
export interface Note {
  /** Stable name of what it is about. */
  readonly code: "foreign_key_without_model" | "unknown_type" | "no_primary_key" | "reserved_name";
  /** The schema of the table. */
  readonly schema: string;
  /** The table or view. */
  readonly table: string;
  /** The column or constraint; null = the table. */
  readonly name: string | null;
  /** What follows the name: `has no primary key: ...`. */
  readonly message: string;
}

/** Lists what could not be said in code, in the order of the tables. */
export function notesOf(context: Context): Note[] {
  const none = new Imports("", () => false);
  const types = new TypeWriter(context.types, context.names, none, { enums: null, types: null });
  return context.sources.flatMap((source) => {
    const { schema, name: table, kind } = source.object;
    const note = (code: Note["code"], name: string | null, message: string): Note => ({
      code,
      schema,
      table,
      name,
      message,
    });
    const properties = context.names.models.get(keyOf(source.object))!.properties.byColumn;
    const hasKey = source.constraints.some((one) => one.type === "primary");
    return [
      ...(kind === "table" && !hasKey
        ? [note("no_primary_key", null, "has no primary key: its rows can be read and inserted")]
        : []),
      ...context.relations.get(keyOf(source.object))!.dangling.map((one) =>
        note(
          "foreign_key_without_model",
          one.name,
          `references ${one.references.schema}.${one.references.table}, which has no model: ` +
            "the column and the constraint stay, the relation is left out",
        )
      ),
      ...source.columns.flatMap(({ name }) => {
        const property = properties.get(name)!;
        const wished = property.slice(0, -1);
        return property.endsWith("_") && isReservedProperty(wished)
          ? [note("reserved_name", name, `is the property ${property}: ${wished} is reserved`)]
          : [];
      }),
      ...source.columns.filter((column) => !types.isKnown(column.type)).map((column) =>
        note(
          "unknown_type",
          column.name,
          `has the type ${column.formatted}, which comes and goes as text`,
        )
      ),
    ];
  });
}
