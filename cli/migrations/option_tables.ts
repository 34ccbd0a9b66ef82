/** What the rows of the command table have in common. */
import type { CommandPermissions } from "../command.ts";
import { type OptionTable, TABLE_OPTIONS } from "../options.ts";

/** The rights of a command that works on a database and its migrations. */
export const PERMISSIONS: CommandPermissions = {
  net: ["database"],
  read: ["config", "migrations", "models"],
  write: [],
  env: ["DATABASE_URL", "NO_COLOR", "TERM"],
  packages: ["parser"],
};

/** A config that says where the migrations are. */
export const CONFIG: readonly string[] = [
  'import { defineConfig } from "@matrx/orm/generator";',
  "export default defineConfig({",
  '  databases: { main: "postgres://me@localhost/shop" },',
  '  migrations: "migrations",',
  "});",
];

/** Where the migrations are, and what was applied. */
export const FOLDER: OptionTable = {
  "dir": {
    type: "text",
    value: "DIR",
    standard: "migrations of the config, else migrations",
    help: "Folder of the migrations",
  },
};

/** The folder, and where the ledger is. */
export const LEDGER: OptionTable = {
  ...FOLDER,
  "ledger-schema": {
    type: "text",
    value: "NAME",
    standard: "public",
    help: "Schema of the table _matrx_migrations",
  },
};

/** How a run waits. */
export const WAITING: OptionTable = {
  ...LEDGER,
  "lock-timeout": {
    type: "text",
    value: "SECONDS",
    standard: "5",
    help: "Longest wait of a statement for a lock; 0 for no limit",
  },
  "lock-retries": {
    type: "text",
    value: "N",
    standard: "10",
    help: "How often a statement is tried again that did not get its lock",
  },
  "lock-wait": {
    type: "text",
    value: "SECONDS",
    standard: "300",
    help: "Longest wait for another run of migrations",
  },
};

/** How a run waits, and whether it changes anything. */
export const RUN: OptionTable = {
  ...WAITING,
  "dry-run": { type: "flag", help: "Change nothing; print the SQL that would run" },
};

/** A config that says where the declaration is. */
export const DECLARING: readonly string[] = [
  'import { defineConfig } from "@matrx/orm/generator";',
  "export default defineConfig({",
  '  databases: { main: "postgres://me@localhost/shop" },',
  '  models: "models/mod.ts",',
  '  objects: "db/objects",',
  '  migrations: "migrations",',
  "});",
];

/** Where the models are. */
export const MODELS: OptionTable = {
  "models": {
    type: "list",
    value: "PATH",
    standard: "models of the config, else its out, else models",
    help: "Module or folder that exports the models",
  },
};

/** What a database is compared with, and how far. */
export const COMPARED: OptionTable = {
  ...MODELS,
  "objects": {
    type: "text",
    value: "DIR",
    standard: "objects of the config, else db/objects if it is there",
    help: "Folder of .sql files that say what models do not",
  },
  "schema": {
    type: "list",
    value: "NAME",
    standard: "public, and what models and SQL objects declare",
    help: "Schema to look at; repeat it, or separate by commas",
  },
  ...TABLE_OPTIONS,
  "shadow": {
    type: "text",
    value: "embedded|server|URL",
    standard: "embedded",
    help: "Where both sides are built to be compared: in the process, or in a temporary database",
  },
};

/** What a declaration is compared with, and what may be dropped. */
export const DECLARED: OptionTable = {
  ...COMPARED,
  "drop-unmanaged": {
    type: "some",
    value: "NAME",
    help: "Drop what nothing declares: all of the schemas that are looked at, or what is named",
  },
};
