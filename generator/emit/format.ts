import { readFile } from "node:fs/promises";
import { createFromBuffer } from "npm:@dprint/formatter@0.6.0";
import { getPath } from "npm:@dprint/typescript@0.96.1";

/** Formats the text of a TypeScript file as `deno fmt` does by default. */
export type Format = (text: string) => string;

/** How often a text is formatted at most. */
const LARGEST_PASSES = 5;

let loaded: Promise<Format> | null = null;

/** Loads the formatter, once; reads one file of its package and needs no other right. */
export function loadFormatter(): Promise<Format> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Format> {
  const formatter = createFromBuffer(new Uint8Array(await readFile(getPath())));
  formatter.setConfig({}, { deno: true });
  const once: Format = (text) => formatter.formatText({ filePath: "file.ts", fileText: text });
  return (text) => untilStable(once, text);
}

/** Formats until nothing changes, as `deno fmt` does: one pass can leave what the next one changes. */
function untilStable(format: Format, text: string): string {
  let before = text;
  for (let pass = 0; pass < LARGEST_PASSES; pass++) {
    const after = format(before);
    if (after === before) return after;
    before = after;
  }
  return before;
}
