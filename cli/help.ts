import { type Command, COMMANDS } from "./commands.ts";
import { COMMON_OPTIONS, type OptionSpec, type OptionTable, RIGHTS_OPTIONS } from "./options.ts";
import { flagsOf, permissionSet, shellLine } from "./rights/flags.ts";
import { generalRights } from "./rights/general.ts";

/** The help of the program: what commands there are. */
export function programHelp(): string {
  const rows: [string, string][] = [
    ...COMMANDS.map((command): [string, string] => [command.name, command.summary]),
    ["help", "Print the help of a command"],
    ["version", "Print the version"],
  ];
  return [
    "matrx: typed models from a PostgreSQL database, and back",
    "",
    "Usage: matrx COMMAND [OPTIONS]",
    "",
    ...table(rows),
    "",
    "matrx COMMAND --help tells what a command takes",
    "Exit status: 0 done, 1 failure, 2 wrong usage, 3 differences",
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  return [
    command.summary,
    "",
    `Usage: matrx ${command.name} ${argumentOf(command)}[OPTIONS]`,
    "",
    ...table(optionRows(command.options)),
    "",
    ...(command.permissions.read.length === 0 ? [] : [...table(optionRows(RIGHTS_OPTIONS)), ""]),
    ...table(optionRows(COMMON_OPTIONS)),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
    ...(command.config.length === 0
      ? []
      : ["matrx.config.ts:", ...command.config.map((line) => `  ${line}`), ""]),
    ...rightsOf(command),
  ].join("\n");
}

/** The rights that a command takes on Deno, as a line and as a set. */
function rightsOf(command: Command): string[] {
  if (command.permissions.read.length === 0) return [];
  const rights = generalRights(command);
  const set = { [`matrx-${command.name}`]: permissionSet(rights) };
  return [
    `Rights on Deno, which it keeps to when it was started with more (matrx permissions ${command.name} tells yours):`,
    `  ${shellLine(["deno", "run", ...flagsOf(rights), "jsr:@matrx/orm/cli", command.name])}`,
    "",
    "As a set in deno.json:",
    `  ${JSON.stringify({ permissions: set })}`,
    "",
  ];
}

function argumentOf({ argument }: Command): string {
  return argument === undefined ? "" : `${argument.choices.join("|")} `;
}

function optionRows(options: OptionTable): [string, string][] {
  return Object.entries(options).map(([name, spec]) => [
    `${spec.short === undefined ? "    " : `-${spec.short}, `}--${name}${valueOf(spec)}`,
    spec.standard === undefined ? spec.help : `${spec.help} (default: ${spec.standard})`,
  ]);
}

function valueOf(spec: OptionSpec): string {
  const value = spec.choices?.join("|") ?? spec.value;
  if (spec.type === "some") return `[=${value}]`;
  return value === undefined ? "" : ` ${value}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
