/**
 * Writes docs/cli.md from the command table.
 *
 * Usage: `deno run -A tools/cli_page.ts [--check]`; `--check` fails when the page is not as it would be.
 */
import { type Command, COMMANDS, optionsOf } from "../cli/commands.ts";
import type { JsonShape } from "../cli/json_shapes.ts";
import { COMMON_OPTIONS, type OptionTable, RIGHTS_OPTIONS } from "../cli/options.ts";
import { readProject, ROOT } from "./project.ts";

/** The page, by its path from the root. */
export const PAGE = "docs/cli.md";

const HEAD = `# The command line

\`deno run -A jsr:@matrx/orm/cli COMMAND\`, or \`npx matrx COMMAND\`. This page is made from the command
table (\`deno run -A tools/cli_page.ts\`).

- The result goes to standard output, all else to standard error. Progress is told on a terminal
  alone; colours too, and not under \`NO_COLOR\`.
- \`--json\` prints the result as one JSON value; each section says of which type. An error is
  \`{ "error": { name, code, message, hint, context } }\`; [errors.md](errors.md) lists the codes.
- Exit status: 0 done, 1 failure, 2 wrong usage, 3 differences: a dry run would change something, or
  a check found something.
- Nothing waits for input without a terminal. \`matrx init\` alone asks.
- A mistyped command, option or value is answered with the nearest one.
`;

/** The whole page, not yet formatted. */
export function cliPage(): string {
  return [
    HEAD,
    "## Options of every command",
    optionLines(COMMON_OPTIONS),
    "## Options of commands that load code of the project",
    optionLines(RIGHTS_OPTIONS),
    "[rights.md](rights.md) tells what that code may do without them.",
    ...COMMANDS.map(sectionOf),
  ].join("\n\n");
}

function sectionOf(command: Command): string {
  const { name, summary, argument, options, examples, json } = command;
  const words = argument === undefined ? "" : ` ${argument.choices.join("|")}`;
  return [
    `## matrx ${name}`,
    `${summary}.`,
    `\`\`\`sh\nmatrx ${name}${words} [OPTIONS]\n\n${examples.join("\n")}\n\`\`\``,
    ...(Object.keys(options).length === 0 ? [] : [optionLines(options)]),
    command.takesOptionsOf === true ? "And the options of the command that is named." : "",
    ...Object.entries(json).map(([option, shape]) => shapeText(option, shape)),
  ].filter((part) => part !== "").join("\n\n");
}

/** Says what a call prints as JSON, as a type. */
function shapeText(option: string, shape: JsonShape): string {
  const flags = option === "" ? "`--json`" : `\`${option} --json\``;
  return `${flags} prints\n\n\`\`\`ts\ntype Printed = ${typeText(shape)};\n\`\`\``;
}

function typeText(shape: JsonShape): string {
  if (typeof shape === "string") return shape;
  if (isList(shape)) return `${typeText(shape[0])}[]`;
  const members = Object.entries(shape).map(([key, inner]) => `${key}: ${typeText(inner)};`);
  return `{ ${members.join(" ")} }`;
}

/** Tells a list from an object: the type of the first is readonly. */
function isList(shape: JsonShape): shape is readonly [JsonShape] {
  return Array.isArray(shape);
}

function optionLines(options: OptionTable): string {
  return Object.entries(options).map(([name, { type, value, choices, standard, short, help }]) => {
    const takes = choices?.join("|") ?? value;
    const words = `${short === undefined ? "" : `-${short}, `}--${name}${
      takes === undefined ? "" : type === "some" ? `[=${takes}]` : ` ${takes}`
    }`;
    return `- \`${words}\`: ${escaped(help)}${
      standard === undefined ? "" : ` (default: ${escaped(standard)})`
    }`;
  }).join("\n");
}

function escaped(text: string): string {
  return text.replaceAll(/[*_<>]/g, "\\$&");
}

/** Formats a page as \`deno fmt\` does. */
export async function formatted(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "md", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${text}\n`));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("deno fmt failed");
  return new TextDecoder().decode(stdout);
}

/** The options of a command that the page must name. */
export function namedOptions(command: Command): string[] {
  return Object.keys(optionsOf(command)).map((name) => `--${name}`);
}

if (import.meta.main) {
  const text = await formatted(cliPage());
  if (!Deno.args.includes("--check")) Deno.writeTextFileSync(`${ROOT}/${PAGE}`, text);
  else if (readProject(PAGE) !== text) {
    console.error(`${PAGE} is not up to date: run deno run -A tools/cli_page.ts`);
    Deno.exit(1);
  }
}
