import type { GenerateRequest, GenerateResult } from "../generator/run.ts";
import { migrate, type MigrateOptions, type MigrateResult } from "./apply/migrate.ts";

/** How migrations are applied, and what becomes code after that. */
export interface RebuildOptions extends MigrateOptions {
  /** How the code is written, as `generate()` takes it; its database is the one of the migrations. */
  readonly generate?: Omit<GenerateRequest, "database"> | undefined;
  /** Writes the code even when nothing was applied; default false. */
  readonly always?: boolean | undefined;
}

/** What was applied, and what was written after it. */
export interface RebuildResult extends MigrateResult {
  /** What `generate()` did; null = nothing was applied, so nothing was written. */
  readonly generated: GenerateResult | null;
}

/**
 * Applies the migrations that a database has not had, and, if there were any, writes the models anew
 * from what the database has then.
 *
 * @throws {MigrationError} as `migrate()` does; nothing is written then
 * @throws {ConfigurationError} as `generate()` does; the migrations stay applied
 *
 * @example
 * ```ts
 * import { migrateAndRebuild } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main" });
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/0001_tags.up.sql`, "create table tags (id int primary key);");
 *
 * const generate = { out: `${folder}/models` };
 * const { applied, generated } = await migrateAndRebuild({ folder, generate });
 * console.log(applied.length, generated?.counts.tables); // 1 1
 * ```
 */
export async function migrateAndRebuild(options: RebuildOptions = {}): Promise<RebuildResult> {
  const { generate: how = {}, always = false, ...rest } = options;
  const result = await migrate(rest);
  const changed = result.applied.length > 0;
  return {
    ...result,
    generated: changed || always ? await generated(how, options.database) : null,
  };
}

async function generated(
  how: Omit<GenerateRequest, "database">,
  database: string | undefined,
): Promise<GenerateResult> {
  // the generator is for those alone who let it write
  const { generate } = await import("../generator/run.ts");
  return await generate({ ...how, database });
}
