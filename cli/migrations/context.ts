import { resolve } from "node:path";
import { closeAll, registerDatabase } from "../../src/connect.ts";
import type { RunOptions } from "../../migrations/apply/options.ts";
import type { CommandContext } from "../command.ts";
import { loadConfig, type LoadedConfig } from "../config_file.ts";
import { chooseDatabase, type ChosenDatabase } from "../databases.ts";
import { UsageError } from "../errors.ts";
import type { OptionValues } from "../options.ts";
import { eventLine } from "./lines.ts";

/** What a command of migrations works with. */
export interface MigrationContext extends CommandContext {
  /** The config file. */
  readonly loaded: LoadedConfig;
  /** The folder of the migrations. */
  readonly folder: string;
  /** The database that was chosen. */
  readonly chosen: ChosenDatabase;
  /** The database and the folder, for the functions of the library. */
  readonly at: Required<Pick<RunOptions, "database" | "folder">> & Pick<RunOptions, "ledgerSchema">;
}

/** Loads the config, registers the database and runs a command on it; closes it in the end. */
export async function withDatabase(
  context: CommandContext,
  work: (context: MigrationContext) => Promise<number>,
): Promise<number> {
  const { values, host } = context;
  const loaded = await loadConfig(host.cwd(), values.text("config"));
  const chosen = chooseDatabase(values.text("database"), loaded.config, host);
  const folder = folderOf(context, loaded);
  registerDatabase(chosen.database);
  const ledgerSchema = values.text("ledger-schema");
  const at = { database: chosen.database.name, folder, ledgerSchema };
  try {
    return await work({ ...context, loaded, folder, chosen, at });
  } finally {
    await closeAll();
  }
}

/** The folder of the migrations: what the option says, else the config. */
export function folderOf({ values, host }: CommandContext, loaded: LoadedConfig): string {
  const given = values.text("dir");
  return given === undefined
    ? resolve(loaded.folder, loaded.config.migrations ?? "migrations")
    : resolve(host.cwd(), given);
}

/** How a run waits, and what it tells while it works. */
export function runOptionsOf({ values, output }: CommandContext): RunOptions {
  const ms = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : Math.round(seconds * 1000);
  return {
    lockTimeoutMs: ms(numberOf(values, "lock-timeout", false)),
    lockRetries: numberOf(values, "lock-retries", true),
    lockWaitMs: ms(numberOf(values, "lock-wait", false)),
    onEvent: (event) => output.progress(eventLine(event)),
  };
}

/**
 * Reads an option that is a number.
 *
 * @throws {UsageError} it is none
 */
export function numberOf(values: OptionValues, name: string, whole: boolean): number | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  if ((whole ? /^\d+$/ : /^\d+(?:\.\d+)?$/).test(text)) return Number(text);
  throw new UsageError(
    `--${name} does not take ${JSON.stringify(text)}`,
    `It takes a ${whole ? "whole " : ""}number from 0`,
  );
}
