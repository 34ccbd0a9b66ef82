import type { WarningEvent } from "./database_config.ts";
import { Databases } from "./registry.ts";

/** Tells the `onWarning` hook of a database, null for the default one; the console where it has none. */
export function warn(database: string | null, warning: Omit<WarningEvent, "database">): void {
  const found = Databases.default.find(database);
  const hook = found?.config.onWarning;
  if (hook !== undefined) {
    hook({ database: found!.config.registeredAs, ...warning });
    return;
  }
  const { message, error } = warning;
  if (error === undefined) console.warn(message);
  else console.warn(message, error);
}
