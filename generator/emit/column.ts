import type { ColumnObject, SequenceOptions } from "../../src/catalog/types.ts";
import { derivedColumn } from "../name/properties.ts";
import type { Imports } from "./imports.ts";
import { objectLiteral, recordLiteral, sqlLiteral, stringLiteral } from "./literal.ts";
import type { TypeText } from "./type_writer.ts";

/** A foreign key of one column. */
export interface Reference {
  /** The class that it references. */
  readonly target: string;
  /** Its options as an object literal. */
  readonly options: string;
}

/** What a table says about one of its columns. */
export interface ColumnFacts {
  readonly column: ColumnObject;
  readonly property: string;
  /** Whether a value can be NULL. */
  readonly nullable: boolean;
  /** Whether its type alone forbids NULL, and not the column. */
  readonly strictType: boolean;
  /** Whether its type brings a default along. */
  readonly hasDefault: boolean;
  /** Whether the column alone is the primary key. */
  readonly primary: boolean;
  /** Whether it has a unique constraint of its own under PostgreSQL's usual name. */
  readonly unique: boolean;
  /** The foreign key that the column is. */
  readonly reference: Reference | null;
}

/** Writes a column: its type and what the table says about it. */
export function columnExpression(type: string, facts: ColumnFacts, imports: Imports): string {
  const { column } = facts;
  const sql = () => imports.value("sql");
  const parts = [type];
  if (facts.nullable) parts.push(".nullable()");
  if (facts.primary) parts.push(".primaryKey()");
  if (facts.unique) parts.push(".unique()");
  if (column.default !== null) parts.push(`.default(${sqlLiteral(column.default, sql())})`);
  if (column.identity !== null) parts.push(identity(column));
  if (column.generated !== null) {
    const { expression, kind } = column.generated;
    const options = kind === "stored" ? "" : `, { kind: ${stringLiteral(kind)} }`;
    parts.push(`.generatedAs(${sqlLiteral(expression, sql())}${options})`);
  }
  if (facts.reference !== null) {
    const { target, options } = facts.reference;
    parts.push(`.references<${target}>(() => ${target}, ${options})`);
  }
  if (column.collation !== null) {
    const { schema, name } = column.collation;
    parts.push(`.collate(${stringLiteral(schema)}, ${stringLiteral(name)})`);
  }
  parts.push(storage(facts));
  if (derivedColumn(facts.property) !== column.name) {
    parts.push(`.column(${stringLiteral(column.name)})`);
  }
  if (column.comment !== null) parts.push(`.comment(${stringLiteral(column.comment)})`);
  return parts.join("");
}

function identity(column: ColumnObject): string {
  const { generation, options, sequence, comment } = column.identity!;
  const usual = usualSequence(column.type.name, options);
  const given = objectLiteral([
    ...(["start", "increment", "min", "max", "cache"] as const).map((key) =>
      [key, options[key] === usual[key] ? undefined : numberLiteral(options[key])] as const
    ),
    ["cycle", options.cycle ? "true" : undefined],
    [
      "sequence",
      sequence.name === `${column.table}_${column.name}_seq`
        ? undefined
        : stringLiteral(sequence.name),
    ],
    ["comment", comment === null ? undefined : stringLiteral(comment)],
  ]);
  return `.identity(${stringLiteral(generation)}${given === "{}" ? "" : `, ${given}`})`;
}

const LARGEST: Readonly<Record<string, string>> = {
  int2: "32767",
  int4: "2147483647",
  int8: "9223372036854775807",
};

const SMALLEST: Readonly<Record<string, string>> = {
  int2: "-32768",
  int4: "-2147483648",
  int8: "-9223372036854775808",
};

/** What PostgreSQL chooses for a sequence of a type when nothing but its direction is said. */
function usualSequence(type: string, given: SequenceOptions): SequenceOptions {
  const falls = given.increment.startsWith("-");
  const min = falls ? SMALLEST[type] ?? "" : "1";
  const max = falls ? "-1" : LARGEST[type] ?? "";
  const start = falls ? given.max : given.min;
  return { start, increment: "1", min, max, cache: "1", cycle: false };
}

/** Writes a whole number; one beyond the exact range of a double as a bigint. */
function numberLiteral(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `${digits}n`;
}

function storage({ column, strictType }: ColumnFacts): string {
  const filled = (record: Readonly<Record<string, string>>) =>
    Object.keys(record).length === 0 ? undefined : recordLiteral(record);
  const given = objectLiteral([
    ["storage", column.storage === null ? undefined : stringLiteral(column.storage)],
    ["compression", column.compression === null ? undefined : stringLiteral(column.compression)],
    ["statistics", column.statistics === null ? undefined : String(column.statistics)],
    ["options", filled(column.options)],
    ["foreignOptions", filled(column.foreignOptions)],
    ["notNull", strictType ? "false" : undefined],
  ]);
  return given === "{}" ? "" : `.storage(${given})`;
}

/** Writes the type of a column for the type checker: `Field<"text", string, string>`. */
export function columnType(type: TypeText, facts: ColumnFacts, imports: Imports): string {
  const { column } = facts;
  const insert = insertMode(column, facts.nullable || facts.hasDefault);
  const nothing = facts.nullable ? " | null" : "";
  const args = [stringLiteral(type.kind), type.read + nothing, type.write + nothing];
  const role = facts.primary ? "primary" : "plain";
  const { reference } = facts;
  // trailing arguments that are the defaults are left out
  if (reference !== null || role !== "plain" || insert !== "required") {
    args.push(stringLiteral(insert));
  }
  if (reference !== null || role !== "plain") args.push(stringLiteral(role));
  if (reference !== null) args.push(`"fk"`, reference.target);
  return `${imports.type("Field")}<${args.join(", ")}>`;
}

function insertMode(
  column: ColumnObject,
  mayBeLeftOut: boolean,
): "required" | "optional" | "never" {
  if (column.generated !== null || column.identity?.generation === "always") return "never";
  return mayBeLeftOut || column.default !== null || column.identity !== null
    ? "optional"
    : "required";
}
