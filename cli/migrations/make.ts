import { makemigrations } from "../../migrations/makemigrations.ts";
import type { MakeMigrationsOptions, MakeMigrationsResult } from "../../migrations/make/options.ts";
import type { LikelyRename } from "../../migrations/make/likely.ts";
import { lossLine, type PlannedLoss } from "../../migrations/make/losses.ts";
import type { MigrationFormat } from "../../migrations/file/text.ts";
import { closeAll, registerDatabase } from "../../src/connect.ts";
import type { CommandContext } from "../command.ts";
import { loadConfig, type LoadedConfig } from "../config_file.ts";
import { chooseDatabase, type ChosenDatabase } from "../databases.ts";
import { EXIT, UsageError } from "../errors.ts";
import { folderOf } from "./context.ts";
import { declaredOptionsOf } from "./declared.ts";
import { modeOf, runReorganise } from "./reorganise.ts";
import { listed, madeLines } from "./lines.ts";

/** Writes a migration of what has changed: `matrx makemigrations`. */
export async function runMakemigrations(context: CommandContext): Promise<number> {
  const mode = modeOf(context);
  if (mode !== undefined) return await runReorganise(context, mode);
  const { values, output } = context;
  const loaded = await loadConfig(context.host.cwd(), values.text("config"));
  const offline = values.flag("offline");
  const chosen = chosenFor(context, loaded, offline);
  const options = { ...optionsOf(context, loaded), offline, database: chosen?.database.name };
  if (chosen !== null) registerDatabase(chosen.database);
  try {
    const result = await makemigrations(options);
    for (const warning of result.warnings) output.warning(warning);
    output.result(result, linesOf(result));
    return result.dryRun && result.name !== null ? EXIT.differences : EXIT.done;
  } finally {
    await closeAll();
  }
}

/** The database; without one nothing has to be named. */
function chosenFor(
  { values, host }: CommandContext,
  { config }: LoadedConfig,
  offline: boolean,
): ChosenDatabase | null {
  try {
    return chooseDatabase(values.text("database"), config, host);
  } catch (error) {
    if (offline && error instanceof UsageError) return null;
    throw error;
  }
}

function optionsOf(context: CommandContext, loaded: LoadedConfig): MakeMigrationsOptions {
  const { values, output, host } = context;
  const asks = host.canAsk && output.speaks;
  return {
    ...declaredOptionsOf(context, loaded),
    folder: folderOf(context, loaded),
    ledgerSchema: values.text("ledger-schema"),
    name: values.text("name"),
    format: values.text("format") as MigrationFormat | undefined,
    renames: values.list("rename"),
    allowLoss: values.some("allow-loss"),
    plain: values.flag("plain"),
    strict: values.flag("strict"),
    dryRun: values.flag("dry-run"),
    onNotice: (line) => output.warning(line),
    ...(asks
      ? {
        onRename: async ({ from, to }: LikelyRename) =>
          isYes(await host.ask(`Is ${to} the ${from} under a new name? [y/N] `)),
        // the name itself: nobody types it without having read it
        onLoss: async (loss: PlannedLoss) =>
          (await host.ask(`${lossLine(loss)}\nType ${loss.object} to let it go: `)).trim() ===
            loss.object,
      }
      : {}),
  };
}

function isYes(answer: string): boolean {
  return /^y(?:es)?$/i.test(answer.trim());
}

function linesOf(result: MakeMigrationsResult): string[] {
  const { name, files, dryRun, unmanaged, shadow, losses } = result;
  const alone = unmanaged.length === 0 ? [] : [
    `left alone, as nothing declares it: ${listed(unmanaged)}`,
  ];
  if (name === null) {
    return ["No changes", ...files.map((file) => `wrote ${file}`), ...alone];
  }
  const where = shadow === "embedded" ? "the embedded PostgreSQL" : "a temporary database";
  return [
    ...(dryRun ? madeLines(result) : []),
    ...losses.map((loss) => `destroys ${lossLine(loss)}`),
    ...alone,
    ...files.map((file) => `${dryRun ? "would write" : "wrote"} ${file}`),
    `Proven in ${where}: up leads to what is declared, down leads back`,
  ];
}
