import process from "node:process";
import { redactUrl } from "../src/execute/url.ts";
import { type CommandContext, COMMANDS } from "./commands.ts";
import { loadConfig } from "./config_file.ts";
import { EXIT } from "./errors.ts";
import { databasesOf } from "./rights/databases.ts";
import { flagsOf, permissionSet, seenFrom, shellLine } from "./rights/flags.ts";
import { importsOf, lookAround } from "./rights/machine.ts";
import { rightsOf } from "./rights/rights.ts";
import { programOf } from "./rights/self.ts";

/** Prints the least rights that a call of a command works with: `matrx permissions`. */
export async function runPermissions(context: CommandContext): Promise<number> {
  const { argument, values, args, host, output } = context;
  const command = COMMANDS.find(({ name }) => name === argument)!;
  const cwd = host.cwd();
  const loaded = await loadConfig(cwd, values.text("config"));
  const self = process.versions.deno === undefined ? "" : Deno.mainModule;
  const program = programOf();
  const rights = seenFrom(
    cwd,
    rightsOf({
      ...{ command, values, cwd, loaded },
      configFiles: loaded.file === undefined ? [] : importsOf(loaded.file),
      databases: databasesOf(command, values, loaded, host),
      machine: lookAround(cwd, self),
    }),
  );
  const own = args.slice(1).filter((word) => word !== "--json").map(shown);
  const set = `matrx-${command.name}`;
  const line = shellLine(["deno", "run", ...flagsOf(rights), program, ...own]);
  const bySet = shellLine(["deno", "run", `-P=${set}`, program, ...own]);
  const permissions = { [set]: permissionSet(rights) };
  output.result({ command: command.name, line, flags: flagsOf(rights), permissions, bySet }, [
    line,
    "",
    `As a set in deno.json, for ${bySet}:`,
    JSON.stringify({ permissions }, null, 2),
  ]);
  return EXIT.done;
}

/** A word of the command line, with the password of a URL left out. */
function shown(word: string): string {
  const [, option = "", url] = /^(--[\w-]+=)?(\w+:\/\/.*)$/s.exec(word) ?? [];
  return url === undefined ? word : option + redactUrl(url);
}
