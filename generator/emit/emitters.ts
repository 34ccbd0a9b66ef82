import type { Context } from "./context.ts";
import { modelFile } from "./model_file.ts";
import { keyOf, type Source } from "../sources/source.ts";

/** A file of the output, not yet formatted. */
export interface EmittedFile {
  /** Its path inside the output folder, with `/`. */
  readonly path: string;
  /** True for a file of the user's: written when it is not there, never changed. */
  readonly once: boolean;
  readonly text: string;
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

/** What is written for each table, in order. */
export const tableEmitters: readonly TableEmitter[] = [model];

function userFile(source: Source, context: Context): string {
  const { file, className } = context.names.models.get(keyOf(source.object))!;
  const kind = source.object.kind === "table" ? "table" : "view";
  return `import { ${className}Base } from "./generated/${file}.ts";\n\n` +
    `/** A row of its ${kind}. Getters and methods go here: this file is written once, never again. */\n` +
    `export class ${className} extends ${className}Base {}\n`;
}
