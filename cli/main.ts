import { nearest } from "../src/util/nearest.ts";
import { readArgs } from "./args.ts";
import { choiceFault } from "./choice.ts";
import { type Command, COMMANDS, optionsOf } from "./commands.ts";
import { asUsage, EXIT, exitStatus, UsageError } from "./errors.ts";
import { type Host, processHost } from "./host.ts";
import { Output } from "./output.ts";
import type { Call } from "./rights/outer.ts";
import { VERSION } from "../src/util/version.ts";

/** May take a call over, into a process with less rights; gives its exit status then. */
export type Enter = (call: Call) => Promise<number | undefined>;

/**
 * Runs a command line, without the program's name; gives the exit status: 0 done, 1 failure, 2 wrong
 * usage, 3 differences. Never rejects.
 */
export async function main(
  args: readonly string[],
  host: Host = processHost(),
  enter?: Enter,
): Promise<number> {
  let output = new Output(host, modeOf(args));
  let status: number;
  try {
    const [word, ...rest] = args;
    if (word === undefined) {
      host.err.write((await help()).programHelp());
      status = EXIT.usage;
    } else if (["help", "--help", "-h"].includes(word)) {
      const { commandHelp, programHelp } = await help();
      host.out.write(rest[0] === undefined ? programHelp() : commandHelp(commandNamed(rest[0])));
      status = EXIT.done;
    } else if (["version", "--version", "-V"].includes(word)) {
      host.out.write(`${VERSION}\n`);
      status = EXIT.done;
    } else {
      const command = commandNamed(word);
      const { values, words } = readArgs(rest, optionsOf(command, rest));
      if (values.flag("help")) {
        host.out.write((await help()).commandHelp(command));
        status = EXIT.done;
      } else {
        const argument = argumentOf(command, words);
        output = new Output(host, {
          json: values.flag("json"),
          quiet: values.flag("quiet"),
          verbose: values.flag("verbose"),
        });
        status = await enter?.({ command, values, args, host, output }) ??
          await (await command.load())({ values, argument, args, output, host });
      }
    }
  } catch (caught) {
    const error = asUsage(caught);
    output.error(error);
    status = exitStatus(error);
  }
  await host.flush();
  return status;
}

/** What prints help; whoever runs a command needs none of it. */
function help(): Promise<typeof import("./help.ts")> {
  return import("./help.ts");
}

/** The mode for errors that come before the options could be read. */
function modeOf(args: readonly string[]): { json: boolean; quiet: boolean; verbose: boolean } {
  return {
    json: args.includes("--json"),
    quiet: args.includes("--quiet"),
    verbose: args.includes("--verbose"),
  };
}

function commandNamed(word: string): Command {
  const command = COMMANDS.find(({ name }) => name === word);
  if (command !== undefined) return command;
  const names = [...COMMANDS.map(({ name }) => name), "help", "version"];
  const guess = nearest(word, names);
  throw new UsageError(
    word.startsWith("-")
      ? `There is no option ${word} before a command`
      : `There is no command ${JSON.stringify(word)}`,
    guess === undefined ? `Commands: ${names.join(", ")}` : `Did you mean ${guess}?`,
  );
}

/** The word that a command takes. */
function argumentOf({ name, argument }: Command, words: readonly string[]): string | undefined {
  const superfluous = words[argument === undefined ? 0 : 1];
  if (superfluous !== undefined) {
    throw new UsageError(
      `matrx ${name} takes no ${JSON.stringify(superfluous)}`,
      `See matrx ${name} --help`,
    );
  }
  if (argument === undefined) return undefined;
  const [word] = words;
  if (word === undefined) {
    throw new UsageError(
      `matrx ${name} needs a ${argument.value.toLowerCase()}`,
      `Write matrx ${name} ${argument.choices.join("|")}`,
    );
  }
  const fault = choiceFault(`matrx ${name}`, word, argument.choices);
  if (fault !== undefined) throw new UsageError(fault.what, fault.hint);
  return word;
}
