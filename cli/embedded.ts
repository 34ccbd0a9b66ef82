import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConfigurationError } from "../src/errors/base.ts";
import type { DatabaseConfig } from "../src/execute/database_config.ts";

const SCHEME = "pglite://";

/**
 * Refuses an embedded database that is not there yet: opening it would make a new, empty one.
 *
 * @throws {ConfigurationError} the folder does not exist or holds no database
 */
export async function refuseNewDatabase({ url }: DatabaseConfig): Promise<void> {
  const folder = folderOf(url);
  if (folder === undefined) return;
  if (!await isMissing(join(folder, "PG_VERSION"))) return;
  const what = await isMissing(folder) ? "it does not exist" : "it holds no database";
  throw new ConfigurationError(`Cannot read the database folder ${folder}: ${what}`, {
    code: "folder_missing",
    hint: "Correct the folder of the URL; a relative one starts from the working directory",
    context: { folder },
  });
}

/** The folder of a URL; undefined where there is none, or the driver has something to say about it. */
function folderOf(url: unknown): string | undefined {
  if (typeof url !== "string" || !url.startsWith(SCHEME)) return undefined;
  const rest = url.slice(SCHEME.length);
  if (rest === "memory" || rest === "" || /[?#]/.test(rest)) return undefined;
  try {
    return resolve(decodeURIComponent(rest));
  } catch {
    // a folder may have a bare % in its name
    return resolve(rest);
  }
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === "ENOENT" || code === "ENOTDIR";
  }
}
