import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearest } from "../src/util/nearest.ts";
import { choiceFault } from "./choice.ts";
import { UsageError } from "./errors.ts";
import type { OptionSpec, OptionTable, OptionValues } from "./options.ts";

/** A command line, read by an option table. */
export interface ParsedArgs {
  /** The options. */
  readonly values: OptionValues;
  /** What is no option, in order. */
  readonly words: readonly string[];
}

/**
 * Reads a command line.
 *
 * @throws {UsageError} an option is unknown, given twice, or its value is missing, superfluous or not
 * one of its choices
 */
export function readArgs(args: readonly string[], table: OptionTable): ParsedArgs {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const [name, { type, short }] of Object.entries(table)) {
    options[name] = {
      type: type === "flag" || type === "some" ? "boolean" : "string",
      ...(short === undefined ? {} : { short }),
    };
  }
  // not strict: the messages below name the nearest option
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (spec === undefined) throw unknownOption(token.rawName, table);
    const value = valueOf(token.rawName, token.value, token.inlineValue === true, spec.type);
    for (const one of partsOf(value, spec.type)) checkChoice(token.rawName, one, spec.choices);
    const earlier = given.get(token.name);
    if (earlier === undefined) given.set(token.name, [value]);
    else if (spec.type === "text") throw new UsageError(`${token.rawName} is given twice`);
    else earlier.push(value);
  }
  return { values: valuesFrom(given), words };
}

function valueOf(
  rawName: string,
  value: string | undefined,
  inline: boolean,
  type: OptionSpec["type"],
): string {
  // what stands behind it without a = is another word
  if (type === "some" && !inline) return "";
  if (type === "flag") {
    if (inline) throw new UsageError(`${rawName} takes no value`);
    return "";
  }
  // a dash by itself stands for standard input or output
  if (value === undefined || (!inline && value.startsWith("-") && value !== "-")) {
    throw new UsageError(`${rawName} needs a value`, `Write ${rawName}=...`);
  }
  if (value.trim() === "") throw new UsageError(`The value of ${rawName} is empty`);
  return value;
}

/** The single values of what was given. */
function partsOf(value: string, type: OptionSpec["type"]): string[] {
  if (type === "flag" || type === "text") return [value];
  return value.split(",").map((one) => one.trim()).filter((one) => one !== "");
}

function checkChoice(rawName: string, value: string, choices: readonly string[] | undefined): void {
  const fault = choices === undefined ? undefined : choiceFault(rawName, value, choices);
  if (fault !== undefined) throw new UsageError(fault.what, fault.hint);
}

function unknownOption(rawName: string, table: OptionTable): UsageError {
  const guess = nearest(rawName, Object.keys(table).map((name) => `--${name}`));
  return new UsageError(
    `There is no option ${rawName}`,
    guess === undefined ? "See --help" : `Did you mean ${guess}?`,
  );
}

function valuesFrom(given: ReadonlyMap<string, readonly string[]>): OptionValues {
  const list = (name: string): string[] | undefined =>
    given.get(name)?.flatMap((value) => partsOf(value, "list"));
  return {
    flag: (name) => given.has(name),
    text: (name) => given.get(name)?.[0],
    list,
    some(name) {
      const values = list(name);
      return values === undefined ? false : given.get(name)!.includes("") || values;
    },
  };
}
