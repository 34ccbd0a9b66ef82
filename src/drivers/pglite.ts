/**
 * The driver on PGlite, the embedded PostgreSQL, for `pglite://memory` and `pglite://<folder>`.
 *
 * pgvector and the extensions that PGlite ships can be created; none is by default.
 *
 * @module
 */
import type { Driver, DriverOptions } from "../driver/port.ts";
import { ConfigurationError } from "../errors/base.ts";
import { PgliteDriver } from "./pglite/driver.ts";
import type { PgliteDatabase } from "./pglite/engine.ts";
import { openFolder } from "./pglite/folder.ts";
import { bootNew } from "./pglite/seed.ts";

export type { PgliteDatabase, PgliteFileSystem } from "./pglite/engine.ts";

/** Settings of a driver over a PGlite that the caller owns. */
export interface PgliteOptions {
  /** The database's name for messages; default `main`. */
  readonly name?: string | undefined;
  /** Longest wait for the one session in ms; default 10,000. */
  readonly acquireTimeoutMs?: number | undefined;
}

const SCHEME = "pglite://";

/**
 * Makes a driver over a PGlite that the caller owns, who also closes it. Use it for nothing else
 * meanwhile.
 *
 * @example
 * ```ts
 * import { closeAll, registerDatabase, runScript } from "@matrx/orm";
 * import { pglite } from "@matrx/orm/drivers/pglite";
 * import { PGlite } from "npm:@electric-sql/pglite@0.5.14";
 *
 * const database = await PGlite.create();
 * registerDatabase({ name: "main", driver: pglite(database) });
 * await runScript("create table tags (id int primary key)");
 * await closeAll();
 * await database.close();
 * ```
 */
export function pglite(database: PgliteDatabase, options: PgliteOptions = {}): Driver {
  return new PgliteDriver({
    name: options.name ?? "main",
    place: "a PGlite of the caller's",
    open: () => Promise.resolve(database),
    close: () => Promise.resolve(),
    acquireTimeoutMs: options.acquireTimeoutMs ?? 10_000,
  });
}

/**
 * Makes a driver that starts its own PGlite on first use.
 *
 * `pglite://memory` is a new database each time. Anything else names a folder: `pglite://./.data` is relative to the
 * working directory, `pglite:///var/data` is absolute.
 *
 * @throws {ConfigurationError} the URL names no folder
 *
 * @example
 * ```ts
 * import { closeAll, registerDatabase, runScript } from "@matrx/orm";
 * import { openPglite } from "@matrx/orm/drivers/pglite";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" }); // which opens it by this function
 * await runScript("create table tags (id int primary key)");
 * await closeAll();
 * console.log(typeof openPglite);
 * ```
 */
export function openPglite(options: DriverOptions): Driver {
  const folder = folderOf(options);
  let unlock = (): Promise<void> => Promise.resolve();
  return new PgliteDriver({
    name: options.name,
    place: options.url,
    acquireTimeoutMs: options.acquireTimeoutMs,
    open: async () => {
      if (folder === null) return await bootNew(null);
      const opened = await openFolder(folder);
      unlock = opened.unlock;
      return opened.database;
    },
    close: async (database) => {
      try {
        await database.close();
      } finally {
        await unlock();
      }
    },
  });
}

function folderOf(options: DriverOptions): string | null {
  const { name, url } = options;
  const rest = url.startsWith(SCHEME) ? url.slice(SCHEME.length) : "";
  if (rest === "memory") return null;
  if (rest !== "" && !rest.includes("?") && !rest.includes("#")) {
    try {
      return decodeURIComponent(rest);
    } catch {
      // a folder may have a bare % in its name
      return rest;
    }
  }
  throw new ConfigurationError(`Cannot use the URL of "${name}": it names no folder`, {
    code: "bad_url",
    hint: "Write pglite://memory, pglite://./folder or pglite:///absolute/folder",
    context: { database: name },
  });
}
