/** What the exports of the package offer, and which of it has an example. */
import { dirname, join } from "node:path/posix";

/** Something that an export offers and a program can use: a function, a class or a constant. */
export interface Offered {
  readonly name: string;
  /** The file that declares it, by path from the root. */
  readonly file: string;
  /** `runs`: it has an example; `ignored`: only one that says so; `none`; `error`: an error needs none. */
  readonly example: "runs" | "ignored" | "none" | "error";
}

const EXPORT = /^export \{([^}]*)\} from "([^"]+)";/gm;
const OWN = /^export (?:async )?(?:function|class|abstract class|const) (\w+)/gm;

/** The values that a module exports, and the files that declare them. `read` gives the text of a file. */
function exportsOf(door: string, read: (path: string) => string): [name: string, file: string][] {
  const text = read(door);
  const passedOn = [...text.matchAll(EXPORT)].flatMap(([, list = "", from = ""]) =>
    list.split(",").map((one) => one.trim())
      .filter((one) => one !== "" && !one.startsWith("type "))
      .map((one): [string, string] => [one.split(" as ")[0]!, join(dirname(door), from)])
  );
  const own = [...text.matchAll(OWN)].map(([, name]): [string, string] => [name!, door]);
  return [...passedOn, ...own];
}

/** The doc comment of what a text declares by a name: that of the first overload. */
export function commentOf(text: string, name: string): string | undefined {
  const declared = new RegExp(
    `^(?:/\\*\\*((?:(?!\\*/)[^])*)\\*/\\n)?export (?:async )?(?:function|class|abstract class|const) ${name}\\b`,
    "m",
  );
  return declared.exec(text)?.[1];
}

/** What a doc comment shows. */
export function exampleIn(comment: string): Exclude<Offered["example"], "error"> {
  const fences = [...comment.matchAll(/^ \* ```ts( ignore)?$/gm)];
  if (!comment.includes("@example") || fences.length === 0) return "none";
  return fences.some(([, ignored]) => ignored === undefined) ? "runs" : "ignored";
}

/** Everything that some modules offer, each once. */
export function offered(doors: readonly string[], read: (path: string) => string): Offered[] {
  const found = new Map<string, Offered>();
  for (const door of doors) {
    for (const [name, file] of exportsOf(door, read)) {
      const text = read(file);
      const isError = new RegExp(`^export class ${name} extends \\w*Error\\b`, "m").test(text);
      const example = isError ? "error" : exampleIn(commentOf(text, name) ?? "");
      found.set(`${file} ${name}`, { name, file, example });
    }
  }
  return [...found.values()];
}

/** An example of a doc comment, as a module that runs it. */
export interface Example {
  /** The line on which it stands, from 1. */
  readonly line: number;
  /** A module that exports `run()`. */
  readonly module: string;
}

const FENCE = /^ *\* ```ts\n((?: *\*.*\n)*?) *\* ```$/gm;
const IMPORT = /^import (?:type )?\{[^}]*\} from "[^"]+";\n/gm;

/** The examples in the doc comments of a text that are to be run. */
export function examplesOf(text: string): Example[] {
  return [...text.matchAll(FENCE)].map((found) => {
    const code = found[1]!.replaceAll(/^ *\* ?/gm, "");
    const imports = (code.match(IMPORT) ?? []).join("");
    // within a function nothing is exported
    const body = code.replaceAll(IMPORT, "").replaceAll(/^export (?:default )?/gm, "").trim();
    return {
      line: text.slice(0, found.index).split("\n").length,
      module: `${imports}\nexport async function run(): Promise<void> {\n${body}\n}\n`,
    };
  });
}
