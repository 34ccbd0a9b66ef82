import { readFile } from "node:fs/promises";
import { createFromBuffer } from "npm:@dprint/formatter@0.6.0";
import { getPath } from "npm:@dprint/typescript@0.96.1";

/** Formats the text of a TypeScript file as `deno fmt` does by default. */
export type Format = (text: string) => string;

let loaded: Promise<Format> | null = null;

/** Loads the formatter, once; reads one file of its package and needs no other right. */
export function loadFormatter(): Promise<Format> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Format> {
  const formatter = createFromBuffer(new Uint8Array(await readFile(getPath())));
  formatter.setConfig({}, { deno: true });
  return (text) => formatter.formatText({ filePath: "file.ts", fileText: text });
}
