/** Where the places are that commands read and write. */
import { dirname, extname, resolve } from "node:path";
import type { MatrxConfig } from "../../generator/config.ts";
import type { Command, Place } from "../command.ts";
import type { LoadedConfig } from "../config_file.ts";
import { optionsOf } from "../commands.ts";
import type { OptionValues } from "../options.ts";

/** How a place is found: by an option, else by the config, else by a name of its own. */
interface Finder {
  /** The option that names it, where the command has one. */
  readonly option?: string;
  /** The flag without which the place is not touched, where the command has that flag. */
  readonly flag?: string;
  /** What the config says. */
  readonly configured?: (config: MatrxConfig) => string | readonly string[] | undefined;
  /** Where it is when nothing is said; empty = nowhere. */
  readonly standard: string | readonly string[];
  /** Whether what is named are modules, whose folders are meant. */
  readonly modules?: boolean;
  /** The ending that tells a file from what else the option takes. */
  readonly ending?: string;
}

/** What `matrx init` makes, or looks for. */
const PROJECT_FILES: readonly string[] = [
  ...["ts", "mts", "js", "mjs"].map((end) => `matrx.config.${end}`),
  ...["deno.json", "deno.jsonc", "package.json"],
];

const FINDERS: Readonly<Record<Exclude<Place, "config">, Finder>> = {
  out: { option: "out", configured: ({ out }) => out, standard: "models" },
  objects: {
    option: "objects",
    flag: "with-objects",
    configured: ({ objects }) => objects,
    standard: "db/objects",
  },
  file: { option: "out", standard: "diagram.html" },
  migrations: {
    option: "dir",
    configured: ({ migrations }) => migrations,
    standard: "migrations",
  },
  scripts: { option: "file", standard: [] },
  before: { option: "before", standard: [], ending: ".json" },
  after: { option: "after", standard: [], ending: ".json" },
  project: { standard: PROJECT_FILES },
  newMigrations: { option: "migrations", standard: "migrations" },
  models: {
    option: "models",
    configured: ({ models, out }) => models ?? out,
    standard: "models",
    modules: true,
  },
};

/** What a place depends on. */
export interface PlaceContext {
  /** The command. */
  readonly command: Command;
  /** Its options. */
  readonly values: OptionValues;
  /** The folder that paths of options start from. */
  readonly cwd: string;
  /** The config, whose paths start from its folder. */
  readonly loaded: LoadedConfig;
}

/** The paths of a place; empty when this call does not touch it. */
export function pathsOf(place: Exclude<Place, "config">, context: PlaceContext): string[] {
  const { command, values, cwd, loaded } = context;
  const { option, flag, configured, standard, modules, ending = "" } = FINDERS[place];
  const known = optionsOf(command);
  if (flag !== undefined && Object.hasOwn(known, flag) && !values.flag(flag)) return [];
  const given = option === undefined ? undefined : givenBy(option);
  function givenBy(name: string): readonly string[] | undefined {
    const type = Object.hasOwn(known, name) ? known[name]!.type : undefined;
    if (type === "list") return values.list(name);
    const text = type === "text" ? values.text(name) : undefined;
    return text === undefined ? undefined : [text];
  }
  const named = given ?? [configured?.(loaded.config) ?? standard].flat();
  const from = given === undefined ? loaded.folder : cwd;
  // standard output is no file, and a URL neither
  const isPath = (text: string): boolean =>
    text !== "-" && text.endsWith(ending) && !text.includes("://");
  const paths = named.filter(isPath).map((path) => resolve(from, path));
  return modules === true
    ? paths.map((path) => extname(path) === "" ? path : dirname(path))
    : paths;
}
