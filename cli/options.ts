/** An option of a command, as data. */
export interface OptionSpec {
  /**
   * `flag` takes no value, `text` one, `list` any number: repeated, or separated by commas. `some` takes
   * a list behind `=`, or nothing for all.
   */
  readonly type: "flag" | "text" | "list" | "some";
  /** One letter that stands for it after a single dash. */
  readonly short?: string;
  /** What its value is, in capitals, for the help. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** What holds when it is not given, for the help. */
  readonly standard?: string;
  /** What it does, in one line. */
  readonly help: string;
}

/** The options of a command by their long names, in the order of the help. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** The options that every command takes. */
export const COMMON_OPTIONS: OptionTable = {
  "database": {
    type: "text",
    value: "NAME|URL",
    standard: "the first one of the config, else $DATABASE_URL",
    help: "Database of the config file, or a connection URL",
  },
  "config": {
    type: "text",
    value: "FILE",
    standard: "matrx.config.ts of this folder, if there is one",
    help: "Config file",
  },
  "json": { type: "flag", help: "Print the result as JSON" },
  "quiet": { type: "flag", short: "q", help: "Print nothing but errors" },
  "verbose": {
    type: "flag",
    help: "Print the stack of an error, and in a dry run the files that stay",
  },
  "help": { type: "flag", short: "h", help: "Print this help" },
};

/** Which tables and views a command takes. */
export const TABLE_OPTIONS: OptionTable = {
  "include-tables": {
    type: "list",
    value: "PATTERN",
    help: "Only these tables and views: name or schema.name, * for any characters",
  },
  "exclude-tables": {
    type: "list",
    value: "PATTERN",
    help: "All tables and views but these",
  },
};

/** The options of commands that load code of the user's, about the rights which that has. */
export const RIGHTS_OPTIONS: OptionTable = {
  "allow-read": { type: "list", value: "PATH", help: "Let code of the project read it as well" },
  "allow-write": { type: "list", value: "PATH", help: "Let code of the project write it as well" },
  "allow-net": {
    type: "list",
    value: "HOST:PORT",
    help: "Let code of the project connect to it as well",
  },
  "allow-env": {
    type: "list",
    value: "NAME",
    help: "Let the config file read it as well; a * at the end stands for any rest",
  },
  "allow-import": {
    type: "list",
    value: "HOST:PORT",
    help: "Let code of the project import modules from it as well",
  },
  "no-sandbox": {
    type: "flag",
    help: "Load code of the project with all rights that the command was started with",
  },
};

/** The given values of options, by long name. */
export interface OptionValues {
  /** Whether a flag is given. */
  flag(name: string): boolean;
  /** The value of an option that takes one. */
  text(name: string): string | undefined;
  /** The values of an option that takes several; undefined when it is not given. */
  list(name: string): readonly string[] | undefined;
  /** The values of an option that may take none: `true` = it is given without any. */
  some(name: string): readonly string[] | boolean;
}
