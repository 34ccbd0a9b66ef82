import { readFile } from "node:fs/promises";
import { createFromBuffer } from "npm:@dprint/formatter@0.6.0";
import { getPath } from "npm:@dprint/typescript@0.96.1";

/** Formats the text of a TypeScript file as `deno fmt` does by default. */
export type Format = (text: string) => string;

/** How often a text is formatted at most. */
const MOST_PASSES = 5;

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

/** What one pass may leave unstable: a thunk or a class whose head was broken over lines. */
const UNSTABLE = /=>\n|\n {2}extends \w+\(\n/;

/** Formats again what one pass left unstable, until nothing changes, as `deno fmt` does. */
function untilStable(format: Format, text: string): string {
  let formatted = format(text);
  for (let pass = 1; pass < MOST_PASSES && UNSTABLE.test(formatted); pass++) {
    const again = format(formatted);
    if (again === formatted) return again;
    formatted = again;
  }
  return formatted;
}
