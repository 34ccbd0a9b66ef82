import type { EnumObject } from "../../src/catalog/types.ts";
import { variableName } from "../name/identifier.ts";
import type { Context } from "./context.ts";
import { Imports } from "./imports.ts";
import { docComment, objectLiteral, stringList, stringLiteral } from "./literal.ts";
import { header } from "./model_file.ts";
import { keyOf } from "../sources/source.ts";

/** Writes the file of the enums: for each its labels in order, the union of them, and its column. */
export function enumsFile(context: Context): string {
  const taken = exportedTypes(context);
  const imports = new Imports(context.settings.importFrom, (name) => taken.has(name));
  const parts = enumsOf(context).map((type) => enumParts(type, context, imports));
  return `${header("../mod.ts")}${imports}\n\n${parts.join("\n")}`;
}

/** The enums in the order of their names. */
export function enumsOf(context: Context): EnumObject[] {
  return [...context.types.named.values()].filter((type) => type.kind === "enum");
}

/** The names of the types that the output declares. */
export function exportedTypes(context: Context): Set<string> {
  return new Set(
    Array.from(context.names.types.values(), ({ typeName }) => [typeName, `${typeName}Input`])
      .flat(),
  );
}

function enumParts(type: EnumObject, context: Context, imports: Imports): string {
  const { typeName, factory } = context.names.types.get(keyOf(type))!;
  const labels = `${variableName(typeName).replace(/_$/, "")}Labels`;
  const options = objectLiteral([["schema", stringLiteral(type.schema)]]);
  const field = `${imports.type("Field")}<"enum", ${typeName}, ${typeName}>`;
  const call = `${imports.value("enumeration")}(${
    stringLiteral(type.name)
  }, ${labels}, ${options})`;
  const said = type.comment?.trim() ?? "";
  const about = `${type.schema}.${type.name}`;
  return `${docComment(`The labels of ${about}, in order`)}` +
    `export const ${labels} = ${stringList(type.labels)} as const;\n\n` +
    `${docComment(said === "" ? `A label of ${about}` : said)}` +
    `export type ${typeName} = typeof ${labels}[number];\n\n` +
    `${docComment(`A column of ${about}`)}` +
    `export function ${factory}(): ${field} {\nreturn ${call};\n}\n`;
}
