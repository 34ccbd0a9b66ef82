import type { Host } from "./host.ts";
import type { OptionTable, OptionValues } from "./options.ts";
import type { Output } from "./output.ts";

/** What a command works with. */
export interface CommandContext {
  /** Its options. */
  readonly values: OptionValues;
  /** Its argument; undefined where it takes none. */
  readonly argument: string | undefined;
  /** Where it prints. */
  readonly output: Output;
  /** The process. */
  readonly host: Host;
}

/** Does what a command is for; gives the exit status. */
export type RunCommand = (context: CommandContext) => Promise<number>;

/** The least rights that a command works with, as the places that it touches. */
export interface CommandPermissions {
  /** Hosts that it connects to. */
  readonly net: readonly ("database")[];
  /** What it reads: the config file and what that imports, the output folder, migrations, models. */
  readonly read: readonly ("config" | "out" | "migrations" | "models" | "objects")[];
  /** What it writes. */
  readonly write: readonly ("out" | "migrations")[];
  /** Environment variables that it reads. */
  readonly env: readonly string[];
}

/** A command, as data; its code is loaded when it is run. */
export interface Command {
  /** The word that calls it. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** The one word that it takes, if any: what it stands for, and what it may be. */
  readonly argument?: { readonly value: string; readonly choices: readonly string[] };
  /** What it takes beside the common options. */
  readonly options: OptionTable;
  /** Calls that show how it is used. */
  readonly examples: readonly string[];
  /** A config file with the settings that it takes. */
  readonly config: readonly string[];
  /** The least rights that it works with. */
  readonly permissions: CommandPermissions;
  /** Loads its code. */
  readonly load: () => Promise<RunCommand>;
}
