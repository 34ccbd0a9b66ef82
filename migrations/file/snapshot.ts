/** The file beside the migrations that holds the structure which they lead to. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { readSnapshotText, toSnapshot } from "../../src/catalog/snapshot.ts";
import { ConfigurationError, MigrationError } from "../../src/errors/base.ts";
import { unwritable } from "./write.ts";

/** The name of the file. */
export const SNAPSHOT = "snapshot.json";

/** The structure that migrations lead to, and what it is the end of. */
export interface MigrationSnapshot {
  /** The structure. */
  readonly catalog: Catalog;
  /** The checksums of the migrations that lead to it, by name. */
  readonly migrations: Readonly<Record<string, string>>;
  /** The identities of what is in it and not declared. */
  readonly undeclared: readonly string[];
}

/**
 * Writes the structure that the migrations lead to.
 *
 * @throws {MigrationError} the folder cannot be written
 */
export async function writeSnapshot(folder: string, snapshot: MigrationSnapshot): Promise<string> {
  const { catalog, migrations, undeclared } = snapshot;
  const path = join(folder, SNAPSHOT);
  const draft = `${path}.matrx-new`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, await toSnapshot(catalog, { migrations, undeclared }));
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unwritable(folder, cause);
  }
  return path;
}

/**
 * Reads the structure that the migrations lead to; null where none was written.
 *
 * @throws {MigrationError} the file cannot be read
 * @throws {ConfigurationError} it is no snapshot, or was changed by hand or by a merge
 */
export async function readSnapshot(folder: string): Promise<MigrationSnapshot | null> {
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
  const { catalog, notes } = await readSnapshotText(text);
  const { migrations, undeclared } = notes;
  if (!isTexts(Object.values(migrations ?? [0])) || !isTexts(undeclared)) {
    throw new ConfigurationError("Cannot read the snapshot: it does not say of which migrations", {
      code: "snapshot_invalid",
      hint: "Make it again: remove it and run matrx makemigrations with a database",
      context: { folder },
    });
  }
  return { catalog, migrations: migrations as Record<string, string>, undeclared };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
