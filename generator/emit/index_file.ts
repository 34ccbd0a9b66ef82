import type { Context } from "./context.ts";
import { enumsOf } from "./enums_file.ts";
import { header } from "./model_file.ts";
import { instanceName } from "../name/identifier.ts";
import { compareText } from "../sources/source.ts";
import { sharedTypesOf } from "./types_file.ts";

/** Writes the index of the generated folder: every class, enum and type. */
export function indexFile(context: Context): string {
  const models = [...context.names.models.values()]
    .toSorted((a, b) => compareText(a.file, b.file));
  const lines = models.map(({ className, file }) =>
    `export { ${className} } from "../${file}.ts";\n`
  );
  if (enumsOf(context).length > 0) lines.push(`export * from "./enums.ts";\n`);
  if (sharedTypesOf(context).length > 0) lines.push(`export * from "./types.ts";\n`);
  if (lines.length === 0) lines.push("export {};\n");
  return header("../mod.ts") + lines.join("");
}

/** Writes the entrance of the folder, which is the user's. */
export function entryFile(): string {
  return `/**\n * The models of the database. This file is written once, never again: exports may be added.\n *\n` +
    ` * @module\n */\nexport * from "./generated/mod.ts";\n`;
}

/** Writes the index of views and managers. */
export function managersFile(context: Context): string {
  const names = [...context.names.managers.values()]
    .toSorted((a, b) => compareText(a.managerFile, b.managerFile));
  return header("../managers.ts") +
    names.map(({ view, manager, viewFile, managerFile }) =>
      `export { ${manager}, ${instanceName(manager)} } from "../${managerFile}.ts";\n` +
      `export { ${view} } from "../${viewFile}.ts";\n`
    ).join("");
}

/** Writes the entrance of views and managers, which is the user's. */
export function managersEntryFile(): string {
  return `/**\n * The views and managers of the models. This file is written once, never again.\n *\n` +
    ` * @module\n */\nexport * from "./generated/managers.ts";\n`;
}
