/** How this program was started, in words that start it again. */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { disk } from "../disk.ts";
import { registryUrl } from "./machine.ts";

/** The program as `deno run` takes it: a path, an address, or the name of a package. */
export function selfWord(main: string): string {
  if (main.startsWith("file:")) return fileURLToPath(main);
  const registry = registryUrl();
  if (!main.startsWith(registry)) return main;
  // the address of a file of a package would not go by the project's import map
  const found = /^(@[^/]+\/[^/]+)\/([^/]+)\/(\w+)\.ts$/.exec(main.slice(registry.length));
  return found === null ? main : `jsr:${found[1]}@${found[2]}/${found[3]}`;
}

/** Flags of `deno run` that say how modules are found, and whether a word of its own follows. */
const KEPT: Readonly<Record<string, boolean>> = {
  "--config": true,
  "-c": true,
  "--import-map": true,
  "--cert": true,
  "--no-config": false,
  "--lock": false,
  "--no-lock": false,
  "--frozen": false,
  "--node-modules-dir": false,
  "--vendor": false,
  "--cached-only": false,
  "--no-remote": false,
  "--min-dep-age": true,
  "--conditions": true,
};

/** The flags of this process that say how modules are found; none where the system does not tell. */
export function keptFlags(line: readonly string[] = commandLine()): string[] {
  const kept: string[] = [];
  for (let at = 1; at < line.length; at++) {
    const word = line[at]!;
    const [name = ""] = word.split("=", 1);
    if (!word.startsWith("-")) {
      // the first word is the subcommand; a second one is the program, and what follows is its own
      if (at > 1) break;
      continue;
    }
    const takesWord = Object.hasOwn(KEPT, name) ? KEPT[name] : undefined;
    if (takesWord === undefined && !name.startsWith("--unstable-")) continue;
    kept.push(word);
    if (takesWord === true && name === word) kept.push(line[++at] ?? "");
  }
  return kept;
}

/** The words that this process was started with. */
function commandLine(): string[] {
  try {
    return disk.text("/proc/self/cmdline").split("\0").slice(0, -1);
  } catch {
    return []; // not Linux
  }
}

/** Variables that the runtime itself works with: hidden from code, which may not read them. */
const RUNTIME = new RegExp(
  "^(?:DENO_\\w+|NPM_CONFIG_\\w+|JSR_URL|HOME|USERPROFILE|LOCALAPPDATA|APPDATA|SYSTEMROOT|" +
    "XDG_CACHE_HOME|TMPDIR|TEMP|TMP|(?:HTTPS?|NO|ALL)_PROXY|SSL_CERT_\\w+|NODE_EXTRA_CA_CERTS|" +
    "NO_COLOR|FORCE_COLOR|COLORTERM|TERM|TZ|LANG|LC_\\w+|LD_LIBRARY_PATH|PATH|PATHEXT)$",
  "i",
);

/** The environment of the process that is started: what the runtime needs of this one's. */
export function runtimeEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] =>
      RUNTIME.test(entry[0]) && entry[1] !== undefined
    ),
  );
}

/** What the program is called where it was not started by Deno. */
const PACKAGE = "jsr:@matrx/orm/cli";

/** How this program is started on Deno; the name of the package where another program calls it. */
export function programOf(): string {
  const main = process.versions.deno === undefined ? "" : Deno.mainModule;
  return /\/(?:cli|bin)\.[jt]s$/.test(main) ? selfWord(main) : PACKAGE;
}
