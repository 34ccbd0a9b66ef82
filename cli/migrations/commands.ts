/** The commands of migrations, as data. */
import type { Command } from "../command.ts";
import { SHAPES } from "../json_shapes.ts";
import {
  COMPARED,
  CONFIG,
  DECLARED,
  DECLARING,
  FOLDER,
  LEDGER,
  MODELS,
  PERMISSIONS,
  RUN,
  WAITING,
} from "./option_tables.ts";
import { moduleOf } from "../own.ts";

/** Every command of migrations. */
export const MIGRATION_COMMANDS: readonly Command[] = [
  {
    name: "makemigrations",
    summary: "Write the migration that brings a database to what the models declare",
    options: {
      "name": {
        type: "text",
        value: "WORDS",
        standard: "what it does, such as add_note_to_orders",
        help: "What it is called behind its number: letters, digits and underscores",
      },
      ...DECLARED,
      "rename": {
        type: "list",
        value: "OLD:NEW",
        help: "What has a new name: orders:purchases, orders.mail:email, mood.sad:unhappy",
      },
      "allow-loss": {
        type: "some",
        value: "NAME",
        help: "Consent to the loss of data: all of it, or that of the named tables and columns",
      },
      "plain": {
        type: "flag",
        help: "Plain statements in one transaction, which lock others out for longer",
      },
      "strict": {
        type: "flag",
        help: "Refuse to go on where something is there or declared that no migration can make",
      },
      "format": {
        type: "text",
        value: "FORMAT",
        choices: ["ts", "sql"],
        standard: "ts",
        help: "A module, or SQL files",
      },
      "merge": { type: "flag", help: "Write a migration that joins branches, and nothing else" },
      "squash": {
        type: "text",
        value: "FIRST..LAST",
        help: "Write one migration that stands for several, and nothing else",
      },
      "baseline": {
        type: "flag",
        help: "Write the first migration from the database, and record it there as applied",
      },
      "offline": {
        type: "flag",
        help: "Start from the snapshot beside the migrations, without a database",
      },
      "dry-run": {
        type: "flag",
        help: "Write nothing; print the SQL, status 3 if anything would be written",
      },
      ...LEDGER,
    },
    examples: [
      "matrx makemigrations",
      "matrx makemigrations --rename orders.mail:email --dry-run",
      "matrx makemigrations --allow-loss=public.orders.note",
    ],
    config: DECLARING,
    json: SHAPES.makemigrations,
    permissions: {
      ...PERMISSIONS,
      net: ["database", "shadow"],
      read: [...PERMISSIONS.read, "objects"],
      write: ["migrations"],
    },
    load: moduleOf(import.meta.url, "./make.ts", "runMakemigrations"),
  },
  {
    name: "migrate",
    summary: "Apply the migrations that a database has not had",
    options: {
      "to": { type: "text", value: "NAME", help: "The last one to apply, by its name or number" },
      "fake": { type: "flag", help: "Write them down as applied without running them" },
      "out-of-order": {
        type: "flag",
        help: "Run histories that contradict the dependencies, and branches that are not merged",
      },
      ...RUN,
    },
    examples: ["matrx migrate", "matrx migrate --to 0007 --dry-run"],
    config: CONFIG,
    json: SHAPES.migrate,
    permissions: PERMISSIONS,
    load: moduleOf(import.meta.url, "./run.ts", "runMigrate"),
  },
  {
    name: "rollback",
    summary: "Take back the migrations that were applied last",
    options: {
      "steps": { type: "text", value: "N", standard: "1", help: "How many are taken back" },
      "to": {
        type: "text",
        value: "NAME",
        help: "The one that stays the last, by its name or number; zero takes all back",
      },
      "fake": { type: "flag", help: "Forget them without running what takes them back" },
      ...RUN,
    },
    examples: ["matrx rollback", "matrx rollback --to 0005_orders"],
    config: CONFIG,
    json: SHAPES.rollback,
    permissions: PERMISSIONS,
    load: moduleOf(import.meta.url, "./run.ts", "runRollback"),
  },
  {
    name: "rebuild",
    summary: "Apply migrations, and write the models anew if there were any",
    options: {
      "to": { type: "text", value: "NAME", help: "The last one to apply, by its name or number" },
      "out-of-order": {
        type: "flag",
        help: "Run histories that contradict the dependencies, and branches that are not merged",
      },
      "always": { type: "flag", help: "Write the models even when nothing was applied" },
      "out": { type: "text", value: "DIR", standard: "models", help: "Folder of the models" },
      "schema": {
        type: "list",
        value: "NAME",
        standard: "public",
        help: "Schema to read; repeat it, or separate by commas",
      },
      "force": {
        type: "flag",
        help: "Replace files edited by hand, remove models of tables that are not seen",
      },
      ...WAITING,
    },
    examples: ["matrx rebuild", "matrx rebuild --to 0007 --json"],
    config: [
      ...CONFIG.slice(0, -1),
      '  out: "models",',
      '  generate: { schema: ["public", "auth"] },',
      "});",
    ],
    json: SHAPES.rebuild,
    permissions: {
      ...PERMISSIONS,
      read: [...PERMISSIONS.read, "out"],
      write: ["out"],
      packages: ["formatter", "parser"],
    },
    load: moduleOf(import.meta.url, "./rebuild.ts", "runRebuild"),
  },
  {
    name: "status",
    summary: "Tell which migrations a database has had",
    options: LEDGER,
    examples: ["matrx status", "matrx status --json"],
    config: CONFIG,
    json: SHAPES.status,
    permissions: PERMISSIONS,
    load: moduleOf(import.meta.url, "./run.ts", "runStatus"),
  },
  {
    name: "check",
    summary: "Compare database, migrations and models; status 3 if they differ",
    options: { ...COMPARED, ...LEDGER },
    examples: ["matrx check", "matrx check --json"],
    config: DECLARING,
    json: SHAPES.check,
    permissions: {
      ...PERMISSIONS,
      net: ["database", "shadow"],
      read: [...PERMISSIONS.read, "objects"],
    },
    load: moduleOf(import.meta.url, "./check.ts", "runCheck"),
  },
  {
    name: "diff",
    summary: "Print the SQL from one state to another: databases, snapshots, models",
    options: {
      "before": {
        type: "text",
        value: "SIDE",
        standard: "the database",
        help: "State to start from: a database of the config, a URL, a snapshot (.json), or models",
      },
      "after": {
        type: "text",
        value: "SIDE",
        standard: "models",
        help: "State to come to, in the same forms",
      },
      "plain": {
        type: "flag",
        help: "Plain statements, which lock others out for longer",
      },
      ...DECLARED,
      ...FOLDER,
    },
    examples: [
      "matrx diff",
      "matrx diff --before $STAGING_URL --after $PRODUCTION_URL",
      "matrx diff --after migrations/snapshot.json",
    ],
    config: DECLARING,
    json: SHAPES.diff,
    permissions: {
      ...PERMISSIONS,
      net: ["database", "before", "after", "shadow"],
      read: [...PERMISSIONS.read, "objects", "before", "after"],
    },
    load: moduleOf(import.meta.url, "./check.ts", "runDiff"),
  },
  {
    name: "lint",
    summary: "Tell what is hazardous about migrations: locks, rewrites, losses, failures",
    options: {
      "only": {
        type: "list",
        value: "NAME",
        help: "Only these migrations, by their names or numbers; repeat it, or separate by commas",
      },
      "pending": { type: "flag", help: "Only those that the database has not had" },
      "down": { type: "flag", help: "Judge what takes migrations back too" },
      "file": {
        type: "list",
        value: "FILE",
        help: "SQL scripts, in place of the folder; repeat it, or separate by commas",
      },
      "read": {
        type: "flag",
        help: "Let migrations read the database, in a transaction that may not write",
      },
      "level": {
        type: "text",
        value: "LEVEL",
        choices: ["error", "warning", "notice"],
        standard: "warning",
        help: "The mildest hazards that are printed and make the status 3",
      },
      "accepted": { type: "flag", help: "Print those too that a comment accepts" },
      ...LEDGER,
    },
    examples: [
      "matrx lint",
      "matrx lint --only 0007 --level notice",
      "matrx lint --file db/repair.sql --json",
    ],
    config: [
      ...CONFIG.slice(0, -1),
      '  lint: { levels: { "integer-column": "warning" }, ignore: ["0001_*"] },',
      "});",
    ],
    json: SHAPES.lint,
    permissions: { ...PERMISSIONS, read: [...PERMISSIONS.read, "scripts"] },
    load: moduleOf(import.meta.url, "./lint.ts", "runLint"),
  },
  {
    name: "empty",
    summary: "Write a migration that is filled in by hand, or triggers for caches",
    options: {
      "name": {
        type: "text",
        value: "WORDS",
        standard: "manual, or cache_sync",
        help: "What it is called behind its number: letters, digits and underscores",
      },
      "cache-sync": {
        type: "some",
        value: "MODEL",
        help: "Fill in triggers that tell caches of others' writes: for all models, or those named",
      },
      ...MODELS,
      "sql": { type: "flag", help: "Write SQL files in place of a module" },
      "no-transaction": { type: "flag", help: "Let each statement be a step of its own" },
      "dry-run": {
        type: "flag",
        help: "Write nothing; print the names of the files, and with --cache-sync the SQL",
      },
      ...FOLDER,
    },
    examples: [
      "matrx empty --name backfill_totals",
      "matrx empty --cache-sync=Order,Customer",
      "matrx empty --cache-sync --dry-run | psql shop",
    ],
    config: DECLARING,
    json: SHAPES.empty,
    permissions: { ...PERMISSIONS, net: [], write: ["migrations"] },
    load: moduleOf(import.meta.url, "./empty.ts", "runEmpty"),
  },
];
