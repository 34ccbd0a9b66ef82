import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import type { HistoryOptions } from "../../migrations/apply/options.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { TestServer } from "../support/servers.ts";

/** A database and a folder of migrations that one test owns. */
export interface MigrationWorld extends AsyncDisposable {
  /** The options that name both. */
  readonly at: Required<Pick<HistoryOptions, "database" | "folder">>;
  /** The folder. */
  readonly folder: string;
  /** The database. */
  readonly db: TestDatabase;
  /** Writes a file of the folder. */
  write(name: string, text: string): Promise<void>;
  /** Removes a file of the folder. */
  remove(name: string): Promise<void>;
  /** The names of the folder's files. */
  files(): Promise<string[]>;
  /** Reads a file of the folder. */
  read(name: string): Promise<string>;
  /** Runs SQL beside the migrations. */
  sql(text: string, ...params: readonly string[]): Promise<readonly (readonly (string | null)[])[]>;
}

let worlds = 0;

/** Makes a world; the files are written at once. */
export async function migrationWorld(
  server: TestServer,
  files: Readonly<Record<string, string>> = {},
  config: Partial<Parameters<typeof registerDatabase>[0]> = {},
): Promise<MigrationWorld> {
  const db = await testDatabase(server);
  const folder = join(await mkdtemp(join(tmpdir(), "matrx-orm-migrations-")), "migrations");
  await mkdir(folder);
  const database = `migrations_${++worlds}`;
  const opened = server.kind === "pglite" ? { driver: db.driver } : { url: db.url };
  registerDatabase({ ...opened, ...config, name: database });
  const world: MigrationWorld = {
    at: { database, folder },
    folder,
    db,
    write: (name, text) => writeFile(join(folder, name), text),
    remove: (name) => rm(join(folder, name)),
    files: async () => (await readdir(folder)).sort(),
    read: (name) => readFile(join(folder, name), "utf8"),
    sql: async (text, ...params) => (await db.driver.query({ text, params })).rows,
    async [Symbol.asyncDispose]() {
      await closeDatabase(database);
      await db[Symbol.asyncDispose]();
      await rm(join(folder, ".."), { recursive: true, force: true });
    },
  };
  for (const [name, text] of Object.entries(files)) await world.write(name, text);
  return world;
}

/** The text of a module whose `up` and `down` run SQL. */
export function migration(
  up: string | readonly string[],
  down: string | readonly string[] | null = [],
  more = "",
): string {
  const body = (name: string, sql: string | readonly string[]): string =>
    `export async function ${name}(db) {\n${
      [sql].flat().map((text) => `  await db.execute(${JSON.stringify(text)});\n`).join("")
    }}\n`;
  return `${more}\n${body("up", up)}${down === null ? "" : body("down", down)}`;
}
