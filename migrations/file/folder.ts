import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MigrationError } from "../../src/errors/base.ts";
import { messageOf } from "../../src/util/reason.ts";
import { checksumOfFiles } from "./checksum.ts";
import { readName } from "./name.ts";

/** A file of a migration. */
export interface MigrationFile {
  /** Its name in the folder. */
  readonly name: string;
  /** Its text as it stands. */
  readonly text: string;
}

/** The files of a migration before they are loaded. */
export interface MigrationSource {
  /** Its name. */
  readonly name: string;
  /** The number at the start of the name. */
  readonly number: number;
  /** Whether it is a module, or SQL files. */
  readonly kind: "module" | "sql";
  /** The module, or the SQL file that changes the database. */
  readonly up: MigrationFile;
  /** The SQL file that takes the change back; null where there is none, and of a module. */
  readonly down: MigrationFile | null;
  /** The digest of all of them. */
  readonly checksum: string;
}

const MODULE = /^(.+?)\.(?:ts|mts|js|mjs)$/;
const SQL = /^(.+)\.(up|down)\.sql$/;

/** Files that start with a digit are meant as migrations, but for these. */
const OTHER = /\.(?:d\.[cm]?ts|map|json|md|txt)$/;

/**
 * Reads the files of a folder's migrations, by name. Files whose name starts with no digit are left
 * alone.
 *
 * @throws {MigrationError} the folder cannot be read, or a file's name is no migration's
 */
export async function readFolder(folder: string): Promise<MigrationSource[]> {
  const byName = new Map<string, Map<"module" | "up" | "down", string>>();
  for (const file of await filesIn(folder)) {
    if (!/^\d/.test(file) || OTHER.test(file)) continue;
    const sql = SQL.exec(file);
    const name = sql?.[1] ?? MODULE.exec(file)?.[1];
    if (name === undefined || readName(name) === undefined) throw wrongName(file);
    const part = sql === null ? "module" : sql[2] as "up" | "down";
    const parts = byName.get(name) ?? new Map();
    if (parts.has(part) || part === "module" ? parts.size > 0 : parts.has("module")) {
      throw twice(name, [...parts.values(), file]);
    }
    byName.set(name, parts.set(part, file));
  }
  const names = [...byName.keys()].sort();
  return await Promise.all(names.map((name) => sourceOf(folder, name, byName.get(name)!)));
}

async function sourceOf(
  folder: string,
  name: string,
  parts: ReadonlyMap<"module" | "up" | "down", string>,
): Promise<MigrationSource> {
  const read = async (part: "module" | "up" | "down"): Promise<MigrationFile | null> => {
    const file = parts.get(part);
    return file === undefined ? null : { name: file, text: await textOf(folder, file) };
  };
  const [module, sqlUp, down] = await Promise.all([read("module"), read("up"), read("down")]);
  const up = module ?? sqlUp;
  if (up === null) {
    throw new MigrationError(`Cannot use migration ${name}: it has no ${name}.up.sql`, {
      code: "migration_invalid",
      hint: `Write it, or remove ${name}.down.sql`,
      context: { migration: name },
    });
  }
  const files = down === null ? [up] : [up, down];
  const checksum = await checksumOfFiles(files);
  const kind = module === null ? "sql" : "module";
  return { ...readName(name)!, kind, up, down, checksum };
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name).sort();
  } catch (cause) {
    const isMissing = (cause as { code?: unknown }).code === "ENOENT";
    throw new MigrationError(
      `Cannot read the folder of migrations ${folder}: ${
        isMissing ? "it does not exist" : messageOf(cause)
      }`,
      {
        code: isMissing ? "migrations_folder_missing" : "migrations_unreadable",
        hint: isMissing
          ? "Make the first migration with matrx makemigrations, or correct the folder"
          : "Check that it is a folder and may be read",
        context: { folder },
        cause,
      },
    );
  }
}

async function textOf(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), "utf8");
  } catch (cause) {
    throw new MigrationError(`Cannot read the migration ${file}: ${messageOf(cause)}`, {
      code: "migrations_unreadable",
      hint: "Check the rights on the file",
      context: { folder, file },
      cause,
    });
  }
}

function wrongName(file: string): MigrationError {
  return new MigrationError(`Cannot tell what ${JSON.stringify(file)} is among the migrations`, {
    code: "invalid_migration_name",
    hint: "Name it NNNN_words.ts or NNNN_words.up.sql, with four digits or more and the words of " +
      "letters, digits and underscores; other files must not start with a digit",
    context: { file },
  });
}

function twice(name: string, files: readonly string[]): MigrationError {
  return new MigrationError(`Migration ${name} has several files: ${files.join(", ")}`, {
    code: "migration_invalid",
    hint: "Keep the module or the SQL files",
    context: { migration: name },
  });
}
