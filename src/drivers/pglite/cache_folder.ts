import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The folder of what is kept between runs: `MATRX_CACHE_DIR`, else one in the user's cache folder. */
export function cacheFolder(): string {
  const own = process.env.MATRX_CACHE_DIR;
  if (own !== undefined && own !== "") return own;
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  const byPlatform: Readonly<Record<string, string>> = {
    darwin: join(homedir(), "Library", "Caches"),
    win32: local ?? join(homedir(), "AppData", "Local"),
  };
  const cache = byPlatform[process.platform] ?? (xdg ? xdg : join(homedir(), ".cache"));
  return join(cache, "matrx-orm");
}
