/** Writes the files of a view and a manager that are the user's. */
import { instanceName } from "../name/identifier.ts";
import type { ManagerNames } from "../name/names.ts";
import { managerSettings } from "../options.ts";
import { keyOf, type Source } from "../sources/source.ts";
import type { Context } from "./context.ts";
import { Imports } from "./imports.ts";
import { stringList } from "./literal.ts";
import { propertiesOfRelations } from "./manager_methods.ts";

/** Writes the view of a model: every relation, and an example of a computed field. */
export function viewFile(source: Source, names: ManagerNames, context: Context): string {
  const { className, file } = context.names.models.get(keyOf(source.object))!;
  const { view } = names;
  const { importFrom, explicit } = context.settings;
  const imports = new Imports(importFrom, (name) => name === view || name === className);
  imports.from(`./${file}.ts`, className, "value");
  const { prefetch } = managerSettings(context.settings, source.object)!;
  const list = stringList(prefetch ? propertiesOfRelations(source, context) : []);
  const call = `${imports.value("view")}(${className}, {\nprefetch: ${list},\n})`;
  const type = `${imports.type("ViewClass")}<${className}, readonly ${list}>`;
  const head = explicit ? `const ${view}Source: ${type} = ${call};\n\n` : "";
  if (!explicit) imports.forget("ViewClass");
  return `${imports}\n\n${head}` +
    `/** What a program shows of a row. This file is written once, never again. */\n` +
    `export class ${view} extends ${explicit ? `${view}Source` : call} {\n` +
    `// Async methods are computed fields, and lie on the row under their names:\n` +
    `// async displayName(row: typeof ${view}.subject): Promise<string> {\n` +
    `//   return await Promise.resolve(String(row));\n// }\n}\n`;
}

/** Writes the manager that is the user's, and its only instance. */
export function userManagerFile({ manager, managerFile }: ManagerNames): string {
  return `import { ${manager}Base } from "./generated/${managerFile}.ts";\n\n` +
    `/** Methods go here: this file is written once, never again. */\n` +
    `export class ${manager} extends ${manager}Base {}\n\n` +
    `/** The manager that programs share. */\n` +
    `export const ${instanceName(manager)}: ${manager} = new ${manager}();\n`;
}
