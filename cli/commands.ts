import { MANAGER_GROUPS } from "../generator/options.ts";
import type { Command } from "./command.ts";
import { CASINGS } from "./choice.ts";
import { SHAPES } from "./json_shapes.ts";
import { MIGRATION_COMMANDS } from "./migrations/commands.ts";
import { LEDGER } from "./migrations/option_tables.ts";
import { COMMON_OPTIONS, type OptionTable, RIGHTS_OPTIONS, TABLE_OPTIONS } from "./options.ts";
import { moduleOf } from "./own.ts";

export type { Command, CommandContext, CommandPermissions, RunCommand } from "./command.ts";

/** Which schemas a command reads. */
const SCHEMA: OptionTable = {
  "schema": {
    type: "list",
    value: "NAME",
    standard: "public",
    help: "Schema to read; repeat it, or separate by commas",
  },
};

/** The commands that do something. A further one is one more entry here. */
const WORKING: readonly Command[] = [
  {
    name: "init",
    summary: "Make the config file, tasks, sets of rights and folders of a project",
    options: {
      "out": { type: "text", value: "DIR", standard: "models", help: "Folder of the models" },
      "migrations": {
        type: "text",
        value: "DIR",
        standard: "migrations",
        help: "Folder of the migrations",
      },
      "yes": { type: "flag", help: "Ask nothing; take what is not given as by default" },
      "dry-run": { type: "flag", help: "Write nothing; print what would be made" },
    },
    examples: ["matrx init", "matrx init --out db/models --migrations db/migrations --yes"],
    config: [],
    json: SHAPES.init,
    permissions: {
      net: [],
      read: ["project", "out", "newMigrations"],
      write: ["project", "out", "newMigrations"],
      env: ["NO_COLOR", "TERM"],
      asks: true,
    },
    load: moduleOf(import.meta.url, "./init.ts", "runInit"),
  },
  {
    name: "generate",
    summary: "Write typed models for the tables and views of a database",
    options: {
      ...SCHEMA,
      "out": { type: "text", value: "DIR", standard: "models", help: "Folder to write to" },
      "with-objects": {
        type: "flag",
        help: "Write what models do not say too: types, functions, views, triggers, grants as SQL",
      },
      "objects": {
        type: "text",
        value: "DIR",
        standard: "db/objects",
        help: "Folder of those SQL files",
      },
      "strict": {
        type: "flag",
        help: "With --with-objects: refuse a database that has what cannot be written",
      },
      ...TABLE_OPTIONS,
      "casing": {
        type: "text",
        value: "STYLE",
        choices: CASINGS,
        standard: "camel",
        help: "Properties in camelCase, or named as the columns are",
      },
      "explicit": {
        type: "flag",
        help: "Write out the types of exports: for isolatedDeclarations, as JSR wants it",
      },
      "managers": {
        type: "some",
        value: "GROUP",
        choices: MANAGER_GROUPS,
        standard: "all groups",
        help: "Groups of methods that generated managers have",
      },
      "no-managers": { type: "flag", help: "Write models alone, without views and managers" },
      "no-prefetch": { type: "flag", help: "Leave the list of relations of new views empty" },
      "import-from": {
        type: "text",
        value: "SPECIFIER",
        standard: "@matrx/orm",
        help: "What the generated files import the library by",
      },
      "dry-run": {
        type: "flag",
        help: "Write nothing; print what would be written, status 3 if anything",
      },
      "force": {
        type: "flag",
        help: "Replace files edited by hand, remove models of tables that are not seen",
      },
    },
    examples: [
      "matrx generate --database postgres://me:secret@localhost/shop --out models",
      "matrx generate --schema public,auth --exclude-tables 'log_*' --dry-run",
      "matrx generate --managers=core,relations",
    ],
    config: [
      'import { defineConfig } from "@matrx/orm/generator";',
      "export default defineConfig({",
      '  databases: { main: "postgres://me@localhost/shop" },',
      '  out: "models",',
      '  generate: { schema: ["public", "auth"], excludeTables: ["log_*"], casing: "camel" },',
      "});",
    ],
    json: SHAPES.generate,
    permissions: {
      net: ["database"],
      read: ["config", "out", "objects"],
      write: ["out", "objects"],
      env: ["DATABASE_URL", "NO_COLOR", "TERM"],
      packages: ["formatter"],
    },
    load: moduleOf(import.meta.url, "./generate.ts", "runGenerate"),
  },
  {
    name: "diagram",
    summary: "Draw the tables of a database and their foreign keys",
    options: {
      ...SCHEMA,
      "out": {
        type: "text",
        value: "FILE",
        standard: "diagram.html",
        help: "File to write to; - for standard output",
      },
      "format": {
        type: "text",
        value: "FORMAT",
        choices: ["html", "svg", "mermaid"],
        standard: "by the file's ending: .html, .svg, .mmd",
        help: "A page to search and zoom, an image, or Mermaid text",
      },
      ...TABLE_OPTIONS,
      "columns": {
        type: "text",
        value: "WHICH",
        choices: ["all", "keys", "none"],
        standard: "all",
        help: "Columns that are shown",
      },
      "views": { type: "flag", help: "Show views and materialized views too" },
      "title": {
        type: "text",
        value: "TEXT",
        standard: "the names of the schemas",
        help: "Title of the page",
      },
    },
    examples: [
      "matrx diagram --database postgres://me:secret@localhost/shop",
      "matrx diagram --schema public,auth --columns keys --out docs/schema.svg",
      "matrx diagram --out - > schema.mmd",
    ],
    config: [
      'import { defineConfig } from "@matrx/orm/generator";',
      'export default defineConfig({ databases: { main: "postgres://me@localhost/shop" } });',
    ],
    json: SHAPES.diagram,
    permissions: {
      net: ["database"],
      read: ["config"],
      write: ["file"],
      env: ["DATABASE_URL", "NO_COLOR", "TERM"],
    },
    load: moduleOf(import.meta.url, "./diagram.ts", "runDiagram"),
  },
  {
    name: "doctor",
    summary: "Look at runtime, connection, server and structure, and say what to do",
    options: {
      "schema": {
        type: "list",
        value: "NAME",
        standard: "public",
        help: "Schema to look at; repeat it, or separate by commas",
      },
      "no-drift": {
        type: "flag",
        help: "Do not look at migrations: they are run in a database of their own to be compared",
      },
      ...LEDGER,
    },
    examples: [
      "matrx doctor",
      "matrx doctor --database postgres://me:secret@localhost/shop --json",
    ],
    config: [
      'import { defineConfig } from "@matrx/orm/generator";',
      'export default defineConfig({ databases: { main: "postgres://me@localhost/shop" } });',
    ],
    json: SHAPES.doctor,
    permissions: {
      net: ["database", "shadow"],
      read: ["config", "out", "migrations", "models", "objects"],
      write: [],
      env: ["DATABASE_URL", "NO_COLOR", "TERM"],
      packages: ["parser"],
    },
    load: moduleOf(import.meta.url, "./doctor.ts", "runDoctor"),
  },
  {
    name: "completions",
    summary: "Print what makes a shell complete commands and options",
    argument: { value: "SHELL", choices: ["bash", "zsh", "fish"] },
    options: {},
    examples: [
      "source <(matrx completions bash)             # in ~/.bashrc",
      "source <(matrx completions zsh)              # in ~/.zshrc",
      "matrx completions fish > ~/.config/fish/completions/matrx.fish",
    ],
    config: [],
    json: SHAPES.completions,
    permissions: { net: [], read: [], write: [], env: ["NO_COLOR", "TERM"] },
    load: async () => (await import("./completions.ts")).runCompletions,
  },
  ...MIGRATION_COMMANDS,
];

/** Every command. */
export const COMMANDS: readonly Command[] = [
  ...WORKING,
  {
    name: "permissions",
    summary: "Print the least rights on Deno that a command works with",
    argument: { value: "COMMAND", choices: WORKING.map(({ name }) => name) },
    takesOptionsOf: true,
    options: {},
    examples: [
      "matrx permissions generate --database postgres://me@localhost/shop --out models",
      "matrx permissions migrate --json",
    ],
    config: [],
    json: SHAPES.permissions,
    permissions: {
      net: [],
      read: ["config"],
      write: [],
      env: ["DATABASE_URL", "NO_COLOR", "TERM"],
    },
    load: moduleOf(import.meta.url, "./permissions.ts", "runPermissions"),
  },
];

/** Everything that a command takes; `words` are those behind its name. */
export function optionsOf(command: Command, words: readonly string[] = []): OptionTable {
  const other = command.takesOptionsOf === true
    ? WORKING.find(({ name }) => words.includes(name))
    : undefined;
  return {
    ...(other === undefined ? {} : optionsOf(other)),
    ...command.options,
    ...(command.permissions.read.length > 0 ? RIGHTS_OPTIONS : {}),
    ...COMMON_OPTIONS,
  };
}
