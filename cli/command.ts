import type { Host } from "./host.ts";
import type { JsonShapes } from "./json_shapes.ts";
import type { OptionTable, OptionValues } from "./options.ts";
import type { Output } from "./output.ts";

/** What a command works with. */
export interface CommandContext {
  /** Its options. */
  readonly values: OptionValues;
  /** The words of the command line behind the program's name. */
  readonly args: readonly string[];
  /** Its argument; undefined where it takes none. */
  readonly argument: string | undefined;
  /** Where it prints. */
  readonly output: Output;
  /** The process. */
  readonly host: Host;
}

/** Does what a command is for; gives the exit status. */
export type RunCommand = (context: CommandContext) => Promise<number>;

/** Files and folders that commands touch; `rights/places.ts` tells where each of them is. */
export type Place =
  | "config"
  | "out"
  | "objects"
  | "file"
  | "migrations"
  | "models"
  | "scripts"
  | "before"
  | "after"
  | "project"
  | "newMigrations";

/** Packages of npm that read files of their own while they run. */
export type FilePackage = "formatter" | "embedded" | "parser";

/** The least rights that a command works with, as the places that it touches. */
export interface CommandPermissions {
  /** What it connects to: the database, those that are compared, and the one where changes are tried. */
  readonly net: readonly ("database" | "before" | "after" | "shadow")[];
  /** What it reads: the config file and what that imports, the output folder, migrations, models. */
  readonly read: readonly Place[];
  /** What it writes. */
  readonly write: readonly Exclude<Place, "config">[];
  /** Environment variables that it reads. */
  readonly env: readonly string[];
  /** Whether it loads no code of the project, and asks for places: it runs with what it was started with. */
  readonly asks?: boolean;
  /** Packages whose files are read; those of an embedded database come by its URL. */
  readonly packages?: readonly FilePackage[];
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
  /** Whether it takes the options of the command that its argument names. */
  readonly takesOptionsOf?: boolean;
  /** What it prints as JSON, by the option that it is given beside `--json`; empty = it prints no JSON. */
  readonly json: JsonShapes;
  /** The least rights that it works with. */
  readonly permissions: CommandPermissions;
  /** Loads its code. */
  readonly load: () => Promise<RunCommand>;
}
