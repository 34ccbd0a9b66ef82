import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MigrationError } from "../../src/errors/base.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { fromSnapshot, toSnapshot } from "../../src/catalog/snapshot.ts";
import type { MigrationFile } from "./folder.ts";

/** The file beside the migrations that holds the structure which they lead to. */
export const SNAPSHOT = "snapshot.json";

/**
 * Writes files into the folder of migrations, which is made where it is missing: all of them, or none.
 *
 * @throws {MigrationError} the folder cannot be written, or a file of that name is there
 */
export async function writeFiles(
  folder: string,
  files: readonly MigrationFile[],
): Promise<string[]> {
  const paths = files.map(({ name }) => join(folder, name));
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [at, { text }] of files.entries()) {
      // never over another file: it may be a colleague's
      await writeFile(paths[at]!, text, { flag: "wx" });
      written.push(paths[at]!);
    }
  } catch (cause) {
    for (const path of written) await rm(path, { force: true }).catch(() => undefined);
    throw unwritable(folder, cause);
  }
  return paths;
}

/**
 * Writes the structure that the migrations lead to.
 *
 * @throws {MigrationError} the folder cannot be written
 */
export async function writeSnapshot(folder: string, catalog: Catalog): Promise<void> {
  const path = join(folder, SNAPSHOT);
  const draft = `${path}.matrx-new`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, await toSnapshot(catalog));
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unwritable(folder, cause);
  }
}

/**
 * Reads the structure that the migrations lead to; null where none was written.
 *
 * @throws {ConfigurationError} the file is no snapshot, or was changed by hand or by a merge
 */
export async function readSnapshot(folder: string): Promise<Catalog | null> {
  let text: string;
  try {
    text = await readFile(join(folder, SNAPSHOT), "utf8");
  } catch (cause) {
    if ((cause as { code?: unknown }).code === "ENOENT") return null;
    throw new MigrationError(`Cannot read ${join(folder, SNAPSHOT)}`, {
      code: "migrations_unreadable",
      hint: "Check the rights on the file; see the cause",
      context: { folder },
      cause,
    });
  }
  return await fromSnapshot(text);
}

function unwritable(folder: string, cause: unknown): MigrationError {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const isThere = code === "EEXIST";
  return new MigrationError(
    `Cannot write into the folder of migrations ${folder}: ${
      isThere ? "a file of that name is there" : String(message ?? cause)
    }`,
    {
      code: "migrations_unwritable",
      hint: isThere ? "Choose another name" : "Check the rights on the folder",
      context: { folder },
      cause,
    },
  );
}
