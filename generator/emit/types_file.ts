import type {
  CompositeObject,
  DomainObject,
  EnumObject,
  RangeObject,
} from "../../src/catalog/types.ts";
import type { TypeNames } from "../name/names.ts";
import { derivedColumn, propertiesOf } from "../name/properties.ts";
import type { Context } from "./context.ts";
import { exportedTypes } from "./enums_file.ts";
import { Imports } from "./imports.ts";
import { docComment, keyLiteral, objectLiteral, stringLiteral } from "./literal.ts";
import { header } from "./model_file.ts";
import type { NamedType } from "../sources/named_types.ts";
import { keyOf } from "../sources/source.ts";
import { multirangeFactory, TypeWriter } from "./type_writer.ts";

/** A named type that is not an enum. */
type SharedType = Exclude<NamedType, EnumObject>;

/** The domains, composite types and ranges in the order of their names. */
export function sharedTypesOf(context: Context): SharedType[] {
  return [...context.types.named.values()].filter((type) => type.kind !== "enum");
}

/** Writes the file of the domains, composite types and ranges, each declared once. */
export function typesFile(context: Context): string {
  const taken = exportedTypes(context);
  const imports = new Imports(context.settings.importFrom, (name) => taken.has(name));
  const writer = new TypeWriter(context.types, context.names, imports, {
    enums: "./enums.ts",
    types: null,
  });
  const parts = sharedTypesOf(context).map((type) => {
    const names = context.names.types.get(keyOf(type))!;
    const out = { names, writer, imports, context };
    switch (type.kind) {
      case "domain":
        return domainParts(type, out);
      case "composite":
        return compositeParts(type, out);
      case "range":
        return rangeParts(type, out);
    }
  });
  return `${header("../mod.ts")}${imports}\n\n${parts.join("\n")}`;
}

/** What the parts of one type are written with. */
interface Out {
  readonly names: TypeNames;
  readonly writer: TypeWriter;
  readonly imports: Imports;
  readonly context: Context;
}

const about = (type: SharedType) => `${type.schema}.${type.name}`;
const optionsOf = (schema: string) => objectLiteral([["schema", stringLiteral(schema)]]);

function said(type: SharedType, otherwise: string): string {
  const comment = type.comment?.trim() ?? "";
  return docComment(comment === "" ? otherwise : comment);
}

function domainParts(type: DomainObject, { names, writer, imports }: Out): string {
  const { kind, read, write } = writer.types(type.base);
  const field = imports.type("Field");
  const hasDefault = type.default !== null;
  const insert = hasDefault ? `, "optional"` : "";
  const result = `${field}<${stringLiteral(kind)}, ${read}, ${write}${insert}>`;
  const base = writer.expression(type.base);
  const options = objectLiteral([
    ["schema", stringLiteral(type.schema)],
    ["hasDefault", hasDefault ? "true" : undefined],
  ]);
  const call = `${imports.value("domain")}(${stringLiteral(type.name)}, ${base}, ${options})`;
  return `${said(type, `A value of the domain ${about(type)}`)}` +
    `export type ${names.typeName} = ${read};\n\n` +
    `${docComment(`A column of the domain ${about(type)}`)}` +
    `export function ${names.factory}(): ${result} {\nreturn ${call};\n}\n`;
}

function compositeParts(type: CompositeObject, out: Out): string {
  const { names, writer, imports } = out;
  const attributes = type.attributes.map(({ name }) => name);
  const { byColumn } = propertiesOf(attributes, out.context.settings.casing);
  const rows = type.attributes.map((attribute) => {
    const property = byColumn.get(attribute.name)!;
    const text = writer.types(attribute.type);
    const column = derivedColumn(property) === attribute.name
      ? ""
      : `.column(${stringLiteral(attribute.name)})`;
    const doc = attribute.comment === null ? "" : docComment(attribute.comment);
    const key = keyLiteral(property);
    return {
      read: `${doc}${key}: ${text.read} | null;\n`,
      write: `${doc}readonly ${key}: ${text.write} | null;\n`,
      value: `${doc}${key}: ${writer.expression(attribute.type)}${column},\n`,
    };
  });
  const join = (kind: "read" | "write" | "value") => rows.map((row) => row[kind]).join("");
  const call = `${imports.value("composite")}(${stringLiteral(type.name)}, {\n${join("value")}}, ${
    optionsOf(type.schema)
  })`;
  const input = `${names.typeName}Input`;
  const result = `${imports.type("Field")}<"other", ${names.typeName}, ${input}>`;
  return `${said(type, `A value of ${about(type)}, as it is read`)}` +
    `export type ${names.typeName} = {\n${join("read")}};\n\n` +
    `${docComment(`A value of ${about(type)}, as it may be written`)}` +
    `export type ${input} = {\n${join("write")}};\n\n` +
    `${docComment(`A column of ${about(type)}`)}` +
    `export function ${names.factory}(): ${result} {\nreturn ${call};\n}\n`;
}

function rangeParts(type: RangeObject, { names, writer, imports }: Out): string {
  const bound = writer.types(type.subtype);
  const range = imports.type("Range");
  const input = imports.type("RangeInput");
  const field = imports.type("Field");
  const item = writer.expression(type.subtype);
  const one = `${field}<"range", ${range}<${bound.read}>, ${input}<${bound.write}>>`;
  const many = `${field}<"range", ${range}<${bound.read}>[], readonly ${input}<${bound.write}>[]>`;
  const call = (factory: string, schema: string, name: string) =>
    `${imports.value(factory)}(${stringLiteral(name)}, ${item}, ${optionsOf(schema)})`;
  const { multirange } = type;
  return `${said(type, `A value of the range type ${about(type)}`)}` +
    `export type ${names.typeName} = ${range}<${bound.read}>;\n\n` +
    `${docComment(`A column of the range type ${about(type)}`)}` +
    `export function ${names.factory}(): ${one} {\nreturn ${
      call("range", type.schema, type.name)
    };\n}\n\n` +
    `${docComment(`A column of the multirange type ${multirange.schema}.${multirange.name}`)}` +
    `export function ${multirangeFactory(names)}(): ${many} {\nreturn ${
      call("multirange", multirange.schema, multirange.name)
    };\n}\n`;
}
