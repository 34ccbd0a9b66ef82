import { type Command, type CommandContext, COMMANDS, optionsOf } from "./commands.ts";
import { EXIT } from "./errors.ts";
import type { OptionSpec } from "./options.ts";

/** Prints a script for a shell, made from the command table: `matrx completions`. */
export function runCompletions({ argument, host }: CommandContext): Promise<number> {
  host.out.write(SHELLS[argument as keyof typeof SHELLS]());
  return Promise.resolve(EXIT.done);
}

const SHELLS = { bash, zsh, fish } as const;

/** What stands after the name of the program: every command, and the two words of the program itself. */
const WORDS: readonly (readonly [word: string, summary: string])[] = [
  ...COMMANDS.map(({ name, summary }) => [name, summary] as const),
  ["help", "Print the help of a command"],
  ["version", "Print the version"],
];

/** The words of a command's line, and those that an option takes as its value. */
function casesOf(command: Command): { words: string; values: [string, string][] } {
  const options = Object.entries(optionsOf(command));
  return {
    words: [
      ...(command.argument?.choices ?? []),
      ...options.map(([name]) => `--${name}`),
    ].join(" "),
    // a value that may be left out stands behind a =, in the same word
    values: options.filter(([, { type, choices }]) => choices !== undefined && type !== "some")
      .map(([name, { choices }]) => [`--${name}`, choices!.join(" ")]),
  };
}

function bash(): string {
  const commands = COMMANDS.map((command) => {
    const { words, values } = casesOf(command);
    const choices = values.map(([option, list]) => `      ${option}) words="${list}" ;;`);
    return [
      `    ${command.name})`,
      `    case "$before" in`,
      ...choices,
      `      *) words="${words}" ;;`,
      `    esac ;;`,
    ].join("\n");
  });
  return `_matrx() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then words="${WORDS.map(([word]) => word).join(" ")}"
  else case "\${COMP_WORDS[1]}" in
${commands.join("\n")}
    help) words="${COMMANDS.map(({ name }) => name).join(" ")}" ;;
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  # an option without known values takes a file or anything
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -F _matrx matrx
`;
}

function zsh(): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const described = (name: string, text: string): string =>
    quoted(`${name}:${text.replaceAll(":", "\\:")}`);
  const spec = (name: string, option: OptionSpec): string => {
    const help = option.help.replaceAll(/[[\]:\\]/g, "\\$&");
    if (option.type === "flag") return quoted(`--${name}[${help}]`);
    const known = option.choices === undefined ? undefined : `(${option.choices.join(" ")})`;
    if (option.type === "some") return quoted(`*--${name}=-[${help}]::${name}:${known ?? ""}`);
    const values = known ?? "_files";
    return quoted(`${option.type === "list" ? "*" : ""}--${name}=[${help}]:${name}:${values}`);
  };
  const cases = COMMANDS.map((command) => {
    const { argument } = command;
    const options = Object.entries(optionsOf(command)).map(([name, one]) => spec(name, one));
    if (argument !== undefined) {
      options.unshift(quoted(`1:${argument.value.toLowerCase()}:(${argument.choices.join(" ")})`));
    }
    return `    ${command.name}) _arguments ${options.join(" ")} ;;`;
  });
  return `#compdef matrx
_matrx() {
  local -a commands=(${WORDS.map(([name, text]) => described(name, text)).join(" ")})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
    help) _describe command commands ;;
  esac
}
compdef _matrx matrx
`;
}

function fish(): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = ["complete -c matrx -f"];
  for (const [word, summary] of WORDS) {
    lines.push(`complete -c matrx -n __fish_use_subcommand -a ${word} -d ${quoted(summary)}`);
  }
  for (const command of COMMANDS) {
    const start = `complete -c matrx -n '__fish_seen_subcommand_from ${command.name}'`;
    if (command.argument !== undefined) {
      lines.push(`${start} -a ${quoted(command.argument.choices.join(" "))}`);
    }
    for (const [name, { type, choices, short, help }] of Object.entries(optionsOf(command))) {
      const value = type === "flag" || type === "some"
        ? ""
        : choices === undefined
        ? " -r -F"
        : ` -x -a ${quoted(choices.join(" "))}`;
      const letter = short === undefined ? "" : ` -s ${short}`;
      lines.push(`${start} -l ${name}${letter}${value} -d ${quoted(help)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
