import { createCacheSync, type CreatedCacheSync } from "../../migrations/cache_sync.ts";
import { createEmpty, type CreateEmptyOptions } from "../../migrations/empty.ts";
import { type DeclaredFor, loadDeclaration } from "../../migrations/make/declaration.ts";
import type { CommandContext } from "../command.ts";
import { loadConfig, type LoadedConfig } from "../config_file.ts";
import { chooseDatabase } from "../databases.ts";
import { EXIT, UsageError } from "../errors.ts";
import { folderOf } from "./context.ts";
import { declaredOptionsOf } from "./declared.ts";
import { colouredSql } from "./sql_text.ts";

/** Writes a migration to fill in, or one of the triggers of caches: `matrx empty`. */
export async function runEmpty(context: CommandContext): Promise<number> {
  const { values, output, host } = context;
  const loaded = await loadConfig(host.cwd(), values.text("config"));
  const dryRun = values.flag("dry-run");
  const how: CreateEmptyOptions = {
    name: values.text("name"),
    folder: folderOf(context, loaded),
    format: values.flag("sql") ? "sql" : "ts",
    transaction: !values.flag("no-transaction"),
    dryRun,
  };
  const synced = values.some("cache-sync");
  if (synced === false) {
    if (values.list("models") !== undefined) {
      throw new UsageError("--models is given without --cache-sync", "An empty one names no model");
    }
    const result = await createEmpty(how);
    output.result(result, result.files.map((file) => `${wrote(dryRun)} ${file}`));
    return EXIT.done;
  }
  const { models } = await loadDeclaration(
    { ...declaredOptionsOf(context, loaded), objects: [] },
    ownerOf(context, loaded),
  );
  const only = synced === true ? undefined : synced;
  const result = await createCacheSync(models, { ...how, only });
  const paint = output.colours ? colouredSql : (text: string): string => text;
  output.result(result, dryRun ? sqlLines(result).map(paint) : fileLines(result));
  return EXIT.done;
}

function wrote(dryRun: boolean): string {
  return dryRun ? "would write" : "wrote";
}

function fileLines({ files }: CreatedCacheSync): string[] {
  return files.map((file) => `${wrote(false)} ${file}`);
}

/** What a dry run prints: a script that makes the triggers, and what else there is to say as comments. */
function sqlLines({ files, up }: CreatedCacheSync): string[] {
  return [
    ...files.map((file) => `-- ${wrote(true)} ${file}`),
    ...up.map((sql) => `${sql};`),
  ];
}

/** Whose models are meant; undefined = of every database, where none is named. */
function ownerOf(
  { values, host }: CommandContext,
  { config }: LoadedConfig,
): DeclaredFor | undefined {
  try {
    const { database, isDefault } = chooseDatabase(values.text("database"), config, host);
    return { database: database.name, isDefault };
  } catch (error) {
    // no database is needed to write the triggers of all models
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
