import type { DatabaseConfig } from "../../src/execute/database_config.ts";
import type { Command } from "../command.ts";
import type { LoadedConfig } from "../config_file.ts";
import { chooseDatabase } from "../databases.ts";
import type { Host } from "../host.ts";
import type { OptionValues } from "../options.ts";

/** The databases that a call connects to, as far as they are named rightly. */
export function databasesOf(
  command: Command,
  values: OptionValues,
  loaded: LoadedConfig,
  host: Host,
): Partial<DatabaseConfig>[] {
  const { net } = command.permissions;
  if (net.length === 0) return [];
  let database: DatabaseConfig | undefined;
  try {
    database = chooseDatabase(values.text("database"), loaded.config, host).database;
  } catch {
    // the command itself says what is wrong
  }
  const live = database === undefined ? [] : [database];
  if (!net.includes("shadow")) return live;
  const shadow = Object.hasOwn(command.options, "shadow") ? values.text("shadow") : undefined;
  // a server is named by its URL; else the embedded one is tried first
  const url = shadow === undefined || !shadow.includes("://") ? "pglite://memory" : shadow;
  return [...live, { url }];
}
