import { checkWords, makeName } from "./file/name.ts";
import { endOf, nextNumber, presentIn } from "./file/next.ts";
import { type MigrationFormat, writeMigration, type WrittenStep } from "./file/text.ts";
import { writeFiles } from "./file/write.ts";

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
 *
 * @example
 * ```ts
 * import { createEmpty } from "@matrx/orm/migrations";
 *
 * const folder = await Deno.makeTempDir();
 * const { name, files } = await createEmpty({ folder, name: "backfill_totals" });
 * console.log(name, files); // 0001_backfill_totals
 * ```
 */
export async function createEmpty(options: CreateEmptyOptions = {}): Promise<CreatedMigration> {
  const words = checkWords(options.name ?? "manual");
  return await createFilled(words, options, { up: [], down: [] });
}

/** Writes a migration of statements that need no comparison, behind those that are there. */
export async function createFilled(
  words: string,
  options: CreateEmptyOptions,
  steps: { readonly up: readonly WrittenStep[]; readonly down: readonly WrittenStep[] },
): Promise<CreatedMigration> {
  const folder = options.folder ?? "migrations";
  const present = await presentIn(folder);
  const name = makeName(nextNumber(present), words);
  const files = writeMigration({
    name,
    summary: [words.replaceAll("_", " ")],
    dependencies: endOf(present),
    transaction: options.transaction ?? true,
    ...steps,
    importFrom: options.importFrom,
  }, options.format ?? "ts");
  return { name, files: await writeFiles(folder, files, options.dryRun) };
}
