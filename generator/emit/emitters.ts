import type { Context } from "./context.ts";
import { managerFile } from "./manager_file.ts";
import { modelFile } from "./model_file.ts";
import { userManagerFile, viewFile } from "./view_file.ts";
import { keyOf, type Source } from "../sources/source.ts";

/** A file of the output, not yet formatted. */
export interface EmittedFile {
  /** Its path inside the output folder, with `/`. */
  readonly path: string;
  /** True for a file of the user's: written when it is not there, never changed. */
  readonly once: boolean;
  readonly text: string;
  /** Whether the text is formatted as it is: that of managers is long, and written with that in mind. */
  readonly formatted?: boolean;
}

/** Writes files for one table or view. */
export type TableEmitter = (source: Source, context: Context) => readonly EmittedFile[];

/** The model, and the class beside it where the user adds to it. */
const model: TableEmitter = (source, context) => {
  const { file } = context.names.models.get(keyOf(source.object))!;
  return [
    { path: `generated/${file}.ts`, once: false, text: modelFile(source, context) },
    { path: `${file}.ts`, once: true, text: userFile(source, context) },
  ];
};

/** The view and the manager, and the generated class below the manager. */
const manager: TableEmitter = (source, context) => {
  const names = context.names.managers.get(keyOf(source.object));
  if (names === undefined) return [];
  const text = managerFile(source, names, context);
  return [
    { path: `generated/${names.managerFile}.ts`, once: false, text, formatted: true },
    { path: `${names.viewFile}.ts`, once: true, text: viewFile(source, names, context) },
    { path: `${names.managerFile}.ts`, once: true, text: userManagerFile(names), formatted: true },
  ];
};

/** What is written for each table, in order. */
export const tableEmitters: readonly TableEmitter[] = [model, manager];

function userFile(source: Source, context: Context): string {
  const { file, className } = context.names.models.get(keyOf(source.object))!;
  const kind = source.object.kind === "table" ? "table" : "view";
  return `import { ${className}Base } from "./generated/${file}.ts";\n\n` +
    `/** A row of its ${kind}. Getters and methods go here: this file is written once, never again. */\n` +
    `export class ${className} extends ${className}Base {}\n`;
}
