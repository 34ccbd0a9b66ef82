/** The files of a new project, as texts. */
import { VERSION } from "../src/util/version.ts";
import { COMMANDS } from "./commands.ts";
import { permissionSet } from "./rights/flags.ts";
import { generalRights } from "./rights/general.ts";
import { reachOf } from "./rights/reach.ts";

/** What a new project is like. */
export interface Answers {
  /** The URL of its database; undefined for the variable DATABASE_URL. */
  readonly url: string | undefined;
  /** The folder of its models. */
  readonly out: string;
  /** The folder of its migrations. */
  readonly migrations: string;
}

/** A file to be made. */
export interface InitFile {
  readonly path: string;
  /** Files in whose presence it is not made. */
  readonly others: readonly string[];
  readonly text: string;
}

/** Commands that get a task and a set of rights. */
const TASKS: readonly string[] = COMMANDS
  .filter(({ permissions, name }) => permissions.net.length > 0 && name !== "init")
  .map(({ name }) => name);

/** The folders of a new project. */
export function projectFolders({ out, migrations }: Answers): string[] {
  return [out, migrations];
}

/** The files of a new project. `program` is how it is started on Deno. */
export function projectFiles(answers: Answers, program: string, onDeno: boolean): InitFile[] {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const config = {
    path: onDeno ? "matrx.config.ts" : "matrx.config.mjs",
    others: ["matrx.config.ts", "matrx.config.mts", "matrx.config.js", "matrx.config.mjs"],
    text: configText(answers, onDeno),
  };
  const project = onDeno
    ? { path: "deno.json", others: ["deno.jsonc"], text: json(denoConfig(answers, program)) }
    : { path: "package.json", others: [], text: json(packageConfig()) };
  return [config, project];
}

function configText({ url, out, migrations }: Answers, onDeno: boolean): string {
  // a URL with a login stays out of files that are committed
  const open = url !== undefined && !url.includes("@");
  const variable = onDeno ? 'Deno.env.get("DATABASE_URL")' : "process.env.DATABASE_URL";
  const type = onDeno ? " satisfies MatrxConfig" : "";
  return `${
    onDeno ? 'import type { MatrxConfig } from "@matrx/orm/generator";\n\n' : ""
  }export default {
  databases: { main: { url: ${open ? JSON.stringify(url) : variable} } },
  out: ${JSON.stringify(out)},
  migrations: ${JSON.stringify(migrations)},
}${type};
`;
}

function denoConfig(answers: Answers, program: string): unknown {
  const sets = COMMANDS.filter(({ name }) => TASKS.includes(name)).map((command) => {
    const rights = generalRights(command, answers);
    const net = answers.url === undefined ? rights.net : reachOf({ url: answers.url }).net;
    return [`matrx-${command.name}`, permissionSet({ ...rights, net })];
  });
  return {
    imports: importsFor(program),
    // so that the files of packages have a place that the sets can name
    nodeModulesDir: "auto",
    tasks: Object.fromEntries(
      TASKS.map((name) => [`matrx:${name}`, `deno run -A ${program} ${name}`]),
    ),
    permissions: Object.fromEntries(sets),
  };
}

/** What the library is imported by: the registry, or where the program itself lies. */
function importsFor(program: string): Record<string, string> {
  if (program.startsWith("jsr:")) return { "@matrx/orm": `jsr:@matrx/orm@^${VERSION}` };
  const root = program.replace(/cli\.ts$/, "");
  return {
    "@matrx/orm": `${root}mod.ts`,
    "@matrx/orm/generator": `${root}generator/mod.ts`,
    "@matrx/orm/migrations": `${root}migrations/mod.ts`,
  };
}

function packageConfig(): unknown {
  return {
    private: true,
    type: "module",
    scripts: Object.fromEntries(TASKS.map((name) => [`matrx:${name}`, `matrx ${name}`])),
  };
}
