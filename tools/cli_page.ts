/**
 * Writes docs/cli.md from the command table.
 *
 * Usage: `deno run -A tools/cli_page.ts [--check]`; `--check` fails when the page is not as it would be.
 */
import { type Command, COMMANDS, optionsOf } from "../cli/commands.ts";
import { COMMON_OPTIONS, type OptionTable, RIGHTS_OPTIONS } from "../cli/options.ts";
import { readProject, ROOT } from "./project.ts";

/** The page, by its path from the root. */
export const PAGE = "docs/cli.md";

/** What `--json` prints, where it is not what the function of the same name gives. */
const SHAPES: Readonly<Record<string, string>> = {
  init: '{ dryRun, files: { path, action: "create" | "left" }[], next: string[] }',
  generate:
    "{ database, serverVersion, schemas, out, dryRun, counts, files: { path, action }[], notes, seconds, ... }, the `GenerateResult` of `generate()`",
  diagram: "{ file, format, tables, foreignKeys, ... }",
  doctor: "{ problems, warnings, findings: { check, status, found, advice, objects }[] }",
  completions: "nothing: the script is the output",
  permissions: "{ command, line, flags: string[], permissions, bySet }",
  migrate:
    "{ applied: { name, durationMs }[], recorded: string[], outOfOrder: string[] }; with --dry-run { dryRun, migrations }",
  rollback: "{ rolledBack: { name, durationMs }[] }; with --dry-run { dryRun, migrations }",
  status:
    "{ migrations: { name, state, appliedAt, durationMs, steps }[], pending, invalidIndexes }",
  empty: "{ name, files: string[] }",
};

const HEAD = `# The command line

\`deno run -A jsr:@matrx/orm/cli COMMAND\`, or \`npx matrx COMMAND\`. This page is made from the command
table (\`deno run -A tools/cli_page.ts\`).

- The result goes to standard output, all else to standard error. Progress is told on a terminal
  alone; colours too, and not under \`NO_COLOR\`.
- \`--json\` prints the result as one JSON value. An error is
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
  const { name, summary, argument, options, examples } = command;
  const words = argument === undefined ? "" : ` ${argument.choices.join("|")}`;
  const shape = SHAPES[name];
  return [
    `## matrx ${name}`,
    `${summary}.`,
    `\`\`\`sh\nmatrx ${name}${words} [OPTIONS]\n\n${examples.join("\n")}\n\`\`\``,
    ...(Object.keys(options).length === 0 ? [] : [optionLines(options)]),
    command.takesOptionsOf === true ? "And the options of the command that is named." : "",
    `\`--json\`: ${
      shape === undefined
        ? `what the function \`${name}()\` of \`@matrx/orm/migrations\` gives`
        : shape.startsWith("{")
        ? shape.replace(/\{.*\}/, "`$&`")
        : shape
    }.`,
  ].filter((part) => part !== "").join("\n\n");
}

function optionLines(options: OptionTable): string {
  return Object.entries(options).map(([name, { value, choices, standard, short, help }]) => {
    const takes = choices?.join("|") ?? value;
    const words = `${short === undefined ? "" : `-${short}, `}--${name}${
      takes === undefined ? "" : ` ${takes}`
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
