import { join } from "node:path";
import { MigrationError } from "../src/errors/base.ts";
import { loadMigrations } from "./file/load.ts";
import { checkWords, makeName } from "./file/name.ts";
import { headsOf } from "./file/order.ts";
import { type MigrationFormat, writeMigration } from "./file/text.ts";
import { writeFiles } from "./file/write.ts";
import type { Migration } from "./file/db.ts";

/** How an empty migration is written. */
export interface CreateEmptyOptions {
  /** What it is called behind its number: letters, digits and underscores; default `manual`. */
  readonly name?: string | undefined;
  /** The folder; default `migrations`. */
  readonly folder?: string | undefined;
  /** A module, the default, or SQL files. */
  readonly format?: MigrationFormat | undefined;
  /** Whether it runs in one transaction; default true. */
  readonly transaction?: boolean | undefined;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
  /** Writes nothing; default false. */
  readonly dryRun?: boolean | undefined;
}

/** A migration that was written. */
export interface CreatedMigration {
  /** Its name. */
  readonly name: string;
  /** The paths of its files. */
  readonly files: readonly string[];
}

/**
 * Writes a migration that does nothing yet, to be filled in by hand.
 *
 * @throws {MigrationError} the name cannot be used, the folder cannot be written, or its migrations have
 * several ends
 */
export async function createEmpty(options: CreateEmptyOptions = {}): Promise<CreatedMigration> {
  const folder = options.folder ?? "migrations";
  const words = checkWords(options.name ?? "manual");
  const present = await presentIn(folder);
  const name = makeName(nextNumber(present), words);
  const files = writeMigration({
    name,
    summary: [words.replaceAll("_", " ")],
    dependencies: endOf(present),
    transaction: options.transaction ?? true,
    up: [],
    down: [],
    importFrom: options.importFrom,
  }, options.format ?? "ts");
  const paths = options.dryRun === true
    ? files.map((file) => join(folder, file.name))
    : await writeFiles(folder, files);
  return { name, files: paths };
}

/** Loads the migrations of a folder that may not be there yet. */
export async function presentIn(folder: string): Promise<Migration[]> {
  try {
    return await loadMigrations(folder);
  } catch (error) {
    if (error instanceof MigrationError && error.code === "migrations_folder_missing") return [];
    throw error;
  }
}

/** The number of the next migration. */
export function nextNumber(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(({ number }) => number)) + 1;
}

/**
 * The migration that the next one builds on; none for the first.
 *
 * @throws {MigrationError} there are several ends
 */
export function endOf(migrations: readonly Migration[]): string[] {
  const replaced = new Set(migrations.flatMap(({ replaces }) => replaces));
  const heads = headsOf(migrations.filter(({ name }) => !replaced.has(name)));
  const names = heads.map(({ name }) => name);
  if (heads.length <= 1) return names;
  throw new MigrationError(`The migrations have several ends: ${names.join(" and ")}`, {
    code: "unmerged_branches",
    hint: "Write a migration by hand whose dependencies name all of them",
  });
}
