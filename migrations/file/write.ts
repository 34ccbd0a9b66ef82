import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MigrationError } from "../../src/errors/base.ts";
import type { MigrationFile } from "./folder.ts";

/**
 * Writes files into the folder of migrations, which is made where it is missing: all of them, or none.
 * Gives their paths, also in a dry run, which writes nothing.
 *
 * @throws {MigrationError} the folder cannot be written, or a file of that name is there
 */
export async function writeFiles(
  folder: string,
  files: readonly MigrationFile[],
  dryRun = false,
): Promise<string[]> {
  const paths = files.map(({ name }) => join(folder, name));
  if (dryRun) return paths;
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [at, { text }] of files.entries()) {
      // never over another file: it may be a colleague's
      await writeFile(paths[at]!, text, { flag: "wx" });
      written.push(paths[at]!);
    }
  } catch (cause) {
    await removeFiles(written);
    throw unwritable(folder, cause);
  }
  return paths;
}

/** Takes files away again that were just written, as far as that can be done. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true }).catch(() => undefined);
}

/** Says why a folder cannot be written. */
export function unwritable(folder: string, cause: unknown): MigrationError {
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
