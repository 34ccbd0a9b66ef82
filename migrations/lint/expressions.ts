import { flag, namesOf, node, nodes, part, text, type Tree, walk } from "./tree.ts";

/** Functions of the system that give one value for a whole statement. */
const STEADY: ReadonlySet<string> = new Set([
  ...["now", "transaction_timestamp", "statement_timestamp", "timezone", "date_trunc", "age"],
  ...["make_date", "make_time", "make_timestamp", "make_timestamptz", "make_interval"],
  ...["to_char", "to_date", "to_timestamp", "to_number", "date_part", "extract"],
  ...["lower", "upper", "btrim", "ltrim", "rtrim", "concat", "concat_ws", "replace", "left"],
  ...[
    "right",
    "repeat",
    "lpad",
    "rpad",
    "format",
    "md5",
    "encode",
    "decode",
    "length",
    "substring",
  ],
  ...["abs", "ceil", "floor", "round", "trunc", "mod", "power", "sqrt", "sign"],
  ...["array_fill", "array_append", "string_to_array", "array_to_string", "int4range", "int8range"],
  ...["numrange", "tsrange", "tstzrange", "daterange", "point", "box"],
  ...["to_json", "to_jsonb", "json_build_object", "jsonb_build_object", "json_build_array"],
  ...["jsonb_build_array", "json_object", "jsonb_object", "to_tsvector", "current_setting"],
  ...["current_schema", "current_database", "num_nulls", "num_nonnulls"],
]);

/** Those of them that take no values. */
const BARE: ReadonlySet<string> = new Set(["now", "transaction_timestamp", "statement_timestamp"]);

/** The first function of an expression that may give each row another value; null = none. */
export function unsteadyFunction(expression: unknown): string | null {
  for (const { kind, tree } of walk(expression)) {
    if (kind !== "FuncCall") continue;
    const names = namesOf(tree.funcname);
    const name = names.at(-1) ?? "";
    const isSystem = names.length === 1 || names[0] === "pg_catalog";
    const isKnown = isSystem && STEADY.has(name) &&
      !(BARE.has(name) && nodes(tree, "args").length > 0);
    if (!isKnown) return names.join(".");
  }
  return null;
}

/** The columns that an expression proves to hold a value: those of `a IS NOT NULL AND ...`. */
export function provenColumns(expression: unknown): string[] {
  const [outermost] = [...walk(expression)];
  if (outermost === undefined) return [];
  const { kind, tree } = outermost;
  if (kind === "BoolExpr" && text(tree, "boolop") === "AND_EXPR") {
    return (tree.args as readonly unknown[]).flatMap(provenColumns);
  }
  if (kind !== "NullTest" || text(tree, "nulltesttype") !== "IS_NOT_NULL") return [];
  const column = node(tree, "arg");
  const name = column?.kind === "ColumnRef" ? namesOf(column.tree.fields).at(-1) : undefined;
  return name === undefined ? [] : [name];
}

/** A type as it is written in a declaration. */
export interface WrittenType {
  /** Its name; those that are words of SQL have the system's, such as `int4`. */
  readonly name: string;
  /** Whether the name is one of the system's own, or of no schema. */
  readonly plain: boolean;
  /** Whether a length or precision stands behind it. */
  readonly limited: boolean;
}

/** Reads the type of a column. */
export function typeOf(column: Tree): WrittenType {
  const type = part(column, "typeName");
  const names = namesOf(type.names);
  return {
    name: names.at(-1) ?? "",
    plain: names.length === 1 || names[0] === "pg_catalog",
    limited: nodes(type, "typmods").length > 0,
  };
}

/** The constraints that stand with a column, by their type such as `CONSTR_UNIQUE`. */
export function columnConstraints(column: Tree): ReadonlyMap<string, Tree> {
  return new Map(nodes(column, "constraints").map(({ tree }) => [text(tree, "contype"), tree]));
}

/** Whether a constraint is checked for the rows that are there. */
export function isChecked(constraint: Tree): boolean {
  return !flag(constraint, "skip_validation");
}
