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
  const named = (["database", "before", "after"] as const).filter((name) => net.includes(name))
    .flatMap((name) => {
      const known = name === "database" || Object.hasOwn(command.options, name);
      const given = known ? values.text(name) : undefined;
      return name === "database" || given !== undefined ? [given] : [];
    });
  const live = named.flatMap((given): DatabaseConfig[] => {
    try {
      return [chooseDatabase(given, loaded.config, host).database];
    } catch {
      // no database: a file, or what the command itself says is wrong
      return [];
    }
  });
  if (!net.includes("shadow")) return live;
  const shadow = Object.hasOwn(command.options, "shadow") ? values.text("shadow") : undefined;
  // a server is named by its URL; else the embedded one is tried first
  const url = shadow === undefined || !shadow.includes("://") ? "pglite://memory" : shadow;
  return [...live, { url }];
}
