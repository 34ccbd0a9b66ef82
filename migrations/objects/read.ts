import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfigurationError } from "../../src/errors/base.ts";
import { SqlObject } from "../declare/objects.ts";

/**
 * Reads the `.sql` files of a folder and of those in it, in the order of their paths.
 *
 * @throws {ConfigurationError} the folder cannot be read
 * @throws {MigrationError} a file holds commands of psql
 *
 * @example
 * ```ts
 * import { readObjects } from "@matrx/orm/migrations";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/search.sql`, "create extension pg_trgm;");
 * console.log((await readObjects(folder)).length); // 1
 * ```
 */
export async function readObjects(folder: string): Promise<SqlObject[]> {
  const paths: string[] = [];
  const visit = async (inner: string): Promise<void> => {
    const entries = await readdir(join(folder, inner), { withFileTypes: true });
    for (const entry of entries) {
      if (entry.isDirectory()) await visit(`${inner}${entry.name}/`);
      else if (entry.name.endsWith(".sql")) paths.push(inner + entry.name);
    }
  };
  try {
    await visit("");
    return await Promise.all(
      paths.sort().map(async (path) =>
        new SqlObject(`${basename(folder)}/${path}`, await readFile(join(folder, path), "utf8"))
      ),
    );
  } catch (cause) {
    if (!isFileError(cause)) throw cause;
    throw new ConfigurationError(`Cannot read the folder of SQL objects ${folder}`, {
      code: "unreadable_objects",
      hint: "Name a folder that is there: objects in matrx.config.ts, or --objects",
      context: { folder },
      cause,
    });
  }
}

/**
 * Reads one `.sql` file as SQL objects.
 *
 * @example
 * ```ts
 * import { sqlFile } from "@matrx/orm/migrations";
 *
 * const path = await Deno.makeTempFile({ suffix: ".sql" });
 * await Deno.writeTextFile(path, "create extension pg_trgm;");
 * const search = await sqlFile(path);
 * console.log(search.statements.length); // 1
 * ```
 */
export async function sqlFile(path: string | URL): Promise<SqlObject> {
  try {
    return new SqlObject(basename(String(path)), await readFile(path, "utf8"));
  } catch (cause) {
    if (!isFileError(cause)) throw cause;
    throw new ConfigurationError(`Cannot read the SQL file ${path}`, {
      code: "unreadable_objects",
      hint: "Check its path and rights",
      context: { file: String(path) },
      cause,
    });
  }
}

/** Errors of the file system have a code such as ENOENT. */
function isFileError(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && /^E[A-Z]+$/.test(code);
}
