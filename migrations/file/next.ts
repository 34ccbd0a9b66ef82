/** Where a folder's migrations go on. */
import { MigrationError } from "../../src/errors/base.ts";
import type { Migration } from "./db.ts";
import { loadMigrations } from "./load.ts";
import { headsOf } from "./order.ts";

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
    hint: "Join them with matrx makemigrations --merge",
  });
}
